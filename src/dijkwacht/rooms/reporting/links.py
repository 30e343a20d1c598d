"""The link by which somebody without account follows a report: signed, for one incident, for as long as a year."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.core import signing

from dijkwacht.rooms.reporting.errors import NotFound
from dijkwacht.rooms.reporting.models import Incident

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
