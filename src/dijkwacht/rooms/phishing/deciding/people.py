"""What people decide: one for most, two for banks, governments and much visited hosts, and a blind second look."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec
from django.db import transaction
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.accounts.permissions import allows
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.phishing import errors
from dijkwacht.rooms.phishing.campaigns.actions import settle
from dijkwacht.rooms.phishing.campaigns.models import Campaign
from dijkwacht.rooms.phishing.deciding import reputations
from dijkwacht.rooms.phishing.deciding.carrying import carry_out, written
from dijkwacht.rooms.phishing.deciding.gathering import gather
from dijkwacht.rooms.phishing.deciding.models import Decision, Review
from dijkwacht.rooms.phishing.judging.knowledge import is_shared, registrable
from dijkwacht.rooms.phishing.judging.radius import radius, two_people
from dijkwacht.rooms.phishing.judging.scope import Scope
from dijkwacht.rooms.phishing.judging.weighing import NEVER, Candidate, Case, Target, weigh

VERDICTS: Final = ("phishing", "suspicious", "legitimate", "cannot-say")
SAMPLE: Final = 10  # one in so many decisions gets a blind second look
REFUTING: Final = ("legitimate",)


def offered(case: Case) -> dict[str, tuple[Target, bool]]:
    """Give what a person may warn for, by "kind name", and whether that takes two people.

    Our own portal and a protected brand are never offered: the list refuses them too.
    """
    return {
        f"{scope.kind} {scope.name}": (
            Target(scope.kind, scope.name, radius(one.place, scope)),
            two_people(one.place) or scope.kind == "domain",
        )
        for one in case.candidates
        if one.place.guard not in NEVER
        for scope in _scopes(one)
    }


def _scopes(one: Candidate) -> list[Scope]:
    found = [Scope("url", one.url, "chosen")]
    own_host = bool(registrable(one.place.host)) or one.scope.kind == "host"  # a bare address has no domain
    if own_host and not is_shared(one.place.host) and not one.place.guard:
        found.append(Scope("host", one.place.host, "chosen"))
    return [*found, *([one.scope] if one.scope.kind in {"name", "domain"} else [])]


@transaction.atomic
def decide(
    *,
    actor: Actor,
    campaign: UUID,
    verdict: str,
    reason: str,
    targets: Sequence[str] = (),
    seconds: float | None = None,
    seen: str | None = None,
) -> Decision:
    """Decide on a campaign. `targets`: keys of `offered`. `seconds`: from opening the page to now.

    `seen`: `newest` as the person saw it; None where nobody looked at a page. Where two people are needed it is a
    proposal. Raises NotAllowed, UnknownVerdict, ReasonMissing, NothingToWarnFor, AlreadyDecided when a proposal waits
    or somebody decided since the person looked: of two at the same time one decides, and nobody twice.
    """
    require(actor, verdict, reason)
    found = Campaign.objects.select_for_update().get(id=campaign)
    if found.decisions.filter(state="proposed").exists() or (seen is not None and seen != newest(found)):
        raise errors.AlreadyDecided
    case = gather(found)
    chosen = _chosen(case, targets) if verdict == "phishing" else []
    two = any(pair for _, pair in chosen)
    said = {"verdict": verdict, "reason": reason.strip()[:500], "by": actor.id, "seconds": seconds}
    picked = msgspec.to_builtins([one for one, _ in chosen])
    decision = written(found, case, weigh(case), state="proposed" if two else "final", **{**said, "targets": picked})
    recorded(actor, decision)
    Review.objects.update_or_create(campaign=found, defaults={"state": "proposed" if two else "done", "two": two})
    if not two:
        finish(actor, found, decision)
    return decision


def newest(campaign: Campaign) -> str:
    """Give the identifier of the last decision by a person, a second one included; "" when there is none."""
    last = campaign.decisions.filter(automatic=False).values_list("id", flat=True).first()
    return str(last or "")


def _chosen(case: Case, targets: Sequence[str]) -> list[tuple[Target, bool]]:
    known = offered(case)
    found = [known[one] for one in targets if one in known]
    if not found or len(found) < len(targets):
        raise errors.NothingToWarnFor
    return found


@transaction.atomic
def answer(*, actor: Actor, decision: UUID, agree: bool, reason: str, seconds: float | None = None) -> Decision:
    """Confirm or refuse somebody else's proposal, or take back one's own; what is not confirmed is in the queue again.

    Raises NotAllowed, NotFound, ReasonMissing, AlreadyDecided, and SamePerson for confirming one's own.
    """
    require(actor, "phishing", reason)
    first = Decision.objects.select_for_update(of=("self",)).filter(id=decision).first()
    if first is None:
        raise errors.NotFound(what="decision", what_nl="beslissing")
    if first.state != "proposed":
        raise errors.AlreadyDecided
    own = first.by == actor.id
    if own and agree:
        raise errors.SamePerson
    campaign = Campaign.objects.select_for_update().get(id=first.campaign_id)
    first.state = "confirmed" if agree else "withdrawn" if own else "refused"
    first.save(update_fields=["state"])
    second = Decision.objects.create(
        campaign=campaign,
        of=first,
        state="withdrawn" if own else "second",
        verdict=first.verdict if agree else "cannot-say",
        reason=reason.strip()[:500],
        rules=first.rules,
        by=actor.id,
        seconds=seconds,
    )
    recorded(actor, second)
    Review.objects.filter(campaign=campaign).update(state="done" if agree else "waiting", since=timezone.now())
    if agree:
        finish(actor, campaign, first)
    return second


@transaction.atomic
def look_again(*, actor: Actor, decision: UUID, verdict: str, reason: str, seconds: float | None = None) -> Decision:
    """Judge anew what somebody else decided, without having seen it; where the two differ, people look once more.

    Raises NotAllowed, NotFound, UnknownVerdict, ReasonMissing, SamePerson, AlreadyDecided when it was looked at.
    """
    require(actor, verdict, reason)
    first = Decision.objects.select_for_update(of=("self",)).filter(id=decision, state="final", automatic=False).first()
    if first is None:
        raise errors.NotFound(what="decision", what_nl="beslissing")
    if first.by == actor.id:
        raise errors.SamePerson
    if first.answers.exists():
        raise errors.AlreadyDecided
    said = {
        "verdict": verdict,
        "reason": reason.strip()[:500],
        "rules": first.rules,
        "by": actor.id,
        "seconds": seconds,
    }
    second = Decision.objects.create(campaign_id=first.campaign_id, of=first, state="second", **said)
    recorded(actor, second)
    if verdict != first.verdict:
        again = {"state": "waiting", "why": ["route-differs"], "since": timezone.now()}
        Review.objects.update_or_create(campaign_id=first.campaign_id, defaults=again)
    return second


def sampled(decision: Decision) -> bool:
    """Whether a decision is one of the tenth that somebody looks at again: by its identifier, which nobody chooses."""
    return decision.id.int % SAMPLE == 0


def require(actor: Actor, verdict: str, reason: str) -> None:
    """Raise NotAllowed, UnknownVerdict or ReasonMissing."""
    if not allows(actor, "phishing:decide"):
        raise errors.NotAllowed
    if verdict not in VERDICTS:
        raise errors.UnknownVerdict
    if not reason.strip():
        raise errors.ReasonMissing


def recorded(actor: Actor, decision: Decision) -> None:
    """Tell the audit log of a decision."""
    detail = {"decision": decision.id, "verdict": decision.verdict, "state": decision.state, "rules": decision.rules}
    record(actor=actor, action="phishing:decision:make", target=("campaign", decision.campaign_id), detail=detail)


def finish(actor: Actor, campaign: Campaign, decision: Decision) -> None:
    """Do what a decision says: the list, the verdict, and what the reporters' words weigh from now on."""
    _weigh_reporters(campaign, decision)
    carry_out(actor, campaign, decision)
    reason = decision.outcome["reason"] if decision.verdict in {"phishing", "suspicious"} else []
    settle(actor=actor, campaign=campaign.id, verdict=decision.verdict, reason=reason)


def _weigh_reporters(campaign: Campaign, decision: Decision) -> None:
    """Count the outcome once; a decision that turns another around takes back what that one counted."""
    before = (
        campaign.decisions.filter(state__in=("final", "confirmed"), automatic=False).exclude(id=decision.id).first()
    )
    was, is_now = _counts(before.verdict if before else ""), _counts(decision.verdict)
    confirmed, refuted = is_now[0] - was[0], is_now[1] - was[1]
    if confirmed or refuted:
        reputations.tell(campaign, timezone.now(), confirmed=confirmed, refuted=refuted)


def _counts(verdict: str) -> tuple[int, int]:
    return int(verdict == "phishing"), int(verdict in REFUTING)
