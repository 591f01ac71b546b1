"""Mounts the simulator in Django."""

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, re_path
from django.views.decorators.csrf import csrf_exempt

from dugnad.connectors.idporten.simulator.server import Simulator
from dugnad.connectors.transport import Request


def urlpatterns(simulator: Simulator) -> list[URLPattern]:
    """Return the routes to `include` at the path of the issuer's URL."""

    # Django's CSRF token is for Dugnad's own forms; the unguessable, single-use request_uri does its work.
    @csrf_exempt
    def idporten_simulator(request: HttpRequest) -> HttpResponse:
        answer = simulator.handle(Request(request.method or "", request.get_full_path(), {}, request.body))
        return HttpResponse(answer.body, status=answer.status, headers=dict(answer.headers))

    return [re_path(r"^", idporten_simulator, name="idporten-simulator")]
