"""What a form without account is filed once by, however often it is sent."""

import hmac
from uuid import UUID

from django.conf import settings

from dijkwacht.platform import tenancy
from dijkwacht.platform.crypto import secrets
from dijkwacht.rooms.reporting import reads, scheduling
from dijkwacht.rooms.reporting.errors import NotFound
from dijkwacht.rooms.reporting.submitting import Filed


def identifier_of(once: str) -> UUID:
    """Return the identifier of the incident that a form makes, however often it is sent; nobody guesses it."""
    key = secrets.load(settings.HOME, "reporting-form-key")
    return UUID(bytes=hmac.digest(key, once.encode(), "sha256")[:16], version=4)


def filed_before(once: str) -> Filed | None:
    """Return what a form made when it was sent before: its answer did not arrive, or it was sent twice."""
    if not once:
        return None
    with tenancy.acting(scheduling.CLERK) as clerk:
        try:
            row = reads.access_guest(clerk, identifier_of(once))
        except NotFound:
            return None
        return Filed(row, reads.reports_of(row))
