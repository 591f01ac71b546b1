"""Security headers on every answer: what a browser may load, remember and reveal."""

from collections.abc import Callable, Iterable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

# Everything a page could ask of the device and never needs.
PERMISSIONS_POLICY: Final = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "fullscreen",
        "geolocation", "gyroscope", "magnetometer", "microphone", "midi", "payment", "picture-in-picture",
        "publickey-credentials-get", "screen-wake-lock", "usb", "xr-spatial-tracking",
    )
)  # fmt: skip


def content_security_policy(form_targets: Iterable[str] = ()) -> str:
    """Write the policy: only our own files, no inline script or style, never inside a frame.

    `form_targets` are further origins a form may end up at, such as the eID provider: browsers hold
    the redirect after a POST to `form-action` too.
    """
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            " ".join(("form-action 'self'", *form_targets)),
            "frame-ancestors 'none'",
            "base-uri 'none'",
        )
    )


class SecurityHeadersMiddleware:
    """Puts the headers on. `settings.DUGNAD_FORM_TARGETS` (a list of origins) widens `form-action`.

    Nothing is stored by a browser or on the way unless the view says so itself with `Cache-Control`:
    almost every page knows something about somebody. A header the view has set is left alone.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.headers: dict[str, str] = {
            "Content-Security-Policy": content_security_policy(getattr(settings, "DUGNAD_FORM_TARGETS", ())),
            "Referrer-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Permissions-Policy": PERMISSIONS_POLICY,
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cache-Control": "no-store",
        }

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, then add what is missing."""
        response = self.get_response(request)
        for name, value in self.headers.items():
            response.headers.setdefault(name, value)
        return response
