"""One decision for campaigns of a wave: each is gathered and weighed anew, and what is not plain stays by itself."""

from collections.abc import Sequence
from typing import Final, NamedTuple
from uuid import UUID

import msgspec
from django.db import transaction

from dijkwacht.kernel.actor import Actor
from dijkwacht.kernel.errors import Problem
from dijkwacht.rooms.phishing import errors
from dijkwacht.rooms.phishing.campaigns.models import Campaign
from dijkwacht.rooms.phishing.deciding import brakes, people
from dijkwacht.rooms.phishing.deciding.carrying import live, written
from dijkwacht.rooms.phishing.deciding.gathering import gather
from dijkwacht.rooms.phishing.deciding.models import Review
from dijkwacht.rooms.phishing.judging.weighing import Case, Target, plain, weigh
from dijkwacht.rooms.phishing.listing import order

VERDICTS: Final = ("phishing", "cannot-say")  # "legitimate" frees names and weighs on reporters: one by one
MOST: Final = 100  # campaigns of one decision
ALONE: Final = frozenset({"route-appeal", "route-freed-before", "route-differs", "route-reopened"})


class Plain(NamedTuple):
    """What one campaign of a wave would be warned for, or as a code of sentences.toml why it stays by itself."""

    campaign: Campaign
    case: Case
    targets: list[Target]
    why: str


class Together(NamedTuple):
    """How many campaigns were decided on, and which were not: by campaign the code of why."""

    done: list[UUID]
    left: dict[UUID, str]


def looked_at(campaign: Campaign, review: Review | None) -> Plain:
    """Weigh one campaign of a wave by itself."""
    case = gather(campaign)
    if review is None or review.state != "waiting":
        return Plain(campaign, case, [], "together-not-waiting")
    if held := ALONE.intersection(review.why):
        return Plain(campaign, case, [], min(held))
    targets, why = plain(case)
    return Plain(campaign, case, targets, why)


@transaction.atomic
def decide(
    *, actor: Actor, wave: UUID, campaigns: Sequence[UUID], verdict: str, reason: str, seconds: float | None = None
) -> Together:
    """Decide on campaigns of a wave that were shown together. `seconds`: from opening the page to now.

    What two people decide, what others' pages stand beside, what was freed, and whose own page does not say it, is left
    for a decision of its own, and so is what is beyond the budget. Raises NotAllowed, UnknownVerdict, ReasonMissing,
    NothingChosen for none of the wave, or more than MOST.
    """
    people.require(actor, verdict, reason)
    if verdict not in VERDICTS:
        raise errors.UnknownVerdict
    if not 0 < len(set(campaigns)) <= MOST:
        raise errors.NothingChosen(most=MOST)
    rows = [*Campaign.objects.filter(id__in=campaigns, wave=wave).order_by("id").select_for_update()]
    if not rows:
        raise errors.NothingChosen(most=MOST)
    brakes.lock()
    if verdict == "phishing":  # whoever frees a name meanwhile is heard: from here on the list stands still
        order.lock()
    reviews = {one.campaign_id: one for one in Review.objects.filter(campaign__in=rows)}
    each = seconds / len(rows) if seconds is not None else None
    word, left = _Word(actor, verdict, reason.strip()[:500], each), dict[UUID, str]()
    for row in rows:
        if why := _decided(word, looked_at(row, reviews.get(row.id))):
            left[row.id] = why
    return Together([row.id for row in rows if row.id not in left], left)


class _Word(NamedTuple):
    """What somebody says of all."""

    actor: Actor
    verdict: str
    reason: str
    seconds: float | None


def _decided(word: _Word, found: Plain) -> str:
    """Decide on one, or say why not."""
    if found.why == "together-not-waiting" or found.why in ALONE:
        return found.why
    if word.verdict != "phishing":
        warned = found.campaign.warnings.filter(removed_at=None, canary=False).exists()
        return "together-warned" if warned else _make(word, found, [])
    return found.why or _make(word, found, found.targets)


def _make(word: _Word, found: Plain, targets: list[Target]) -> str:
    """Write the decision and carry it out; or say why not: its budget is spent, or the list refuses a target."""
    new = {(one.kind, one.name) for one in targets} - live(one.name for one in targets)
    if len(new) > brakes.left_together():
        return "route-budget"
    said = {"verdict": word.verdict, "reason": word.reason, "by": word.actor.id, "seconds": word.seconds}
    said |= {"state": "final", "spent": len(new), "targets": msgspec.to_builtins(targets)}
    try:
        with transaction.atomic():
            decision = written(found.campaign, found.case, weigh(found.case), **said)
            people.recorded(word.actor, decision)
            Review.objects.update_or_create(campaign=found.campaign, defaults={"state": "done", "two": False})
            people.finish(word.actor, found.campaign, decision)
    except Problem:
        return "route-no-scope"
    return ""
