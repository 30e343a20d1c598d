"""What waits for people, and one campaign with all that is known of it."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

import msgspec
from django.db.models import Count
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.accounts.permissions import allows
from dijkwacht.rooms.phishing.campaigns.models import Campaign, Report
from dijkwacht.rooms.phishing.deciding.brakes import HOUR
from dijkwacht.rooms.phishing.deciding.models import AbuseContact, Decision, Proposal, Review
from dijkwacht.rooms.phishing.deciding.people import sampled
from dijkwacht.rooms.phishing.errors import NotAllowed, NotFound
from dijkwacht.rooms.phishing.judging.knowledge import sentence
from dijkwacht.rooms.phishing.judging.urgency import urgency
from dijkwacht.rooms.phishing.judging.weighing import Case, Outcome, rules_version, weigh
from dijkwacht.rooms.phishing.waves import reads as waves

WEEK = timedelta(days=7)
MOST = 500  # reviews that are sorted
WAITING: Final = ("waiting", "proposed")  # states of a review


class Waiting(NamedTuple):
    """One campaign in the queue."""

    review: Review
    campaign: Campaign
    an_hour: int
    urgency: float
    more: int = 0  # campaigns of its wave that wait as well, and stand behind it


def require(actor: Actor) -> None:
    """Raise NotAllowed for whoever may not see the phishing desk."""
    if not allows(actor, "phishing:read"):
        raise NotAllowed


def waiting(actor: Actor) -> int:
    """Give how many campaigns and proposals wait for a person."""
    return Review.objects.filter(state__in=WAITING).count() + len(proposals(actor))


def queue(actor: Actor, now: datetime | None = None) -> list[Waiting]:
    """Give what waits, the most urgent first."""
    require(actor)
    now = now or timezone.now()
    rows = [*Review.objects.filter(state__in=WAITING).select_related("campaign").order_by("since")[:MOST]]
    paces = _paces([row.campaign_id for row in rows], now)
    found = [
        Waiting(
            row,
            row.campaign,
            paces.get(row.campaign_id, 0),
            urgency(
                brand=bool(row.campaign.brand),
                an_hour=paces.get(row.campaign_id, 0),
                score=row.score,
                hours=(now - row.since).total_seconds() / 3600,
            ),
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: -one.urgency)


def by_wave(found: list[Waiting]) -> list[Waiting]:
    """Give of each wave the most urgent only, with how many of it wait besides."""
    count = Counter(one.campaign.wave for one in found)
    first: dict[UUID, Waiting] = {}
    for one in found:
        first.setdefault(one.campaign.wave or one.campaign.id, one)
    del count[None]  # alone
    return [Waiting(*one[:4], more=max(count[one.campaign.wave] - 1, 0)) for one in first.values()]


def access_wave(actor: Actor, wave: UUID) -> list[Campaign]:
    """Give the campaigns of a wave, the newest first. Raises NotAllowed, NotFound."""
    require(actor)
    found = waves.campaigns_of(wave)
    if not found:
        raise NotFound(what="wave", what_nl="golf")
    return found


def _paces(campaigns: list[UUID], now: datetime) -> dict[UUID, int]:
    """Give the mails of the last hour by campaign."""
    rows = Report.objects.filter(campaign__in=campaigns, received_at__gt=now - HOUR)
    return dict(rows.order_by().values_list("campaign").annotate(count=Count("id")))


def access_campaign(actor: Actor, campaign: UUID) -> Campaign:
    """Give a campaign. Raises NotAllowed, NotFound."""
    require(actor)
    found = Campaign.objects.filter(id=campaign).first()
    if found is None:
        raise NotFound(what="campaign", what_nl="campagne")
    return found


def contacts(actor: Actor) -> list[AbuseContact]:
    """Give the contacts of hosts that a person has not released yet, with the requests that wait for them."""
    require(actor)
    return [*AbuseContact.objects.filter(released_at=None).prefetch_related("takedowns").order_by("host")[:MOST]]


def access_contact(actor: Actor, host: str) -> AbuseContact:
    """Give a contact. Raises NotAllowed, NotFound."""
    require(actor)
    found = AbuseContact.objects.filter(host=host).first()
    if found is None:
        raise NotFound(what="contact", what_nl="contact")
    return found


def access_decision(actor: Actor, decision: UUID) -> Decision:
    """Give a decision with its campaign. Raises NotAllowed, NotFound."""
    require(actor)
    found = Decision.objects.select_related("campaign", "of").filter(id=decision).first()
    if found is None:
        raise NotFound(what="decision", what_nl="beslissing")
    return found


def proposals(actor: Actor) -> list[Proposal]:
    """Give what one person proposed of their own accord and waits for a second, the oldest first."""
    require(actor)
    return [*Proposal.objects.filter(state="proposed").order_by("at")[:MOST]]


def access_proposal(actor: Actor, proposal: UUID) -> Proposal:
    """Give a proposal. Raises NotAllowed, NotFound."""
    require(actor)
    found = Proposal.objects.select_related("entry").filter(id=proposal).first()
    if found is None:
        raise NotFound(what="proposal", what_nl="voorstel")
    return found


def second_looks(actor: Actor) -> list[Decision]:
    """Give the decisions of others, of the last week, that wait for this person's blind second look."""
    require(actor)
    rows = Decision.objects.filter(
        state="final", automatic=False, at__gt=timezone.now() - WEEK, answers=None, facts__has_key="candidates"
    )
    return [one for one in rows.exclude(by=actor.id).select_related("campaign")[:MOST] if sampled(one)]


class Replay(NamedTuple):
    """A decision played again: what the rules of now say of what was known then."""

    then: Outcome
    now: Outcome
    same: bool
    rules: str


def replay(decision: Decision) -> Replay | None:
    """Play a decision again from what was stored of it; None for one that holds no facts of its own."""
    if not decision.facts:
        return None
    then, case = msgspec.convert(decision.outcome, Outcome), msgspec.convert(decision.facts, Case)
    now = weigh(case)
    return Replay(then, now, then == now, rules_version())


def told(outcome: dict[str, Any], language: str) -> list[str]:
    """Give why people look, in words."""
    return [sentence(code, language) for code in outcome.get("why", [])]
