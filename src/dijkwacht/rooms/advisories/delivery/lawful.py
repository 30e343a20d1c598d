"""By which ways the law lets us tell a concern: asked once per distinct combination of facts, joined back in SQL.

That an organisation runs something vulnerable is a confidential fact about it (Cbw 66(1)); that an advisory exists is
not. The four tests hold as for a notice: who runs it must act (necessary), it gets its own lines and nothing of others
(proportionate, interests), and confidentiality is guaranteed towards itself and by a relay that signed for it.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from dijkwacht.kernel.pap import Pap
from dijkwacht.kernel.tlp import Tlp
from dijkwacht.law.facts import (
    AssetStatus,
    Facts,
    Information,
    ReceiverClass,
    RelayFacts,
    RelayStatus,
    Route,
    SourceTerms,
)
from dijkwacht.rooms.notification import deciding

RELAYABLE: Final = ("CLEAR", "GREEN")  # above that an advisory names whom it is for, and goes to nobody else


@dataclass(frozen=True, slots=True)
class Combination:
    """What decides: the class and country of the organisation, whether it is reached, and its relay if any."""

    classification: str
    country: str
    reached: bool
    matched: bool  # by what it runs; else by its subscription
    relay: str  # state of the mandate: active, suspended, withdrawn; empty where there is no relay
    covers: bool
    confidentiality: bool
    mandatory: bool


def decide(combinations: list[Combination], tlp: str, on: date) -> dict[Combination, dict[str, int]]:
    """Return for each combination the lawful ways, each with the decision that allows it; stores the decisions."""
    facts = {one: _facts(one, tlp, on) for one in combinations}
    judgements = dict(zip(facts, deciding.court().decide(list(facts.values())), strict=True))
    stored = deciding.remember(judgements.values())
    wanted = {Route.DIRECT, *({Route.RELAY} if tlp in RELAYABLE else ())}
    return {
        one: {route.value: stored[judgement] for route in judgement.routes if route in wanted}
        for one, judgement in judgements.items()
    }


def _facts(one: Combination, tlp: str, on: date) -> Facts:
    relay = None
    if one.relay:
        relay = RelayFacts(
            status=RelayStatus(one.relay),
            covers=one.covers,
            confidentiality=one.confidentiality,
            mandatory=one.mandatory,
            copy=not one.mandatory,
        )
    return Facts(
        receiver_class=ReceiverClass(one.classification),
        information=Information.VULNERABILITY,
        personal_data=False,
        confidential=one.matched,
        source_terms=SourceTerms.ANY_RECIPIENT,  # it is our own
        tlp=Tlp(tlp),
        pap=Pap.CLEAR,
        asset_status=AssetStatus.VERIFIED,  # the organisation told it of itself
        on=on,
        country=one.country,
        relay=relay,
        has_direct_contact=one.reached,
        necessary=one.matched,
        proportionate=True,
        confidentiality_guaranteed=relay is None or one.confidentiality or not one.mandatory,
        interests_protected=True,
    )
