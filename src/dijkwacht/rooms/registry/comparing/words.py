"""The words of a comparison, as a page says them."""

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

DIFFERENCE: Final[dict[str, Any]] = {
    "name": _("Name"),
    "addresses": _("Addresses"),
    "legal_form": _("Legal form"),
    "activities": _("Activities (SBI)"),
    "staff": _("People at work"),
    "ended": _("Ended in the business register"),
    "missing": _("Number not in the business register"),
    "class": _("the class under the law"),
    "sector": _("the sector, perhaps"),
    "leaves": _("whether it stands in the register"),
    "changed": _("taken over"),
    "asked": _("asked"),
    "dismissed": _("stays as it is"),
}
