"""Every change of subscriptions: actor first; permission, change and audit in one transaction."""

import hashlib
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from dijkwacht.kernel.actor import Actor, Kind
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.registry.models import Organisation
from dijkwacht.rooms.services import reads, rules
from dijkwacht.rooms.services.errors import DoesNotFit, KeptElsewhere, NotAllowed, NothingToWithdraw, TextChanged
from dijkwacht.rooms.services.models import Subscription
from dijkwacht.rooms.services.rules import Consent, Product


@transaction.atomic
def subscribe(*, actor: Actor, organisation: UUID, product: str, version: int, language: str) -> Subscription:
    """Say yes to a product for an organisation, to the text of `version` as it was read in `language` ("nl" or "en").

    The same yes again changes nothing; a yes to a newer text takes the place of the older one. Raises NotFound,
    NotAllowed unless an administrator of the organisation asks, KeptElsewhere, TextChanged, DoesNotFit.
    """
    row = _own(actor, organisation)
    wanted = reads.product(product)
    consent = _consent(wanted, version)
    if not rules.fits(wanted, reads.standing_of(actor, row)):
        raise DoesNotFit(rule_nl=wanted.rule["nl"], rule_en=wanted.rule["en"])
    running = _running(row, product)
    if running is not None and running.consent_version == version:
        return running
    if running is not None:
        _withdraw(actor, running, "renewed")
    text = consent.en if language == "en" else consent.nl
    made = Subscription.objects.create(
        organisation=row,
        product=product,
        consent_version=version,
        consent_sha256=hashlib.sha256(text.encode()).hexdigest(),
        language="en" if language == "en" else "nl",
        given_by=actor.id[:100],
    )
    detail = {"product": product, "consent_version": version, "consent_sha256": made.consent_sha256}
    record(
        actor=actor,
        action="services:subscription:give",
        target=("subscription", made.id),
        organisation=row.id,
        detail=detail | {"language": made.language},
    )
    return made


@transaction.atomic
def withdraw(*, actor: Actor, organisation: UUID, product: str) -> Subscription:
    """Take a yes back; it stays on record. Raises NotFound, NotAllowed, KeptElsewhere, NothingToWithdraw."""
    row = _own(actor, organisation)
    if reads.product(product).consent is None:
        raise KeptElsewhere
    running = _running(row, product)
    if running is None:
        raise NothingToWithdraw
    return _withdraw(actor, running, "asked")


@transaction.atomic
def end_all(*, actor: Actor, organisation: UUID) -> None:
    """Take back every yes of an organisation that left the register. Raises NotAllowed unless a job of ours asks."""
    if actor.kind is not Kind.SYSTEM:
        raise NotAllowed
    for running in Subscription.objects.select_for_update().filter(organisation=organisation, withdrawn_at=None):
        _withdraw(actor, running, "left")


def _own(actor: Actor, organisation: UUID) -> Organisation:
    row = reads.access_organisation(actor, organisation)
    if not rules.may_decide(actor, row.id):
        raise NotAllowed
    return Organisation.objects.select_for_update().get(id=row.id)  # two yeses at once become one


def _consent(wanted: Product, version: int) -> Consent:
    if wanted.consent is None:
        raise KeptElsewhere
    if wanted.consent.version != version:
        raise TextChanged(version=wanted.consent.version)
    return wanted.consent


def _running(row: Organisation, product: str) -> Subscription | None:
    return Subscription.objects.filter(organisation=row, product=product, withdrawn_at=None).first()


def _withdraw(actor: Actor, running: Subscription, why: str) -> Subscription:
    running.withdrawn_by, running.withdrawn_at = actor.id[:100], timezone.now()
    running.save(update_fields=["withdrawn_by", "withdrawn_at"])
    record(
        actor=actor,
        action="services:subscription:withdraw",
        target=("subscription", running.id),
        organisation=running.organisation_id,
        detail={"product": running.product, "consent_version": running.consent_version, "why": why},
    )
    return running
