"""Organisations come in and change."""

from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.registry import fields, reads, rules
from dijkwacht.rooms.registry.errors import AlreadyThere
from dijkwacht.rooms.registry.history import provenance
from dijkwacht.rooms.registry.models import Organisation


@transaction.atomic
def create_organisation(
    *,
    actor: Actor,
    name: str,
    identifier: UUID | None = None,
    demo: bool = False,
    source: str = "officer",
    **values: Any,
) -> Organisation:
    """Add an organisation; `values` are the fields of `fields.ORGANISATION`.

    Raises NotAllowed unless an officer asks, InvalidField for the first value refused, AlreadyThere when its OIN, LEI
    or identifier stands in the registry.
    """
    rules.require(rules.may_manage(actor))
    cleaned = fields.required(fields.clean(fields.ORGANISATION, {"name": name, **values}))
    organisation = Organisation(**cleaned, demo=demo, source=source)
    if identifier is not None:
        organisation.id = identifier
    with provenance(source):
        _save(organisation, fresh=True)
    record(
        actor=actor,
        action="registry:organisation:create",
        target=("organisation", organisation.id),
        organisation=organisation.id,
        detail={"source": source, "fields": sorted(cleaned)},
    )
    return organisation


@transaction.atomic
def update_organisation(*, actor: Actor, organisation: UUID, **changes: Any) -> Organisation:
    """Change fields of an organisation; the audit log keeps the old and the new value of each.

    How to reach it may be a person's home: of that the log holds commitments.

    Raises NotFound, NotAllowed, InvalidField, AlreadyThere.
    """
    row = reads.access_organisation(actor, organisation)
    rules.require(rules.may_manage(actor))
    cleaned = fields.required(fields.clean(fields.ORGANISATION, changes))
    changed = {field: [getattr(row, field), value] for field, value in cleaned.items() if getattr(row, field) != value}
    if not changed:
        return row
    for field, (_, value) in changed.items():
        setattr(row, field, value)
    _save(row, fresh=False)
    record(
        actor=actor,
        action="registry:organisation:update",
        target=("organisation", row.id),
        organisation=row.id,
        detail={"changed": {field: pair for field, pair in changed.items() if field not in fields.REACH}},
        personal={field: fields.as_text(pair[1]) for field, pair in changed.items() if field in fields.REACH},
    )
    return row


def _save(organisation: Organisation, *, fresh: bool) -> None:
    try:
        with transaction.atomic():
            organisation.save(force_insert=fresh)
    except IntegrityError:
        raise AlreadyThere(value=organisation.name) from None
