"""Relays and their members: what a relay may receive, until when."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.registry import fields, reads, rules
from dijkwacht.rooms.registry.errors import AlreadyThere
from dijkwacht.rooms.registry.models import Mandate
from dijkwacht.rooms.registry.vocabulary import Information, Kind, MandateStatus


@transaction.atomic
def add_mandate(*, actor: Actor, relay: UUID, member: UUID, **values: Any) -> Mandate:
    """Let `relay` receive for `member`; `values` are fields of `fields.MANDATE`, by default all kinds of information.

    Raises NotFound, NotAllowed unless an officer asks, InvalidField, AlreadyThere for a second running mandate.
    """
    rules.require(rules.may_manage(actor))
    source, target = reads.access_organisation(actor, relay), reads.access_organisation(actor, member)
    for side in sorted({source.id, target.id}):
        reads.require_active(actor, side)
    cleaned = fields.required(fields.clean(fields.MANDATE, {"informations": list(Information), **values}))
    if source.kind != Kind.RELAY or source.id == target.id:
        raise fields.invalid(
            "relay", source.name, "dit is geen schakelorganisatie voor dit lid", "this is no relay for this member"
        )
    mandate = Mandate(
        relay=source, member=target, **{name: value for name, value in cleaned.items() if value is not None}
    )
    if not mandate.informations:
        raise fields.invalid("informations", "", "noem ten minste een soort", "name at least one kind")
    if mandate.valid_to is not None and mandate.valid_to < mandate.valid_from:
        raise fields.invalid("valid_to", mandate.valid_to, "ligt voor het begin", "lies before the start")
    try:
        with transaction.atomic():
            mandate.save(force_insert=True)
    except IntegrityError:
        raise AlreadyThere(value=f"{source.name} / {target.name}") from None
    _record(actor, mandate, "add", {"informations": mandate.informations, "mandatory": mandate.mandatory})
    return mandate


def suspend_mandate(*, actor: Actor, mandate: UUID, reason: str) -> Mandate:
    """Stop a relay from receiving, for now. Raises NotFound, NotAllowed, WrongState."""
    return _step(actor, mandate, MandateStatus.SUSPENDED, reason)


def resume_mandate(*, actor: Actor, mandate: UUID, reason: str) -> Mandate:
    """Let a suspended relay receive again. Raises NotFound, NotAllowed, WrongState."""
    return _step(actor, mandate, MandateStatus.ACTIVE, reason)


def withdraw_mandate(*, actor: Actor, mandate: UUID, reason: str) -> Mandate:
    """End a mandate for good, from today. Raises NotFound, NotAllowed, WrongState."""
    return _step(actor, mandate, MandateStatus.WITHDRAWN, reason, valid_to=reads.today())


@transaction.atomic
def _step(actor: Actor, identifier: UUID, to: MandateStatus, reason: str, valid_to: date | None = None) -> Mandate:
    rules.require(rules.may_manage(actor))
    mandate = reads.access_mandate(actor, identifier)
    rules.require_step(mandate.status, to, rules.MANDATE_STEPS)
    before, mandate.status = mandate.status, to
    mandate.status_reason = fields.reason(reason)
    mandate.valid_to = valid_to or mandate.valid_to
    mandate.save()
    _record(actor, mandate, f"set-{to}", {"before": before, "reason": mandate.status_reason})
    return mandate


def _record(actor: Actor, mandate: Mandate, verb: str, detail: dict[str, Any]) -> None:
    record(
        actor=actor,
        action=f"registry:mandate:{verb}",
        target=("mandate", mandate.id),
        organisation=mandate.member_id,
        detail={"relay": str(mandate.relay_id), **detail},
    )
