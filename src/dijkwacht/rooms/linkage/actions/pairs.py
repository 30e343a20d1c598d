"""A person answers whether two records are one organisation."""

from uuid import UUID

from django.db import transaction

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.linkage import reads, rules
from dijkwacht.rooms.linkage.actions.joining import join_organisations
from dijkwacht.rooms.linkage.errors import WrongState
from dijkwacht.rooms.linkage.models import Merge, Pair
from dijkwacht.rooms.linkage.verdicts import remember
from dijkwacht.rooms.registry.models import Organisation


@transaction.atomic
def answer_pair(*, actor: Actor, pair: UUID, answer: str, reason: str = "") -> Pair:
    """Answer same, different or unknown; it is remembered. Same joins the organisations of the two records: the one
    that stood in the registry first is kept. Raises NotFound, NotAllowed, WrongState (answered, or not applied yet).
    """
    found = reads.access_pair(actor, pair)
    rules.require(rules.may_merge(actor))
    row = Pair.objects.select_for_update(of=("self",)).select_related("first", "second", "merge").get(id=found.id)
    if row.answer or row.merge.state != Merge.State.APPLIED or answer not in Pair.Answer.values:
        raise WrongState(
            reason_nl="dit paar is al beantwoord, of de registers zijn nog niet toegepast",
            reason_en="this pair was answered already, or its registers are not applied yet",
        )
    sides = {one for one in (row.first.organisation_id, row.second.organisation_id) if one}
    refused = row.first.organisation_id is None or row.second.organisation_id is None
    if answer == Pair.Answer.SAME and (refused or len(sides) > 1):
        if refused:
            raise WrongState(
                reason_nl="het register heeft een van beide records geweigerd",
                reason_en="the registry refused one of the two records",
            )
        kept, gone = Organisation.objects.filter(id__in=sides).order_by("created_at", "id").values_list("id", flat=True)
        words = reason or f"{row.weight:.1f} bits"
        join_organisations(actor=actor, kept=kept, gone=gone, reason=words, pair=row)
    remember(actor, row, answer, reason)
    record(
        actor=actor,
        action="linkage:pair:answer",
        target=("pair", row.id),
        detail={"answer": answer, "weight": row.weight, "against": row.against},
    )
    return row
