"""Every address of the portal."""

from django.urls import URLPattern, URLResolver, include, path

from dugnad.config.wiring import PATH, eid_routes
from dugnad.design.preferences import preference_urls
from dugnad.pages.console.urls import urlpatterns as console
from dugnad.pages.desk.urls import urlpatterns as desk
from dugnad.pages.public.urls import urlpatterns as public
from dugnad.pages.resident.urls import urlpatterns as resident

urlpatterns: list[URLPattern | URLResolver] = [
    *public,
    *resident,
    *desk,
    *console,
    *preference_urls(),
    path(f"{PATH.strip('/')}/", include(eid_routes())),
]
handler400 = "dugnad.pages.trouble.bad_request"
handler403 = "dugnad.pages.trouble.forbidden"
handler404 = "dugnad.pages.trouble.not_found"
handler500 = "dugnad.pages.trouble.server_error"
