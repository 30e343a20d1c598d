"""The link by which somebody without account follows a report: signed, for one incident and address, ninety days."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.core import signing
from django.utils.crypto import salted_hmac

from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.rooms.reporting.errors import NotFound
from dijkwacht.rooms.reporting.models import Incident

SALT: Final = "reporting.follow"
LASTS: Final = timedelta(days=90)
READER: Final = system("reporting:links")


def follow(incident: Incident) -> str:
    """Return the secret part of the link. Whoever has it reads the mail of the reporter."""
    return signing.dumps([incident.id.hex, _mark(incident)], salt=SALT)


def opened(text: str) -> UUID:
    """Return the incident of a link. Raises NotFound for any other text, without saying why.

    A link to an address that is not that of the incident any more opens nothing.
    """
    try:
        identifier, mark = _held(signing.loads(text, salt=SALT, max_age=LASTS))
    except (signing.BadSignature, ValueError, TypeError, AttributeError):
        raise NotFound from None
    with tenancy.acting(READER):
        row = Incident.objects.filter(id=identifier).first()
    if row is None or _mark(row) != mark:
        raise NotFound
    return identifier


def expired(text: str) -> UUID | None:
    """Return the incident of a link of ours that opens nothing any more; of any other text nothing."""
    try:
        signing.loads(text, salt=SALT, max_age=LASTS)
    except signing.SignatureExpired:
        return _held(signing.loads(text, salt=SALT))[0]
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return None


def _held(signed: Any) -> tuple[UUID, str]:
    identifier, mark = signed
    return UUID(identifier), str(mark)


def _mark(incident: Incident) -> str:
    """Return what names the address of an incident to us alone, and tells nothing of it."""
    address = str((incident.facts or {}).get("contact_email") or "").casefold()
    return salted_hmac(SALT, f"{incident.id.hex} {address}").hexdigest()[:16]
