"""What every page of the console shares: the tabs between its pages."""

from collections.abc import Mapping

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from dugnad.access.types import Right, Staff
from dugnad.design.frame import Link
from dugnad.design.texts import t
from dugnad.pages.sessions import Request

_PAGES = (
    ("console-home", "home", Right.SEE_CONSOLE),
    ("console-jobs", "jobs", Right.SEE_CONSOLE),
    ("console-services", "services", Right.SEE_CONSOLE),
    ("console-roles", "roles", Right.SEE_CONSOLE),
    ("console-log", "log", Right.SEE_AUDIT),
    ("console-states", "states", Right.SEE_CONSOLE),
)


def show(
    request: Request, member: Staff, template: str, context: Mapping[str, object], status: int = 200
) -> HttpResponse:
    """Render a page of the console with its tabs."""
    links = [
        Link(t(f"console.tab.{name}"), reverse(address), request.path == reverse(address))
        for address, name, right in _PAGES
        if member.may(right)
    ]
    return render(request, f"console/{template}", {**context, "tabs": links}, status=status)
