"""Filters for the registry's templates."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django import template
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dijkwacht.kernel.actor import Actor
from dijkwacht.kernel.words import in_words
from dijkwacht.rooms.registry import reads, rules
from dijkwacht.rooms.registry.comparing.words import DIFFERENCE
from dijkwacht.rooms.registry.extracts.sectors import sectors
from dijkwacht.rooms.registry.forms import LABELS, AssetForm, ContactForm, MandateForm, OrganisationForm, language
from dijkwacht.rooms.registry.keeping.words import KEPT

register = template.Library()
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(\+\d\d:\d\d|Z)")  # as the history keeps one


PLURALS = {
    "organisation": gettext_lazy("Organisations"),
    "contact": gettext_lazy("Contacts"),
    "asset": gettext_lazy("Assets"),
    "mandate": gettext_lazy("Mandates"),
}
# What no form asks, but the history holds.
KEPT_BESIDE = {
    "active": gettext_lazy("Active: it receives notices"),
    "claimed_at": gettext_lazy("Claimed on"),
    "expires_at": gettext_lazy("Proof ends on"),
    "method": gettext_lazy("How it was proven"),
    "status": gettext_lazy("Status"),
    "verified_at": gettext_lazy("Proven on"),
}
word = in_words(LABELS)
register.filter("word", word)
register.filter("record", in_words(PLURALS))


@register.filter
def difference(value: str) -> str:
    """Return a word of a comparison in the reader's language."""
    return str(DIFFERENCE.get(value, value))


@register.filter
def of_counts(counts: Mapping[str, int], name: str) -> int:
    """Return one count of a comparison by its name."""
    return counts.get(name, 0)


@register.filter
def kept_word(value: str) -> str:
    """Return a word of the table of terms in the reader's language."""
    return str(KEPT.get(value, value))


@register.filter
def sector(code: str) -> str:
    """Return a code of the law with the name of its sector, such as "1.5 Health"; a code of no sector alone."""
    found = sectors(reads.today()).get(code)
    return f"{code} {found.title(language())}" if found else code


@register.filter
def shown_to(status: str, actor: Actor) -> str:
    """Return an asset's status as this actor may read it."""
    return rules.shown_status(actor, status)


@register.filter
def field(name: str) -> str:
    """Return the name of a field in the reader's language, as the forms call it."""
    for form in (OrganisationForm, ContactForm, AssetForm, MandateForm):
        if name in form.base_fields:
            return str(form.base_fields[name].label)
    return str(KEPT_BESIDE.get(name, name))


@register.filter
def value(found: Any) -> str:
    """Return what a field held, as a person reads it."""
    if isinstance(found, bool):
        return _("yes") if found else _("no")
    if isinstance(found, list):
        return ", ".join(word(str(each)) for each in found) or "-"
    if isinstance(found, str) and MOMENT.fullmatch(found):
        return date_format(localtime(datetime.fromisoformat(found)), "DATETIME_FORMAT")
    return word(str(found)) if found not in ("", None) else "-"


@register.filter
def names_another(name: str) -> bool:
    """Tell whether a field holds the identifier of an organisation: a machine's word, which the export gives."""
    return name in {"organisation_id", "relay_id", "member_id"}


@register.filter
def who(identifier: str, reader: Actor) -> str:
    """Return who made a change: the centre reads the identifier, an organisation only whether it was itself."""
    if reader.is_centre:
        return identifier
    return _("you") if identifier == reader.id else ""


@register.filter
def of(names: Mapping[UUID, Any], identifier: UUID) -> str:
    """Return the name that belongs to an identifier."""
    return str(names.get(identifier, ""))
