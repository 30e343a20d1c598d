"""What leads somebody without account to a report: the signed link to follow it for a year, and the form it came by."""

import hmac
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.core import signing

from dijkwacht.platform import tenancy
from dijkwacht.platform.crypto import secrets
from dijkwacht.rooms.reporting import reads, scheduling
from dijkwacht.rooms.reporting.errors import NotFound
from dijkwacht.rooms.reporting.models import Incident
from dijkwacht.rooms.reporting.submitting import Filed

SALT: Final = "reporting.follow"
LASTS: Final = timedelta(days=365)


def follow(incident: Incident) -> str:
    """Return the secret part of the link. Whoever has it reads the mail of the reporter."""
    return signing.dumps(incident.id.hex, salt=SALT)


def opened(text: str) -> UUID:
    """Return the incident of a link. Raises NotFound for any other text, without saying why."""
    try:
        return UUID(signing.loads(text, salt=SALT, max_age=LASTS))
    except (signing.BadSignature, ValueError, TypeError, AttributeError):
        raise NotFound from None


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
