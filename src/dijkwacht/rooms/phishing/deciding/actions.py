"""The machine's verdict: gather, weigh, then warn, ask people, or say that there is nothing."""

from datetime import timedelta
from typing import Final
from uuid import UUID

import msgspec
from django.db import transaction
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.kernel.errors import Problem
from dijkwacht.platform.accounts.permissions import allows
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.phishing.campaigns.actions import settle
from dijkwacht.rooms.phishing.campaigns.models import Campaign
from dijkwacht.rooms.phishing.deciding import brakes
from dijkwacht.rooms.phishing.deciding.carrying import carry_out, live, written
from dijkwacht.rooms.phishing.deciding.gathering import gather
from dijkwacht.rooms.phishing.deciding.models import Review
from dijkwacht.rooms.phishing.errors import NotAllowed
from dijkwacht.rooms.phishing.fetching import reads as pages
from dijkwacht.rooms.phishing.judging.weighing import Case, Outcome, weigh
from dijkwacht.rooms.phishing.learning.ranking import ranked
from dijkwacht.rooms.phishing.listing import actions as listing
from dijkwacht.rooms.phishing.listing import order
from dijkwacht.rooms.phishing.waves import actions as waves

QUIET: Final = timedelta(hours=48)  # without a mail: half of all phishing pages are gone after six hours


@transaction.atomic
def judge(*, actor: Actor, campaign: UUID, why: str = "new") -> Outcome:
    """Weigh all that is known of a campaign and do what the rules say. `why` is one of events.WHYS.

    What a person decided stands: the machine only asks people again when its own outcome has become another.
    """
    if not allows(actor, "phishing:decide"):
        raise NotAllowed
    brakes.lock()
    found = Campaign.objects.select_for_update().get(id=campaign)
    waves.place(actor=actor, campaign=found)
    case = gather(found)
    outcome = weigh(case)
    if outcome.route == "block":  # whoever frees the name meanwhile is heard: from here on the list stands still
        order.lock()
        case = gather(found)
        outcome = weigh(case)
    if why == "list":
        _renew(actor, found)
    if _stands(found, outcome, why):
        return outcome
    if outcome.route == "people":
        _ask_people(actor, found, outcome)
        if "route-budget" in outcome.why:
            brakes.check(actor)
    elif outcome.route == "block":
        _warn(actor, found, case, outcome)
    if found.verdict != outcome.verdict or found.reason != msgspec.to_builtins(outcome.reason):
        settle(actor=actor, campaign=campaign, verdict=outcome.verdict, reason=msgspec.to_builtins(outcome.reason))
    return outcome


def _stands(campaign: Campaign, outcome: Outcome, why: str) -> bool:
    """Whether what was decided stands; asks people again where there is something new to say: always for an appeal."""
    last = campaign.decisions.filter(state__in=("final", "confirmed")).first()
    if why == "appeal":
        _open(campaign, ["route-appeal"], outcome)
        return True
    if last is None or last.automatic:
        return False
    agrees = {"phishing": outcome.route != "none"}.get(last.verdict, outcome.route != "block")
    freed = why == "decision"
    if freed or (not agrees and last.outcome.get("route") != outcome.route):
        _open(campaign, ["route-freed-before" if freed else "route-reopened"], outcome)
    return True


def _ask_people(actor: Actor, campaign: Campaign, outcome: Outcome) -> None:
    known = Review.objects.filter(campaign=campaign).first()
    if known is None or known.state == "done":
        record(
            actor=actor, action="phishing:review:open", target=("campaign", campaign.id), detail={"why": outcome.why}
        )
    if known is None or known.state != "proposed":
        _open(campaign, outcome.why, outcome)


def _open(campaign: Campaign, why: list[str], outcome: Outcome) -> None:
    told = {"why": why, "two": outcome.two, "score": ranked(campaign)}
    Review.objects.update_or_create(campaign=campaign, defaults={"state": "waiting", **told})


def _warn(actor: Actor, campaign: Campaign, case: Case, outcome: Outcome) -> None:
    """Warn for what is not warned for yet, and pay for it from the budget."""
    wanted = {(one.kind, one.name) for one in outcome.targets}
    new = wanted - live(one.name for one in outcome.targets)
    last = campaign.decisions.filter(automatic=True).first()
    if not new and last and {(one["kind"], one["name"]) for one in last.targets} == wanted:
        return
    said = {"by": actor.id, "automatic": True, "state": "final", "verdict": outcome.verdict, "spent": len(new)}
    try:
        with transaction.atomic():
            decision = written(campaign, case, outcome, **said)
            carry_out(actor, campaign, decision)
    except Problem:  # the list refuses the name: a person looks what it is
        _open(campaign, ["route-no-scope"], outcome)
        return
    Review.objects.filter(campaign=campaign).update(state="done")
    record(
        actor=actor,
        action="phishing:decision:make",
        target=("campaign", campaign.id),
        detail={"decision": decision.id, "rules": decision.rules, "codes": [one.code for one in outcome.reason]},
    )
    brakes.check(actor)


def _renew(actor: Actor, campaign: Campaign) -> None:
    """Give warnings of a campaign a new lease while its mails still come; what went quiet ends by itself.

    So does what every page of it went away of, as far as the last look knows; the next one is asked for meanwhile.
    """
    if campaign.verdict != "phishing" or campaign.last_at < timezone.now() - QUIET or pages.is_over(campaign.id):
        return
    for entry in campaign.warnings.filter(removed_at=None, canary=False):
        listing.renew(actor=actor, entry=entry.id)
