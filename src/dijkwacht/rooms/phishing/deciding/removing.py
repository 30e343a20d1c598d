"""A warning ended: was it wrong? Then it counts against the machine, and the campaign is what a person says it is."""

from typing import Any, Final

from django.utils import timezone

from dijkwacht.kernel.actor import Actor, Kind
from dijkwacht.rooms.phishing.campaigns.actions import settle
from dijkwacht.rooms.phishing.deciding import brakes, reputations
from dijkwacht.rooms.phishing.deciding.models import Decision, Removal, Review
from dijkwacht.rooms.phishing.listing.models import Entry

LIVE: Final = ("final", "confirmed")


def on_removed(*, entry: Entry, actor: Actor, reason: str, **_: Any) -> None:
    """Count a warning that a person took away. One that a job ended (its lease, a decision) tells nothing here.

    Where no warning of the campaign is left and the last decision still says phishing, it becomes legitimate: whoever
    reported is told.
    """
    if actor.kind is not Kind.PERSON or entry.canary or entry.campaign is None:
        return
    decision = entry.campaign.decisions.filter(state__in=LIVE, verdict="phishing").first()
    automatic = decision.automatic if decision else entry.added_by.startswith("system:")
    Removal.objects.get_or_create(entry=entry, defaults={"automatic": automatic})
    brakes.check(actor)
    campaign = entry.campaign
    if campaign.verdict != "phishing" or Entry.objects.filter(campaign=campaign, removed_at=None).exists():
        return
    Decision.objects.create(
        campaign=campaign, state="final", verdict="legitimate", reason=reason[:500], rules="", by=actor.id
    )
    Review.objects.filter(campaign=campaign).update(state="done")
    reputations.tell(campaign, timezone.now(), confirmed=0, refuted=1)
    settle(actor=actor, campaign=campaign.id, verdict="legitimate", reason=[])
