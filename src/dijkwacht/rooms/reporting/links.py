"""The link by which somebody without account follows a report: signed, for one incident, for ninety days."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.core import signing

from dijkwacht.rooms.reporting.errors import NotFound
from dijkwacht.rooms.reporting.models import Incident

SALT: Final = "reporting.follow"
LASTS: Final = timedelta(days=90)


def follow(incident: Incident) -> str:
    """Return the secret part of the link. Whoever has it reads the mail of the reporter."""
    return signing.dumps(incident.id.hex, salt=SALT)


def opened(text: str) -> UUID:
    """Return the incident of a link. Raises NotFound for any other text, without saying why."""
    try:
        return UUID(signing.loads(text, salt=SALT, max_age=LASTS))
    except (signing.BadSignature, ValueError, TypeError, AttributeError):
        raise NotFound from None


def expired(text: str) -> UUID | None:
    """Return the incident of a link of ours that opens nothing any more; of any other text nothing."""
    try:
        signing.loads(text, salt=SALT, max_age=LASTS)
    except signing.SignatureExpired:
        return UUID(signing.loads(text, salt=SALT))
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return None
