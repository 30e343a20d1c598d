"""Filters for the registry's templates."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import template
from django.utils.translation import gettext as _

from dijkwacht.kernel.actor import Actor
from dijkwacht.rooms.registry import rules
from dijkwacht.rooms.registry.forms import LABELS

register = template.Library()


@register.filter
def word(value: str) -> str:
    """Return a value of a closed list in the reader's language."""
    return str(LABELS.get(value, value))


@register.filter
def shown_to(status: str, actor: Actor) -> str:
    """Return an asset's status as this actor may read it."""
    return rules.shown_status(actor, status)


@register.filter
def record(value: str) -> str:
    """Return the plural of a kind of record in the reader's language."""
    plurals = {
        "organisation": _("Organisations"),
        "contact": _("Contacts"),
        "asset": _("Assets"),
        "mandate": _("Mandates"),
    }
    return plurals.get(value, value)


@register.filter
def of(names: Mapping[UUID, Any], identifier: UUID) -> str:
    """Return the name that belongs to an identifier."""
    return str(names.get(identifier, ""))
