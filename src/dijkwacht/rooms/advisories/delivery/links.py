"""Signed links with which a receiver answers without signing in: as those of notices, for another purpose."""

from typing import Final
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from dijkwacht.rooms.notification import links

PURPOSE: Final = "dijkwacht.advisories.answer"


def page(telling: UUID, answer: str = "") -> str:
    """The address at which a telling is answered; with `answer`, that answer is chosen already."""
    return f"{settings.BASE_URL}/f/advisories/{links.token(telling, PURPOSE)}" + (f"?answer={answer}" if answer else "")


def telling_of(token: str) -> UUID | None:
    """The telling that a token was made for, or None: not made by us, not for this purpose, or too old."""
    return links.notice_of(token, PURPOSE)


def portal(advisory: UUID) -> str:
    """The address of an advisory in the portal of an organisation, behind sign-in."""
    return f"{settings.BASE_URL}/mine/advisories/{advisory}"


def reading(address: str, tlp: str) -> str:
    """The address to read an advisory at: above TLP:CLEAR by way of the sign-in, since it is not there for others."""
    if tlp == "CLEAR":
        return address
    return f"{settings.BASE_URL}{reverse('account_login')}?{urlencode({'next': urlsplit(address).path})}"
