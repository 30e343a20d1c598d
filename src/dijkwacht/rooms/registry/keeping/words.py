"""The words of the table of terms, as a page says them."""

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

KEPT: Final[dict[str, Any]] = {
    "registry": _("the register"),
    "reporting": _("incident reports"),
    "proof": _("what was shown of addresses"),
    "phishing": _("the Anti-Phishing Shield"),
    "beside": _("messages and the audit log"),
    "organisation": _("the organisation itself"),
    "centre": _("the centre"),
    "authority": _("the competent authority and CSIRT of its sector"),
    "relay": _("its relay"),
    "writer": _("who wrote it"),
    "confirmation": _("the last confirmation of the registration"),
    "departure": _("the day the organisation left the register"),
    "closed": _("it was decided or is over"),
    "replaced": _("another value took its place"),
    "processing": _("it was written down"),
    "edited": _("it was last changed"),
    "unshown": _("it came from somebody whose address was never confirmed"),
    "checked": _("somebody last checked that it is right"),
    "erase": _("then it is erased"),
    "remove": _("then it is removed"),
    "pseudonymise": _("then a pseudonym takes its place"),
}
