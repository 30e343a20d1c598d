"""Words of the first page, in the reader's language."""

from typing import Any, Final

from django import template
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, gettext_noop

from dijkwacht.rooms.home.reads import Home
from dijkwacht.rooms.home.rules import Due, Say
from dijkwacht.rooms.services.reads import Offer

register = template.Library()
OBSTACLES: Final = {
    "inactive": gettext_noop("is no longer active in the register"),
    "no-asset": gettext_noop("nothing was shown to be theirs, so nothing is attributed to them"),
    "no-contact": gettext_noop("has no security contact"),
    "contact-fails": gettext_noop("none of their security contacts works"),
    "no-confidentiality": gettext_noop("you do not guarantee confidentiality, so confidential data does not come"),
    "no-victims": gettext_noop("the mandate does not cover who is hit"),
}
WITHOUT: Final = {
    "suspended": gettext_noop("the mandate is suspended"),
    "ended": gettext_noop("the mandate has ended"),
    "not-yet": gettext_noop("the mandate has not begun"),
}
CLASSES: Final = {
    "essential": gettext_noop("essential entity"),
    "important": gettext_noop("important entity"),
    "register-only": gettext_noop("only the duty to register"),
    "outside": gettext_noop("outside the Cybersecurity Act"),
}


@register.filter
def saying(say: Say) -> str:
    """Return a text in the reader's language, its days written out."""
    values = {name: date_format(one, "j F Y") if hasattr(one, "year") else one for name, one in say.values.items()}
    return gettext(say.message) % values


@register.filter
def obstacle(code: str) -> str:
    """Return why a member cannot be reached."""
    return gettext(OBSTACLES[code])


@register.filter
def without(code: str) -> str:
    """Return why a mandate is not in force."""
    return gettext(WITHOUT[code])


@register.filter
def legal(code: str) -> str:
    """Return a class of the law."""
    return gettext(CLASSES[code])


@register.filter
def spoken_text(text: Any) -> str:
    """Return a text of the law in the reader's language."""
    return str(text.en if get_language() == "en" else text.nl)


@register.filter
def is_late(due: Due, home: Home) -> bool:
    """Tell whether the day of what is due has passed."""
    return due.late(home.today)


@register.filter
def percent(part: int, whole: int) -> str:
    """Return a share in whole per cents; "-" of nothing."""
    return f"{100 * part // whole} %" if whole else "-"


@register.filter
def not_fitting(offers: list[Offer]) -> list[Offer]:
    """Return the products that are not meant for this organisation."""
    return [offer for offer in offers if not offer.fits]
