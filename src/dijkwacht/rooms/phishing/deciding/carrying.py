"""A decision written down with all that it was made of, and what it says done."""

from collections.abc import Iterable
from typing import Any

import msgspec

from dijkwacht.kernel.actor import Actor
from dijkwacht.rooms.phishing.campaigns.models import Campaign
from dijkwacht.rooms.phishing.deciding import takedowns
from dijkwacht.rooms.phishing.deciding.models import Decision
from dijkwacht.rooms.phishing.judging.weighing import Case, Outcome, rules_version
from dijkwacht.rooms.phishing.listing import actions as listing
from dijkwacht.rooms.phishing.listing.models import Entry


def live(names: Iterable[str]) -> set[tuple[str, str]]:
    """Give what of these is warned for now, as pairs of kind and name."""
    return set(Entry.objects.filter(name__in=[*names], removed_at=None).values_list("kind", "name"))


def written(campaign: Campaign, case: Case, outcome: Outcome, **said: Any) -> Decision:
    """Write a decision down with all that it was made of."""
    return Decision.objects.create(
        **{
            "campaign": campaign,
            "facts": msgspec.to_builtins(case),
            "outcome": msgspec.to_builtins(outcome),
            "rules": rules_version(),
            "targets": msgspec.to_builtins(outcome.targets),
            **said,
        }
    )


def carry_out(actor: Actor, campaign: Campaign, decision: Decision) -> None:
    """Make the list say what a decision says, and ask owners of shared hosts to take pages away.

    What a person found legitimate is free for all; else another campaign's warning for the same name stands.
    """
    wanted = {(one["kind"], one["name"]): one for one in decision.targets} if decision.verdict == "phishing" else {}
    free = decision.verdict == "legitimate" and not decision.automatic
    for entry in campaign.warnings.filter(removed_at=None, canary=False):
        if (entry.kind, entry.name) not in wanted:
            listing.unblock(
                actor=actor,
                name=entry.name,
                kind=entry.kind,
                reason=decision.reason or decision.verdict,
                campaign=None if free else campaign.id,
            )
    for one in wanted.values():
        listing.block(
            actor=actor,
            kind=one["kind"],
            name=one["name"],
            reason=decision.outcome["reason"] or decision.reason,
            campaign=campaign.id,
            blast_radius=one["radius"],
        )
        takedowns.ask(actor, campaign, one)
