"""What was done under a mandate, from the audit log, for whoever gave it: about its own and nothing else."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from dijkwacht.kernel.actor import Actor, system
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts.errors import NotAllowed
from dijkwacht.platform.accounts.models import ActingMandate, User
from dijkwacht.platform.audit.models import Event
from dijkwacht.platform.audit.record import UNDER

READER: Final = system("accounts:acts")
SHOWN: Final = 200
# The log knows an act by its code; these are the ones that a mandate lets somebody do.
WHAT: Final[Mapping[str, Any]] = {
    "reporting:report:file": _("filed a report of an incident"),
    "reporting:message:send": _("wrote a message about an incident"),
    "reporting:attachment:add": _("gave a file with an incident"),
    "reporting:incident:judge": _("judged whether an incident is significant"),
    "reporting:unreported:keep": _("kept why an incident was not reported"),
    "reporting:handover:acknowledge": _("acknowledged a handover"),
    "notification:notice:answer": _("answered a notice"),
    "notification:notice:read": _("read a notice"),
    "notification:notice:show": _("read a notice"),
    "notification:finding:export": _("exported findings"),
    "proof:challenge:start": _("began to show that an address is its own"),
    "proof:challenge:ask-check": _("asked to look at a proof"),
    "proof:challenge:withdraw": _("withdrew a proof"),
    "proof:evidence:send": _("sent evidence that an address is its own"),
    "registry:asset:claim": _("claimed an address"),
    "registry:asset:remove": _("removed an address"),
    "registry:change:tell": _("told a change of the registration"),
    "registry:change:dismiss": _("said why nothing changed"),
    "registry:review:confirm": _("confirmed a part of the registration"),
    "accounts:mandate:withdraw": _("gave the mandate back"),
}


class Act(NamedTuple):
    """One thing that was done: what, by whom as far as the account has a name, and when."""

    what: str
    who: str
    at: datetime
    refused: bool


def acts_under(actor: Actor, mandate: ActingMandate) -> list[Act]:
    """Return what was done under a mandate that the actor's organisation gave, newest first.

    Only what concerns that organisation: what its holder did for others under other mandates is theirs to know. Raises
    NotAllowed unless the actor administers the giver.
    """
    if not actor.administers(mandate.organisation_id):
        raise NotAllowed
    with tenancy.acting(READER):
        rows = Event.objects.filter(
            organisation=mandate.organisation_id,
            detail__has_key=UNDER,
            **{f"detail__{UNDER}__contains": [str(mandate.id)]},
        )
        events = list(rows.order_by("-at", "-id")[:SHOWN])
        people = _names({event.actor_id for event in events})
    return [
        Act(str(WHAT.get(event.action, event.action)), people.get(event.actor_id, ""), event.at, event.result != "ok")
        for event in events
    ]


def _names(identifiers: set[str]) -> dict[str, str]:
    known = [UUID(one) for one in identifiers if len(one) == 36]  # noqa: PLR2004 - of an account
    return {str(user.id): user.name for user in User.objects.filter(id__in=known)}
