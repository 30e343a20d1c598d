"""Two organisations become one, and two again, without loss; a record is taken out of an organisation.

Nothing is thrown away. The one that goes stays in the registry, inactive. Every table says beside its columns whether
its rows move to the one that is kept (platform.belonging); each that does leaves a row that says where it stood. Its
findings go along with what was told about them, so that nobody is told twice (notification.carrying).
"""

from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.linkage import moving, reads, rules
from dijkwacht.rooms.linkage.errors import WrongState
from dijkwacht.rooms.linkage.models import Joining, MovedRow, Pair, SourceRecord
from dijkwacht.rooms.linkage.projecting import candidates, project, rules_here
from dijkwacht.rooms.linkage.survivorship import survive
from dijkwacht.rooms.linkage.verdicts import remember
from dijkwacht.rooms.registry import actions as registry
from dijkwacht.rooms.registry import events
from dijkwacht.rooms.registry import fields as registry_fields
from dijkwacht.rooms.registry.history import provenance
from dijkwacht.rooms.registry.models import Organisation

SOURCE: Final = "merge:person"


@transaction.atomic
def join_organisations(*, actor: Actor, kept: UUID, gone: UUID, reason: str, pair: Pair | None = None) -> Joining:
    """Make `gone` part of `kept`. Raises NotAllowed, InvalidField, WrongState (the same twice, or one not active)."""
    rules.require(rules.may_merge(actor))
    words = registry_fields.reason(reason)
    rows = {row.id: row for row in Organisation.objects.select_for_update().filter(id__in=[kept, gone]).order_by("id")}
    if kept == gone or len(rows) < 2 or not all(row.active for row in rows.values()):  # noqa: PLR2004 - a pair
        raise WrongState(
            reason_nl="het zijn geen twee actieve organisaties", reason_en="they are not two active organisations"
        )
    joining = Joining.objects.create(kept_id=kept, gone_id=gone, pair=pair, reason=words, by=actor.id[:100])
    with provenance(SOURCE):
        moved = [*moving.fields_of(kept, gone), *moving.conflicts(actor, kept, gone, words)]
        moved += moving.move(actor, kept, gone)
        registry.update_organisation(actor=actor, organisation=gone, active=False)
        project(actor, kept)
        moved = list(moving.completed(moved, kept))
    MovedRow.objects.bulk_create([MovedRow(joining=joining, **one) for one in moved], batch_size=5_000)
    events.organisations_joined.send(sender=Organisation, kept=kept, gone=gone, actor=actor)
    events.assets_imported.send(sender=Organisation, organisations=[kept], actor=actor)
    for organisation, other in ((kept, gone), (gone, kept)):
        record(
            actor=actor,
            action="linkage:organisations:join",
            target=("joining", joining.id),
            organisation=organisation,
            detail={"other": str(other), "kept": str(kept), "reason": words, "moved": len(moved)},
        )
    return joining


@transaction.atomic
def undo_joining(*, actor: Actor, joining: UUID, reason: str) -> Joining:
    """Make two organisations of one again, each as it was; what changed since by hand is left alone.

    Raises NotFound, NotAllowed, WrongState (undone already; the kept one was itself joined since: undo that first).
    """
    reads.access_joining(actor, joining)
    rules.require(rules.may_merge(actor))
    words = registry_fields.reason(reason)
    row = Joining.objects.select_for_update().get(id=joining)
    later = Joining.objects.filter(undone_at=None, at__gt=row.at)
    if row.undone_at or later.filter(gone_id=row.kept_id).exists() or later.filter(kept_id=row.kept_id).exists():
        raise WrongState(
            reason_nl="dit is al ongedaan gemaakt, of er volgde een samenvoeging op die eerst ongedaan moet",
            reason_en="this was undone already, or a later joining must be undone first",
        )
    with provenance(SOURCE):
        left = moving.put_back(actor, list(row.moved.order_by("-id")))
        registry.update_organisation(actor=actor, organisation=row.gone_id, active=True)
        for organisation in (row.kept_id, row.gone_id):
            project(actor, organisation)
    events.organisations_parted.send(sender=Organisation, kept=row.kept_id, gone=row.gone_id, actor=actor)
    row.undone_by, row.undone_at = actor.id[:100], timezone.now()
    row.save()
    if row.pair is not None:
        remember(actor, row.pair, Pair.Answer.DIFFERENT, words)
    events.assets_imported.send(sender=Organisation, organisations=[row.kept_id, row.gone_id], actor=actor)
    for organisation in (row.kept_id, row.gone_id):
        record(
            actor=actor,
            action="linkage:organisations:undo",
            target=("joining", row.id),
            organisation=organisation,
            detail={"reason": words, "left_alone": left},
        )
    return row


@transaction.atomic
def take_apart(*, actor: Actor, source_record: UUID, reason: str) -> UUID:
    """Take one source record out of its organisation and give it one of its own; gives that one's identifier.

    It is never put together again with what it is taken from without a person. Raises NotFound, NotAllowed, WrongState
    when it is the only one, InvalidField.
    """
    row = reads.access_record(actor, source_record)
    rules.require(rules.may_merge(actor))
    words = registry_fields.reason(reason)
    others = list(SourceRecord.objects.select_for_update().filter(organisation=row.organisation_id).exclude(id=row.id))
    if row.organisation_id is None or not others or row.row == 0:
        raise WrongState(reason_nl="er is niets om uiteen te halen", reason_en="there is nothing to take apart")
    before = row.organisation_id
    told = {field: one.value for field, one in survive(candidates([row]), rules_here()).items()}
    accepted = registry_fields.clean(
        registry_fields.ORGANISATION, {field: told[field] for field in ("name", "kvk", "rsin") if field in told}
    ).values
    made = registry.create_organisation(actor=actor, source=f"merge:{row.source}"[:100], **accepted)
    SourceRecord.objects.filter(id=row.id).update(organisation=made)
    for other in others:
        _remember_apart(actor, row, other)
    for organisation in (before, made.id):
        project(actor, organisation)
        record(
            actor=actor,
            action="linkage:record:take-apart",
            target=("source-record", row.uid),
            organisation=organisation,
            detail={"from": str(before), "to": str(made.id), "reason": words},
        )
    return made.id


def _remember_apart(actor: Actor, one: SourceRecord, other: SourceRecord) -> None:
    """Remember that two records are two organisations."""
    from dijkwacht.rooms.linkage.verdicts import store

    store(actor, one.fingerprint, other.fingerprint, Pair.Answer.DIFFERENT)
