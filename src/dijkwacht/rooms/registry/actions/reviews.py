"""Reviews: every two years each registration is looked at by its own organisation, group by group."""

from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.registry import cleaners, fields, reads, rules
from dijkwacht.rooms.registry.errors import WrongState
from dijkwacht.rooms.registry.upkeep import mail
from dijkwacht.rooms.registry.upkeep.groups import GROUPS
from dijkwacht.rooms.registry.upkeep.models import Review, ReviewCampaign
from dijkwacht.rooms.registry.vocabulary import Classification

UNDER_THE_LAW: Final = (Classification.ESSENTIAL.value, Classification.IMPORTANT.value)
REMINDED_EVERY: Final = timedelta(days=14)
MAILS_AT_ONCE: Final = 500


@transaction.atomic
def start_review(
    *, actor: Actor, title: str, due_on: str | date, classification: str = "", sector: str = ""
) -> ReviewCampaign:
    """Ask every active organisation of a class (both, when empty) and sector (all) to look at its registration.

    Source: Cbw 43, at least every two years. Mails go out by a job. Raises NotAllowed unless an officer asks,
    InvalidField, also when nobody is in the selection.
    """
    rules.require(rules.may_manage(actor))
    named = fields.single("title", cleaners.text(200, required=True), title)
    until: date | None = fields.single("due_on", cleaners.day, due_on)
    if until is None or until <= reads.today():
        raise fields.invalid("due_on", due_on, "noem een dag na vandaag", "name a day after today")
    if classification and classification not in UNDER_THE_LAW:
        raise fields.invalid("classification", classification, "essentieel of belangrijk", "essential or important")
    if sector:
        fields.single("sector", cleaners.sector, sector)
    chosen = reads.organisations_for(actor, sector=sector, active=True)
    chosen = chosen.filter(classification__in=[classification] if classification else UNDER_THE_LAW)
    campaign = ReviewCampaign.objects.create(
        title=named, classification=classification, sector=sector, due_on=until, started_by=actor.id
    )
    rows = [
        Review(campaign=campaign, organisation_id=identifier, due_on=until)
        for identifier in chosen.order_by("id").values_list("id", flat=True)
    ]
    if not rows:
        raise fields.invalid("classification", classification, "niemand is gekozen", "nobody is selected")
    Review.objects.bulk_create(rows, batch_size=5000)
    record(
        actor=actor,
        action="registry:review:start",
        target=("review-campaign", campaign.id),
        detail={"title": named, "due_on": str(until), "organisations": len(rows)},
    )
    return campaign


@transaction.atomic
def confirm_review(*, actor: Actor, review: UUID, group: str) -> Review:
    """Say that a group of fields is still right. The review is done with the last group.

    Raises NotFound, NotAllowed unless the organisation's administrator or an officer asks, InvalidField, WrongState.
    """
    row = reads.access_review(actor, review)
    rules.require(rules.may_tell(actor, row.organisation_id))
    if group not in GROUPS:
        listed = ", ".join(GROUPS)
        raise fields.invalid("group", group, f"kies uit {listed}", f"choose one of {listed}")
    if row.confirmed_at is not None:
        raise WrongState(status_now="confirmed")
    row.confirmed = {**row.confirmed, group: timezone.now().isoformat()}
    if GROUPS.keys() <= row.confirmed.keys():
        row.confirmed_at = timezone.now()
    row.save(update_fields=["confirmed", "confirmed_at"])
    record(
        actor=actor,
        action="registry:review:confirm",
        target=("review", row.id),
        organisation=row.organisation_id,
        detail={"group": group, "done": row.confirmed_at is not None},
    )
    return row


@transaction.atomic
def mail_reviews(*, actor: Actor, now: datetime | None = None) -> int:
    """Mail who was not mailed yet, and remind each two weeks who did not confirm; a job. Returns how many mails."""
    rules.require(rules.may_manage(actor))
    moment = now or timezone.now()
    waiting = Review.objects.filter(confirmed_at=None, organisation__active=True)
    waiting = waiting.exclude(mailed_at__gt=moment - REMINDED_EVERY)
    waiting = waiting.order_by(F("mailed_at").asc(nulls_first=True), "id").select_related("organisation")
    rows = list(waiting.select_for_update(of=("self",), skip_locked=True)[:MAILS_AT_ONCE])
    for row in rows:
        mail.review(row)
        row.mailed_at, row.mails = moment, row.mails + 1
    Review.objects.bulk_update(rows, ["mailed_at", "mails"], batch_size=500)
    if rows:
        record(
            actor=actor, action="registry:review:mail", target=("review", "many"), detail={"organisations": len(rows)}
        )
    return len(rows)
