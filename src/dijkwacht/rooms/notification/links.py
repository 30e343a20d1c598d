"""Signed links with which a receiver answers without signing in. A link names a notice and nothing else.

The signature is the proof: whoever holds the link was sent the notice. It ends after LIFETIME, and it is worth nothing
for another notice. A wrong, cut or stale link is `None`, so that a page cannot tell a guesser which of them it was.
"""

import base64
import binascii
import datetime as dt
from collections.abc import Iterable
from typing import Final
from uuid import UUID

from django.conf import settings
from django.core import signing

LIFETIME: Final = dt.timedelta(days=90)
LONGEST: Final = 200  # characters of a token; ours have about 80
ANSWER: Final = "dijkwacht.notification.answer"
UNSUBSCRIBE: Final = "dijkwacht.notification.unsubscribe"


def _signer(purpose: str) -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=purpose, sep="~")


def token(notice: UUID, purpose: str = ANSWER) -> str:
    """The token of a notice for one purpose; it counts from now."""
    return _signer(purpose).sign(base64.urlsafe_b64encode(notice.bytes).decode().rstrip("="))


def notice_of(token: str, purpose: str = ANSWER) -> UUID | None:
    """The notice that a token was made for, or None when it was not made by us, for this purpose, in LIFETIME."""
    if len(token) > LONGEST:
        return None
    try:
        value = _signer(purpose).unsign(token, max_age=LIFETIME)
        return UUID(bytes=base64.urlsafe_b64decode(value + "=="))
    except (signing.BadSignature, binascii.Error, ValueError):
        return None


def page(notice: UUID, answer: str = "") -> str:
    """The address at which a notice is answered; with `answer`, that answer is chosen already."""
    return f"{settings.BASE_URL}/f/{token(notice)}" + (f"?answer={answer}" if answer else "")


def answers(page: str, names: Iterable[str]) -> dict[str, str]:
    """The page of a notice once for each answer, all with its token."""
    return {name: f"{page}?answer={name}" for name in names}


def unsubscribe(notice: UUID) -> str:
    """The address at which the kinds of a notice are unsubscribed from; one POST to it is enough (RFC 8058)."""
    return f"{settings.BASE_URL}/f/{token(notice, UNSUBSCRIBE)}/unsubscribe"


def portal(notice: UUID) -> str:
    """The address of a notice in the portal, behind sign-in."""
    return f"{settings.BASE_URL}/mine/notices/{notice}"
