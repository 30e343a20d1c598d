"""The pages of the desk of advisories, beside each other on top of each."""

from typing import Any, Final

from django import template
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from dijkwacht.platform.accounts.permissions import allows

register = template.Library()
PAGES: Final = (
    ("advisories:matters", _("Matters"), "advisories:read"),
    ("advisories:desk", _("Advisories"), "advisories:read"),
    ("advisories:told", _("Who was told"), "inventory:read"),
    ("advisories:inventories", _("Inventories"), "inventory:read"),
    ("advisories:products", _("Products"), "advisories:read"),
    ("advisories:sources", _("Sources"), "advisories:read"),
    ("advisories:aside", _("Set aside"), "advisories:read"),
)


@register.inclusion_tag("advisories/desk_tabs.html", takes_context=True)
def desk_tabs(context: dict[str, Any]) -> dict[str, Any]:
    """Give the pages that the reader may open; none to whoever is not of the centre."""
    actor, path = context["actor"], context["request"].path
    pages = [(reverse(name), str(title)) for name, title, permission in PAGES if allows(actor, permission)]
    return {"pages": [(address, title, path == address) for address, title in pages] if actor.is_centre else []}
