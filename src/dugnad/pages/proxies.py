"""Whose request it is where proxies stand in front: their word is taken only from networks named in `DUGNAD_TRUSTED_PROXIES`.

`X-Forwarded-For` is a list anyone may begin; only its end is written by our own proxies. So it is read from the right: each
trusted address is followed by the one it had the request from, and the first that is not trusted is the client's. Without
trusted proxies, and from any other peer, the headers are only words: the peer is the client.
"""

from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import TypeAlias

from django.conf import settings
from django.http import HttpRequest, HttpResponse

Network: TypeAlias = IPv4Network | IPv6Network
Address: TypeAlias = IPv4Address | IPv6Address
_MOST_HOPS = 20
_HOME_NETWORK = 64  # bits of an IPv6 address that one household has: the rest changes from hour to hour


class TrustedProxyMiddleware:
    """Puts the client's address and scheme in place of the proxy's, before anything else asks for them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request as its client sent it."""
        trusted: Sequence[Network] = settings.TRUSTED_PROXIES
        peer = _address(request.META.get("REMOTE_ADDR", ""))
        if trusted and peer is not None and _within(peer, trusted):
            found = client_address(peer, request.headers.get("X-Forwarded-For", ""), trusted)
            request.META["REMOTE_ADDR"] = str(found)
            if request.headers.get("X-Forwarded-Proto", "").strip().lower() == "https":
                request.META["wsgi.url_scheme"] = "https"
        return self.get_response(request)


def client_address(peer: Address, forwarded: str, trusted: Sequence[Network]) -> Address:
    """Return the first address from the right that is no trusted proxy; the last sure one where the list cannot be read."""
    found = peer
    for hop in reversed(forwarded.split(",")[-_MOST_HOPS:]):
        if not _within(found, trusted):
            break
        before = _address(hop)
        if before is None:
            break
        found = before
    return found


def limit_address(request: HttpRequest) -> str:
    """Return what attempts are counted by: the client's address, of IPv6 the network it is in."""
    found = _address(request.META.get("REMOTE_ADDR", ""))
    if isinstance(found, IPv6Address):
        return str(IPv6Network((found, _HOME_NETWORK), strict=False))
    return str(found or "")


def _address(text: str) -> Address | None:
    """Read an address, with or without port: 192.0.2.1, 192.0.2.1:4711, [2001:db8::1]:4711."""
    bare = text.strip()
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        found = ip_address(bare)
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found


def _within(address: Address, networks: Sequence[Network]) -> bool:
    return any(address in network for network in networks)
