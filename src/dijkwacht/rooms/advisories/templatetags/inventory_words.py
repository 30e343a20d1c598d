"""The words of inventories and answers on a page, in the language of the reader."""

from typing import Any, Final

from django import template
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from dijkwacht.platform.refusals import language
from dijkwacht.rooms.advisories.delivery.words import ANSWERS, SOURCES, VERDICTS
from dijkwacht.rooms.advisories.inventory.rules import Refusal

register = template.Library()
STATES: Final = {
    "waiting": _("waits for its hour"),
    "queued": _("sent"),
    "delivered": _("arrived"),
    "bounced": _("came back"),
    "failed": _("could not be sent"),
    "cancelled": _("cancelled"),
    "below": _("below the level that the contact wants"),
    "no-contact": _("nobody to tell"),
}
STATUSES: Final = {
    "not_remediated": _("not remediated"),
    "in_progress": _("remediation in progress"),
    "done": _("remediation done"),
    "not_affected": _("not affected by their own word"),
}
GROUNDS: Final = {
    "match": _("something that it runs"),
    "named": _("the advisory names it"),
    "subscription": _("its subscription"),
}
ROUTES: Final = {"direct": _("itself"), "relay": _("its relay")}


@register.filter
def verdict(value: str) -> str:
    """Say whether something is affected."""
    return VERDICTS[language()].get(value, value)


@register.filter
def answer(value: str) -> str:
    """Say what was answered."""
    return ANSWERS[language()].get(value, value)


@register.filter
def known_from(value: str) -> str:
    """Say how we know of a line."""
    return SOURCES[language()].get(value, value)


@register.filter
def telling_state(value: str) -> str:
    """Say how far a telling is."""
    return gettext(STATES.get(value, value))


@register.filter
def match_status(value: str) -> str:
    """Say how far one match is, in the words of CSAF."""
    return gettext(STATUSES.get(value, value))


@register.filter
def told_ground(value: str) -> str:
    """Say why an organisation was told."""
    return gettext(GROUNDS.get(value, value))


@register.filter
def told_route(value: str) -> str:
    """Say who was told."""
    return gettext(ROUTES.get(value, value))


@register.filter
def refused_words(value: Refusal) -> str:
    """Say what was refused, and where."""
    return value.text(language())


@register.filter
def in_language(value: dict[str, str]) -> str:
    """Take the reader's language of a text."""
    return value.get(language(), "")


@register.filter
def sentence(ran: Any) -> str:
    """Say what is run and what the advisory says of it."""
    said: str = ran.sentence(language())
    return said


@register.filter
def item(values: dict[Any, Any], key: Any) -> Any:
    """Look something up by a key that is a variable."""
    return values.get(key, "")
