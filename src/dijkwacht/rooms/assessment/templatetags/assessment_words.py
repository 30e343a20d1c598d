"""Texts of the tables and of the answer, in the language of the page."""

from typing import Any

from django import template
from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from dijkwacht.kernel.words import in_words
from dijkwacht.law.applicability.answer import Text
from dijkwacht.law.tables import Row

register = template.Library()


def _language() -> str:
    return "nl" if get_language() == "nl" else "en"


@register.filter
def said(text: Text) -> str:
    """Return a text in the language of the page."""
    return str(getattr(text, _language()))


@register.filter
def column(row: Row, name: str) -> str:
    """Return a column of a row in the language of the page."""
    return str(row[f"{name}_{_language()}"])


@register.filter
def code(row: Row) -> str:
    """Return the code of a row."""
    return str(row["code"])


@register.filter
def fault(faults: dict[str, str], key: str) -> str:
    """Return what is wrong with a key, or nothing."""
    return faults.get(key, "")


@register.filter
def slug(key: str) -> str:
    """Return a key as an identifier of an element."""
    return key.replace(".", "-")


WORDS = {
    "class_name": {
        "essential": _("essential"),
        "important": _("important"),
        "register-only": _("register only"),
        "outside": _("outside the law"),
    },
    "size_name": {"micro": _("micro"), "small": _("small"), "medium": _("medium-sized"), "large": _("large")},
    "applies_name": {
        "yes": _("applies"),
        "perhaps": _("may apply"),
        "partly": _("applies in part"),
        "later": _("applies later"),
        "no": _("does not apply"),
    },
    "mark_name": {
        "seen": _("read in the source"),
        "known": _("generally known, not read again"),
        "agreed": _("agreed"),
        "unverified": _("not yet settled"),
    },
}
for _name, _words in WORDS.items():
    register.filter(_name, in_words(_words))


@register.filter
def figure(value: Any) -> str:
    """Return a number with the separators of the language."""
    number = float(value)
    return number_format(int(number) if number.is_integer() else number, use_l10n=True, force_grouping=True)
