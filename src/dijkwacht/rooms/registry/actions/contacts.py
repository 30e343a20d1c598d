"""Contacts and what they prefer. They are personal data: the audit log holds commitments of them, not the values."""

import secrets
from typing import Any
from uuid import UUID

from django.db import transaction

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.registry import cleaners, events, fields, reads, rules
from dijkwacht.rooms.registry.models import Contact
from dijkwacht.rooms.registry.vocabulary import Channel, ContactStatus

PERSONAL = frozenset({"name", "email", "phone"})
SECRET = frozenset({"webhook_secret"})
SECRET_BYTES = 32


@transaction.atomic
def add_contact(*, actor: Actor, organisation: UUID, **values: Any) -> Contact:
    """Add a contact; `values` are the fields of `fields.CONTACT`. A webhook without a secret gets one.

    Raises NotFound, NotAllowed unless an officer or the organisation's administrator asks, InvalidField.
    """
    owner = reads.access_organisation(actor, organisation)
    rules.require(rules.may_keep(actor, owner.id))
    contact = Contact(organisation=owner, language=owner.language)
    return _store(actor, contact, "add", fields.required(fields.clean(fields.CONTACT, values)))


@transaction.atomic
def update_contact(*, actor: Actor, contact: UUID, **changes: Any) -> Contact:
    """Change fields of a contact. A new address counts as working again. Raises NotFound, NotAllowed, InvalidField."""
    row = reads.access_contact(actor, contact)
    rules.require(rules.may_keep(actor, row.organisation_id))
    cleaned = fields.required(fields.clean(fields.CONTACT, changes))
    changed = {field: value for field, value in cleaned.items() if getattr(row, field) != value}
    if changed.keys() & {"email", "webhook_url"}:
        row.status, row.status_reason = ContactStatus.WORKING, ""
    return _store(actor, row, "update", changed) if changed else row


def _store(actor: Actor, contact: Contact, verb: str, values: dict[str, Any]) -> Contact:
    for field, value in values.items():
        setattr(contact, field, value)
    for problem in fields.contact_as_a_whole({field: getattr(contact, field) for field in fields.CONTACT}):
        raise problem
    if contact.channel == Channel.WEBHOOK and not contact.webhook_secret:
        contact.webhook_secret = secrets.token_urlsafe(SECRET_BYTES)
    contact.save()
    _record(actor, contact, verb, values)
    events.contact_changed.send(sender=Contact, contact=contact, actor=actor)
    return contact


def _record(actor: Actor, contact: Contact, verb: str, values: dict[str, Any]) -> None:
    plain = {field: str(value) for field, value in values.items() if field not in PERSONAL | SECRET}
    record(
        actor=actor,
        action=f"registry:contact:{verb}",
        target=("contact", contact.id),
        organisation=contact.organisation_id,
        detail={"fields": sorted(values), "values": plain},
        personal={field: str(values[field]) for field in PERSONAL & values.keys()},
    )


@transaction.atomic
def remove_contact(*, actor: Actor, contact: UUID) -> None:
    """Remove a contact. Raises NotFound, NotAllowed."""
    row = reads.access_contact(actor, contact)
    rules.require(rules.may_keep(actor, row.organisation_id))
    _record(actor, row, "remove", {"role": row.role})
    row.delete()


@transaction.atomic
def renew_webhook_secret(*, actor: Actor, contact: UUID) -> str:
    """Give a contact's webhook a new secret; this is the only time that it is shown. Raises NotFound, NotAllowed."""
    row = reads.access_contact(actor, contact)
    rules.require(rules.may_keep(actor, row.organisation_id))
    row.webhook_secret = secrets.token_urlsafe(SECRET_BYTES)
    row.save(update_fields=["webhook_sealed"])
    _record(actor, row, "renew-secret", {})
    return row.webhook_secret


@transaction.atomic
def set_contact_status(*, actor: Actor, contact: UUID, status: str, reason: str = "") -> Contact:
    """Say that a contact works, bounces or is wrong, and why. Raises NotFound, NotAllowed, InvalidField."""
    row = reads.access_contact(actor, contact)
    rules.require(rules.may_keep(actor, row.organisation_id))
    row.status = fields.single("status", cleaners.one_of(ContactStatus), status)
    row.status_reason = fields.single("reason", cleaners.text(500, lines=True), reason)
    row.save(update_fields=["status", "status_reason"])
    _record(actor, row, "set-status", {"status": row.status})
    return row


@transaction.atomic
def set_optional_kinds(*, actor: Actor, contact: UUID, unsubscribed: list[str]) -> Contact:
    """Set the kinds of notice that a contact does not want; only optional ones are ever held back."""
    return update_contact(actor=actor, contact=contact, optional_kinds=unsubscribed)
