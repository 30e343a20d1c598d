"""What of a finding somebody may see: the centre all that is held, a receiver the columns that its decision allows."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from dijkwacht.kernel.actor import Actor, system
from dijkwacht.platform import tenancy
from dijkwacht.rooms.notification import reads
from dijkwacht.rooms.notification.models import Decision, Finding, NoticeItem
from dijkwacht.rooms.notification.rendering import kinds

CLERK: Final = system("notification:minimising")


def shown_to(actor: Actor, rows: Iterable[Finding]) -> list[Finding]:
    """The findings with only the evidence that `actor` may see. They are for showing: never save them."""
    found = list(rows)
    if not actor.is_centre:
        grounds = _grounds(actor, found)
        for row in found:
            row.evidence = kinds.evidence(row, grounds.get(row.id))
    return found


def _grounds(actor: Actor, rows: Iterable[Finding]) -> dict[UUID, Decision]:
    """On which decision this receiver was told of each finding: it may say that no column of the source goes out."""
    told = dict(
        NoticeItem.objects.filter(organisation_id__in=reads.told(actor), finding_id__in=[row.id for row in rows])
        .order_by("id")
        .values_list("finding_id", "decision_id")
    )
    with tenancy.acting(CLERK):  # decisions are the centre's; the one about the receiver is looked up for it
        decisions = Decision.objects.in_bulk(set(told.values()))
    return {finding: decisions[number] for finding, number in told.items()}
