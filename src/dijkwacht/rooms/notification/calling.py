"""Calls that other rooms ask for: one calling list for the officer, whatever the matter.

A room names what it is about by a `reference` of its own, such as "advisory:<id>:<version>", and hears by
`events.call_recorded` what came of the call.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.audit.record import Fact, record_many
from dijkwacht.rooms.notification.models import Call


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whom to call about what. `subject`: one line; `number`: of things that wait there."""

    organisation: UUID
    reference: str
    subject: str
    number: int
    why: Call.Why = Call.Why.UNANSWERED


def ask(*, actor: Actor, wanted: Sequence[Wanted]) -> int:
    """Put organisations on the calling list, each once for a reference; give how many are new. Runs as the centre."""
    asked = {(one.organisation, one.reference): one for one in wanted}
    held = Call.objects.filter(reference__in={one.reference for one in wanted}).values_list("organisation", "reference")
    new = [one for key, one in asked.items() if key not in set(held)]
    calls = Call.objects.bulk_create(
        Call(
            organisation_id=one.organisation,
            reference=one.reference,
            subject=one.subject[:300],
            findings=one.number,
            why=one.why,
        )
        for one in new
    )
    record_many(
        Fact(
            actor=actor,
            action="notification:call:raise",
            target=("call", call.pk),
            organisation=call.organisation_id,
            detail={"reference": call.reference, "why": str(call.why)},
        )
        for call in calls
    )
    return len(calls)


def settle(*, actor: Actor, organisation: UUID, reference: str, result: str) -> int:
    """Close the open call about a reference, or those whose reference begins with it: nobody needs to call any more."""
    rows = Call.objects.filter(organisation_id=organisation, reference__startswith=reference, done_at=None)
    return rows.update(done_at=timezone.now(), done_by=actor.id[:100], result=result)
