"""What roles and mandates are called, in the language of the reader."""

from typing import Final

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from dijkwacht.kernel.actor import CentreRole, OrganisationRole

ROLES: Final = {
    CentreRole.OFFICER: _("duty officer"),
    CentreRole.ANALYST: _("analyst"),
    CentreRole.AUDITOR: _("auditor"),
    CentreRole.ADMINISTRATOR: _("administrator"),
    OrganisationRole.ADMINISTRATOR: _("administrator"),
    OrganisationRole.SECURITY: _("security contact"),
    OrganisationRole.REPORTER: _("reporter"),
    OrganisationRole.READER: _("reader"),
}
MEANINGS: Final = {  # of the roles that a mandate can give
    OrganisationRole.SECURITY: _("reads and answers findings, keeps addresses and their proof, can report an incident"),
    OrganisationRole.REPORTER: _("reports incidents and tells changes of the registration; does not see findings"),
    OrganisationRole.READER: _("reads findings and notices, and changes nothing"),
}
STATES: Final = {
    "asked": _("waits for an answer"),
    "granted": _("granted"),
    "refused": _("refused"),
    "withdrawn": _("withdrawn"),
    "later": _("not begun yet"),
    "over": _("over"),
}


def role(name: CentreRole | OrganisationRole) -> str:
    """What a role is called."""
    return gettext(ROLES[name])


def meaning(name: OrganisationRole) -> str:
    """What a role may do, in a sentence."""
    return gettext(MEANINGS[name])


def state(name: str) -> str:
    """How a mandate stands."""
    return gettext(STATES[name])
