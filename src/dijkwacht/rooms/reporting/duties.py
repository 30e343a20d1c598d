"""The centre's own duties besides its answer: which were met, and those whose term no regime holds.

Read from rows of what was done, so that a clock stops by what happened and by nothing else.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.rooms.reporting.crossing.models import Crossing, Disclosure, Inbound, Settled
from dijkwacht.rooms.reporting.crossing.rules import (
    DUTY,
    RELAY,
    RELAY_ARTICLE,
    RELAY_STAGE,
    TELL_ARTICLE,
    TELL_STATE,
    Audience,
    stage_of,
)
from dijkwacht.rooms.reporting.models import Incident
from dijkwacht.rooms.reporting.netcode.models import Confidentiality
from dijkwacht.rooms.reporting.netcode.rules import CONFIDENTIALITY, REGIME

OFFICE: Final = system("reporting:duties")  # whoever looks sees the same clocks, also who may not read those rows


@dataclass(frozen=True, slots=True)
class Duty:
    """One duty of the centre with its term."""

    stage: str
    due: datetime
    article: str
    done: bool


def of(incident: Incident) -> tuple[frozenset[str], list[Duty]]:
    """Return which duties of the network code were met, and the duties whose term no regime holds."""
    under = REGIME in incident.regimes
    if not (under or incident.cross_border):  # nothing to look up
        return frozenset(), []
    with tenancy.acting(OFFICE):
        return met(incident) if under else frozenset(), own(incident)


def met(incident: Incident) -> frozenset[str]:
    """Return the duties of the network code that were met: judged, and shared or decided that nothing is."""
    verdict = Confidentiality.objects.filter(incident=incident).order_by("-at", "id").first()
    if verdict is None:
        return frozenset()
    if not verdict.shareable:
        return frozenset({CONFIDENTIALITY, *DUTY.values()})
    told: set[str] = set()
    for model in (Disclosure, Settled):
        told |= set(model.objects.filter(incident=incident).values_list("audience", flat=True))
    return frozenset({CONFIDENTIALITY, *(duty for audience, duty in DUTY.items() if audience in told)})


def own(incident: Incident) -> list[Duty]:
    """Return the duties of the single point of contact: each state to tell, and a report of another state to relay."""
    found: list[Duty] = []
    crossings = list(Crossing.objects.filter(incident=incident))
    if crossings:
        done: set[str] = set()
        for model in (Disclosure, Settled):
            rows = model.objects.filter(incident=incident, audience=Audience.STATE)
            done |= set(rows.values_list("country", flat=True))
        found += [
            Duty(stage_of(one.country), one.since + TELL_STATE, TELL_ARTICLE, one.country in done) for one in crossings
        ]
    relay = Inbound.objects.filter(incident=incident).first()
    if relay is not None:
        due = incident.received_at + RELAY
        found.append(Duty(RELAY_STAGE, due, RELAY_ARTICLE, relay.relayed_at is not None))
    return found
