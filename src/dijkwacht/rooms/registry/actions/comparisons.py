"""Lay a business register beside ours, and decide about each difference: take it over, ask, or let it be."""

from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.registry import cleaners, fields, reads, rules
from dijkwacht.rooms.registry.actions.changes import ask_change
from dijkwacht.rooms.registry.actions.deregistrations import ask_deregistration
from dijkwacht.rooms.registry.actions.organisations import update_organisation
from dijkwacht.rooms.registry.comparing import reads as comparing
from dijkwacht.rooms.registry.comparing import snapshot
from dijkwacht.rooms.registry.comparing.models import Comparison, Difference
from dijkwacht.rooms.registry.comparing.rules import Different, Field
from dijkwacht.rooms.registry.comparing.running import Run
from dijkwacht.rooms.registry.errors import WrongState
from dijkwacht.rooms.registry.exchange.copying import IN_MEMORY, keep
from dijkwacht.rooms.registry.exchange.report import Refusal
from dijkwacht.rooms.registry.history import provenance
from dijkwacht.rooms.registry.vocabulary import AddressKind

GROUND: Final = "Cbw 43"
ASKED_ABOUT: Final = (Field.NAME, Field.ADDRESS)  # what an organisation registers itself
AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Compared:
    """A comparison, and the first rows of the snapshot that could not be read."""

    comparison: Comparison
    refusals: list[Refusal]


@transaction.atomic
def compare_register(*, actor: Actor, file: IO[bytes], name: str, fill: bool = False, whole: bool = True) -> Compared:
    """Compare every active organisation with a snapshot of the business register (.csv or .json), by its KvK number.

    Nothing changes but, with `fill`, what the register does not know yet of legal form, activities and staff. `whole`:
    a number that is not in the snapshot does not exist. What earlier comparisons left open is replaced. Raises
    NotAllowed unless an officer asks, UnreadableFile.
    """
    rules.require(rules.may_manage(actor))
    with SpooledTemporaryFile(max_size=IN_MEMORY) as copy:
        sha256 = keep(file, copy)
        Difference.objects.filter(state=Different.OPEN).delete()
        made = Comparison.objects.create(name=name[:200], sha256=sha256, started_by=actor.id[:100])
        run = Run(comparison=made, on=reads.today(), fill=fill, whole=whole)
        with provenance(made.source, ground=GROUND):
            run.compare(snapshot.rows(copy, name))
    made.counts = {"rows": 0, "refused": 0, "known": 0, "unknown": 0, **run.counts, "filled": fill, "whole": whole}
    made.save(update_fields=["counts"])
    record(
        actor=actor,
        action="registry:comparison:make",
        target=("comparison", made.id),
        detail={"file": made.name, "sha256": sha256, "counts": made.counts},
    )
    return Compared(made, run.refusals)


@transaction.atomic
def accept_difference(*, actor: Actor, difference: UUID) -> Difference:
    """Take over what the business register says, with the snapshot as its source; one that ended leaves the register.

    Raises NotFound, NotAllowed, WrongState when it was decided, InvalidField for a number that is missing there.
    """
    row = _open(actor, difference)
    if row.field == Field.MISSING:
        raise fields.invalid("field", row.field, "er is niets om over te nemen", "there is nothing to take over")
    with provenance(row.comparison.source, ground=GROUND):
        if row.field == Field.ENDED:
            ask_deregistration(
                actor=actor,
                organisation=row.organisation_id,
                reason="ceased",
                effective_on=reads.today(),
                explanation=row.comparison.source,
            )
        else:
            update_organisation(actor=actor, organisation=row.organisation_id, **_taken_over(row))
    return _decided(actor, row, Different.CHANGED)


def _taken_over(row: Difference) -> dict[str, Any]:
    if row.field != Field.ADDRESS:
        return {row.field: row.theirs}
    others = [address for address in row.organisation.addresses if address.get("kind") != AddressKind.MAIN]
    return {"addresses": [_address(row.theirs), *others]}


def _address(line: Any) -> dict[str, str]:
    street, postcode, city, country = str(line).split("|")
    return {
        "kind": AddressKind.MAIN.value,
        "name": "",
        "street": street,
        "postcode": postcode,
        "city": city,
        "country": country,
    }


@transaction.atomic
def ask_about_difference(*, actor: Actor, difference: UUID) -> Difference:
    """Ask the organisation about it, by a change notice; for what an organisation registers itself.

    Raises NotFound, NotAllowed, WrongState, InvalidField for another field.
    """
    row = _open(actor, difference)
    if row.field not in ASKED_ABOUT:
        raise fields.invalid("field", row.field, "dit registreert zij niet zelf", "it does not register this itself")
    ask_change(
        actor=actor,
        organisation=row.organisation_id,
        source=row.comparison.source,
        proposed=_taken_over(row),
    )
    return _decided(actor, row, Different.ASKED)


@transaction.atomic
def dismiss_difference(*, actor: Actor, difference: UUID) -> Difference:
    """Let it be: ours is right. Raises NotFound, NotAllowed, WrongState."""
    return _decided(actor, _open(actor, difference), Different.DISMISSED)


@transaction.atomic
def accept_differences(*, actor: Actor, comparison: UUID, field: str) -> int:
    """Take over the next AT_ONCE open differences of one field of a comparison; returns how many.

    For facts that only the business register knows: legal form, activities, staff. Raises NotFound, NotAllowed,
    InvalidField for another field.
    """
    rules.require(rules.may_manage(actor))
    chosen = fields.single("field", cleaners.text(12), field)
    if chosen not in (Field.LEGAL_FORM, Field.ACTIVITIES, Field.STAFF):
        raise fields.invalid("field", field, "beslis hierover een voor een", "decide about these one by one")
    made = comparing.access_comparison(actor, comparison)
    rows = comparing.differences_of(actor, made.id, field=chosen).filter(state=Different.OPEN, effect="")
    taken = [accept_difference(actor=actor, difference=row) for row in rows.values_list("id", flat=True)[:AT_ONCE]]
    record(
        actor=actor,
        action="registry:comparison:accept",
        target=("comparison", made.id),
        detail={"field": chosen, "differences": len(taken)},
    )
    return len(taken)


def _open(actor: Actor, identifier: UUID) -> Difference:
    rules.require(rules.may_manage(actor))
    comparing.access_difference(actor, identifier)
    rows = Difference.objects.select_for_update(of=("self",)).select_related("organisation", "comparison")
    row = rows.get(id=identifier)
    if row.state != Different.OPEN:
        raise WrongState(status_now=row.state)
    return row


def _decided(actor: Actor, row: Difference, to: Different) -> Difference:
    row.state, row.decided_by, row.decided_at = to, actor.id[:100], timezone.now()
    row.save(update_fields=["state", "decided_by", "decided_at"])
    record(
        actor=actor,
        action=f"registry:difference:{to}",
        target=("difference", row.id),
        organisation=row.organisation_id,
        detail={"field": row.field, "source": row.comparison.source, "effect": row.effect},
    )
    return row
