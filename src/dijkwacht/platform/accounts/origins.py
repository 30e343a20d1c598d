"""Where a request comes from: the connection's address, or the one our own proxy reports."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def address(request: HttpRequest) -> str:
    """The client's address. Only the last X-Forwarded-For entry counts, which our proxy wrote itself."""
    if settings.BEHIND_PROXY:
        forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        if forwarded:
            return forwarded[:100]
    return str(request.META.get("REMOTE_ADDR", ""))


def network_of(origin: str) -> str:
    """Return the /24 or /48 that an address lies in, for bounds against floods; what is no address stays as it is."""
    try:
        address = ipaddress.ip_address(origin)
    except ValueError:
        return origin[:50]
    return str(ipaddress.ip_network((address, 24 if address.version == 4 else 48), strict=False))  # noqa: PLR2004
