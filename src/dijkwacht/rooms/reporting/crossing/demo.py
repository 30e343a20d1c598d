"""The demo across the border: invented contacts, a report under the Netcode, and one from abroad."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform import tenancy
from dijkwacht.rooms.reporting import actions as reporting
from dijkwacht.rooms.reporting.crossing import actions
from dijkwacht.rooms.reporting.crossing.choosing import version_of
from dijkwacht.rooms.reporting.crossing.models import ForeignPoint
from dijkwacht.rooms.reporting.crossing.receiving import receivers
from dijkwacht.rooms.reporting.crossing.rules import Audience, Way
from dijkwacht.rooms.reporting.models import Incident
from dijkwacht.rooms.reporting.netcode import actions as netcode
from dijkwacht.rooms.reporting.rules import Channel, Stage

SOURCE: Final = "demo"
POINTS: Final = (
    ("DE", "spoc", "Zentrale Anlaufstelle (Demo)", "spoc@anlaufstelle.example"),
    ("DE", "netcode", "Netzkontakt (Demo)", "netcode@anlaufstelle.example"),
    ("BE", "spoc", "Centraal contactpunt België (demo)", "spoc@contactpunt.example"),
    ("FR", "spoc", "Point de contact unique (démo)", "spoc@contact.example"),
    ("EU", "spoc", "ENISA (demo)", "spoc@agency.example"),
)
GRID: Final[dict[str, Any]] = {
    "kind": "incident",
    "significant": True,
    "title": "Besturing van twee stations overschreven",
    "incident_type": "intrusions/system-compromise",
    "suspected_malicious": True,
    "cross_border": True,
    "member_states": ("DE", "BE"),
    "cross_border_effect": "Dezelfde apparatuur staat in stations over de grens.",
    "description": "Bij Netbeheer Delta is via vpn.netbeheerdelta.example op 198.18.64.20 ingelogd; de besturing van "
    "twee stations is overschreven. Bel scada@netbeheerdelta.example voor details.",
    "indicators": ("203.0.113.90", "vpn.netbeheerdelta.example", "besturing-update.example"),
    "netcode_entity": "critical-impact",
    "netcode_kind": "attack",
    "netcode_level": "high",
    "netcode_impact": 4,
    "netcode_severity": 3,
    "netcode_reasoning": "Twee stations van Netbeheer Delta waren een uur niet te besturen.",
    "contact_name": "Stroom van Dienst",
    "contact_email": "cert@netbeheerdelta.example",
    "contact_phone": "+31 20 123 0017",
}
THREAT: Final[dict[str, Any]] = {
    **GRID,
    "kind": "threat",
    "significant": False,
    "title": "Aankondiging van een aanval op netbeheerders",
    "description": "Op een forum wordt een aanval op netbeheerders aangekondigd.",
    "incident_type": "information-gathering/scanner",
    "member_states": None,
    "netcode_kind": "threat",
    "netcode_reasoning": "Genoemd worden netbeheerders in meer landen.",
    "indicators": ("forum-dreiging.example",),
}
FROM_ABROAD: Final[dict[str, Any]] = {
    "kind": "incident",
    "title": "Overwritten controllers at an operator of a grid",
    "description": "Controllers of one maker were overwritten through its update server. Operators in your country use "
    "the same maker.",
    "cross_border_effect": "Dutch operators may run the same controllers.",
    "entity_types": ["1.1a-dso"],
    "indicators": ["203.0.113.90", "besturing-update.example"],
}
IN_CLEAR: Final = "De bedachte contacten hebben geen sleutel."
TESTS: Final = {
    "necessary": "Zij gebruiken dezelfde apparatuur.",
    "proportionate": "Alleen wat zij nodig hebben om te zoeken.",
    "confidentiality_guaranteed": "Afspraken van het netwerk.",
    "interests_protected": "Zonder naam en zonder wat naar haar wijst.",
}


def load(*, officer: Actor, grid: UUID, neighbour: UUID) -> int:
    """File two reports under the Netcode of an operator, share one, and take one in from abroad, once.

    `neighbour`: an organisation that hears of it. Returns how many incidents were made.
    """
    with tenancy.acting(officer):
        if ForeignPoint.objects.exists():
            return 0
        for country, kind, name, email in POINTS:
            values = {"country": country, "kind": kind, "name": name, "email": email, "source": SOURCE}
            actions.add_point(actor=officer, values=values)
        for organisation, impact in ((grid, "critical"), (neighbour, "high")):
            netcode.add_impact_entity(
                actor=officer, organisation=organisation, impact=impact, decision="Voorbeeldbesluit 1", valid_from=""
            )
        attack = _file(officer, grid, GRID)
        _file(officer, grid, THREAT)
        netcode.judge_confidentiality(
            actor=officer, incident=attack.id, shareable=True, withheld=(), reason="Niets hierin wijst naar u."
        )
        for audience, country in ((Audience.NETCODE_ENTITY, ""), (Audience.STATE, "BE")):
            _share(officer, attack, audience, country)
        actions.receive_inbound(actor=officer, country="FR", reference="FR-2026-0117", facts=FROM_ABROAD, way=Way.FORM)
    return 3


def _file(officer: Actor, organisation: UUID, facts: dict[str, Any]) -> Incident:
    began = timezone.now() - timedelta(hours=2)
    moments = {"occurrence": began - timedelta(hours=1), "awareness": began}
    whole = {**facts, **{name: at.isoformat(timespec="seconds") for name, at in moments.items()}}
    return reporting.file_report(
        actor=officer,
        stage=Stage.EARLY_WARNING,
        facts={name: value for name, value in whole.items() if value is not None},
        organisation=organisation,
        channel=Channel.PHONE,
    ).incident


def _share(officer: Actor, row: Incident, audience: Audience, country: str) -> None:
    keys = frozenset(one.key for one in receivers(row, audience, country))
    choice = actions.Choice(audience, country, receivers=keys)
    seen = version_of(row, choice).sha256
    actions.share(actor=officer, incident=row.id, choice=choice, seen=seen, tests=TESTS, in_clear=IN_CLEAR)
