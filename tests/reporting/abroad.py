"""A report under the Netcode that touches another state, contacts abroad, and the choices an officer makes."""

from tests.reporting.story import OFFICER, early_warning, file, member, organisation

from dijkwacht.platform import tenancy
from dijkwacht.rooms.registry import actions as registry
from dijkwacht.rooms.reporting import disclosing
from dijkwacht.rooms.reporting.crossing import actions as crossing
from dijkwacht.rooms.reporting.crossing.choosing import version_of
from dijkwacht.rooms.reporting.crossing.receiving import receivers
from dijkwacht.rooms.reporting.crossing.rules import Audience
from dijkwacht.rooms.reporting.netcode import actions as netcode

TESTS = {name: f"because {name}" for name in disclosing.TESTS}
CLUES = ("Netbeheer Zeeland", "zeeland.example", "+31206230101", "020-6230101", "Kustweg 4", "192.0.2.66", "Nora")
NETCODE = {
    "netcode_entity": "critical-impact",
    "netcode_kind": "attack",
    "netcode_level": "high",
    "netcode_reasoning": "Two stations of Netbeheer Zeeland can be reached",
    "description": f"At {', '.join(CLUES)} a controller was overwritten",
    "member_states": ("DE", "BE"),
    "cross_border": True,
    "indicators": ("203.0.113.77", "vpn.zeeland.example"),
}


def grid():
    """An operator of a grid with an address, a contact, a prefix and a domain."""
    row = organisation(
        "Netbeheer Zeeland",
        sectors=("1.1a",),
        entity_types=["1.1a-dso"],
        phones=["+31206230101"],
        addresses=[
            {"kind": "main", "name": "", "street": "Kustweg 4", "postcode": "4331 AB", "city": "X", "country": "NL"}
        ],
    )
    with tenancy.acting(OFFICER):
        for kind, value in (("prefix", "192.0.2.0/24"), ("domain", "zeeland.example")):
            registry.claim_asset(actor=OFFICER, organisation=row.id, kind=kind, value=value, evidence="letter")
    return row


def reported(whose, **more):
    return file(member(whose.id), whose.id, facts=early_warning(**{**NETCODE, **more})).incident


def point(country="DE", kind="spoc", **more):
    values = {
        "country": country,
        "kind": kind,
        "name": f"SPOC {country}",
        "email": f"{kind}@{country.lower()}.example",
        "source": "list of the Cooperation Group",
        **more,
    }
    with tenancy.acting(OFFICER):
        return crossing.add_point(actor=OFFICER, values=values)


def chosen(incident, audience, country="", **more):
    """All receivers of an audience, and the hash of the version that a person saw."""
    with tenancy.acting(OFFICER):
        keys = frozenset(one.key for one in receivers(incident, Audience(audience), country))
        choice = crossing.Choice(Audience(audience), country, **{"receivers": keys, **more})
        return choice, version_of(incident, choice).sha256


def share(incident, audience, country="", tests=TESTS, actor=OFFICER, in_clear="They have no key", **more):
    choice, seen = chosen(incident, audience, country, **more)
    with tenancy.acting(actor):
        return crossing.share(
            actor=actor, incident=incident.id, choice=choice, seen=seen, tests=tests, in_clear=in_clear
        )


def judge(incident, actor=OFFICER, *, shareable=True, withheld=(), reason="Nothing points at them"):
    with tenancy.acting(actor):
        return netcode.judge_confidentiality(
            actor=actor, incident=incident.id, shareable=shareable, withheld=withheld, reason=reason
        )


def impact(whose, level="high"):
    with tenancy.acting(OFFICER):
        return netcode.add_impact_entity(
            actor=OFFICER, organisation=whose.id, impact=level, decision="KGG 2026/1", valid_from=""
        )
