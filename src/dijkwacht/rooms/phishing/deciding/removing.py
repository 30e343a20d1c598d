"""A warning ended before its time: was it wrong? Then it counts against whoever gave it; its campaign is cleared."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.phishing import events
from dijkwacht.rooms.phishing.campaigns.actions import settle
from dijkwacht.rooms.phishing.campaigns.models import Campaign
from dijkwacht.rooms.phishing.deciding import brakes, reputations
from dijkwacht.rooms.phishing.deciding.models import Decision, Removal, Review
from dijkwacht.rooms.phishing.listing.models import Entry

LIVE: Final = ("final", "confirmed")
SAME: Final = timedelta(minutes=5)  # a decision within it, by the same person, is what took the warning away


@transaction.atomic
def count(*, actor: Actor, entry: UUID, by: str, reason: str, person: bool) -> None:
    """Count a warning that somebody took away.

    Where no warning of its campaign is left and that still is phishing, it becomes legitimate: whoever reported hears
    it. The other campaigns that it warned for are judged anew: people hear of them. A person who only chose another
    scope made no warning wrong.
    """
    row = Entry.objects.select_related("campaign").filter(id=entry).exclude(removed_at=None).first()
    if row is None or Removal.objects.filter(entry=row).exists():
        return
    campaign = Campaign.objects.select_for_update(of=("self",)).filter(entries=row).first()
    brakes.lock()
    others = Campaign.objects.filter(warnings=row, verdict="phishing")
    others = others.exclude(id=row.campaign_id) if row.campaign_id else others
    for other in others.order_by("id").values_list("id", flat=True):
        events.campaign_changed.send(Entry, campaign=other, why="decision")
    if campaign is not None and _rescoped(campaign, row, by):
        return
    Removal.objects.create(entry=row, automatic=row.added_by.startswith("system:"))
    record(actor=actor, action="phishing:entry:count-wrong", target=("entry", row.id), detail={"by": by})
    brakes.check(actor)
    if campaign is not None and campaign.verdict == "phishing":
        _clear(actor, campaign, by, reason, person=person)


def _rescoped(campaign: Campaign, entry: Entry, by: str) -> bool:
    last = campaign.decisions.filter(state__in=LIVE).first()
    removed = entry.removed_at or timezone.now()
    return last is not None and last.verdict == "phishing" and abs(removed - last.at) < SAME and last.by == by


def _clear(actor: Actor, campaign: Campaign, by: str, reason: str, *, person: bool) -> None:
    if campaign.warnings.filter(removed_at=None).exists():
        return
    said = {"verdict": "legitimate", "reason": reason[:500], "rules": "", "by": by}
    Decision.objects.create(campaign=campaign, state="final", automatic=not person, **said)
    Review.objects.filter(campaign=campaign).update(state="done")
    if person:
        reputations.tell(campaign, timezone.now(), confirmed=0, refuted=1)
    settle(actor=actor, campaign=campaign.id, verdict="legitimate", reason=[])
