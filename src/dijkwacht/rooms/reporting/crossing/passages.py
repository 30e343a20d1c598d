"""The link by which a contact abroad reads what was sent to it: signed, for one version, for 90 days."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.core import signing

from dijkwacht.rooms.reporting.crossing.models import Disclosure
from dijkwacht.rooms.reporting.errors import NotFound

SALT: Final = "reporting.crossing"
LASTS: Final = timedelta(days=90)


def passage(row: Disclosure) -> str:
    """Return the secret part of the link. Whoever has it reads the mail of the contact."""
    return signing.dumps(row.id.hex, salt=SALT)


def opened(text: str) -> UUID:
    """Return the disclosure of a link. Raises NotFound for any other text, without saying why."""
    try:
        return UUID(signing.loads(text, salt=SALT, max_age=LASTS))
    except (signing.BadSignature, ValueError, TypeError, AttributeError):
        raise NotFound from None
