"""What the page of an incident says of what goes to others and what came from abroad."""

from dataclasses import dataclass
from typing import Any

from dijkwacht.kernel.actor import Actor
from dijkwacht.rooms.reporting import rules
from dijkwacht.rooms.reporting.crossing import reads, showing_versions
from dijkwacht.rooms.reporting.crossing.models import Crossing, Inbound
from dijkwacht.rooms.reporting.crossing.rules import Audience
from dijkwacht.rooms.reporting.models import Incident
from dijkwacht.rooms.reporting.netcode import reads as netcode
from dijkwacht.rooms.reporting.netcode import web as netcode_web
from dijkwacht.rooms.reporting.netcode.models import Confidentiality
from dijkwacht.rooms.reporting.netcode.rules import REGIME


@dataclass(frozen=True, slots=True)
class Outward:
    """All of it, as far as the actor may see it. `audiences`: word of the address, title, whether it is done."""

    netcode: bool
    may_judge: bool
    criticality: dict[str, Any] | None
    verdicts: list[Confidentiality]
    audiences: list[tuple[str, str, bool]]
    sent: list[tuple[Any, str]]
    settled: list[tuple[Any, str]]
    inbound: Inbound | None


def of(actor: Actor, row: Incident) -> Outward:
    """Return what the page shows."""
    sent, settled = reads.disclosures_of(actor, row), reads.settled_of(actor, row)
    under = REGIME in row.regimes
    done = {(one.audience, one.country) for one in sent} | {(one.audience, one.country) for one in settled}
    return Outward(
        netcode=under,
        may_judge=under and netcode.may_judge(actor),
        criticality=netcode_web.criticality(row),
        verdicts=netcode.verdicts_of(row) if under else [],
        audiences=_audiences(row, done, under=under) if rules.may_handle(actor) else [],
        sent=[(one, showing_versions.audience_title(one.audience, one.country)) for one in sent],
        settled=[(one, showing_versions.audience_title(one.audience, one.country)) for one in settled],
        inbound=Inbound.objects.filter(incident=row).first(),
    )


def _audiences(row: Incident, done: set[tuple[str, str]], *, under: bool) -> list[tuple[str, str, bool]]:
    found = [
        (str(one), showing_versions.audience_title(one, ""), (one, "") in done)
        for one in (Audience.NETCODE_STATE, Audience.NETCODE_ENTITY)
        if under
    ]
    states = Crossing.objects.filter(incident=row).values_list("country", flat=True)
    return found + [
        (country, showing_versions.audience_title(Audience.STATE, country), (Audience.STATE, country) in done)
        for country in states
    ]
