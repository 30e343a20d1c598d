"""A case as its page shows it: every URL in pieces and defanged, the evidence by family, the brand beside it."""

from typing import Any, Final

from dijkwacht.kernel.errors import Language
from dijkwacht.rooms.phishing.campaigns.models import Campaign
from dijkwacht.rooms.phishing.deciding.people import offered
from dijkwacht.rooms.phishing.judging.knowledge import Brand, brands, sentence
from dijkwacht.rooms.phishing.judging.names import likeness
from dijkwacht.rooms.phishing.judging.showing import defanged, pieces
from dijkwacht.rooms.phishing.judging.weighing import Candidate, Case, weigh

MOST_HOSTS: Final = 50


def shown_case(campaign: Campaign, case: Case, language: Language) -> dict[str, Any]:
    """Give what the template needs."""
    outcome = weigh(case)
    known = offered(case)
    proposed = {f"{one.kind} {one.name}" for one in outcome.targets}
    return {
        "others": sorted(set(campaign.hosts) - {one.place.host for one in case.candidates})[:MOST_HOSTS],
        "links": [_link(one, language) for one in case.candidates],
        "reporters": case.reporters,
        "outcome": outcome,
        "why": [sentence(code, language) for code in outcome.why],
        "offered": [
            {
                "key": key,
                "kind": target.kind,
                "name": defanged(target.name),
                "radius": target.radius,
                "two": two,
                "proposed": key in proposed,
            }
            for key, (target, two) in known.items()
        ],
        "brand": next((one for one in brands() if one.slug == campaign.brand), None),
    }


def _link(one: Candidate, language: Language) -> dict[str, Any]:
    found = likeness(one.place.host)
    families: dict[str, list[str]] = {}
    for said in one.evidence:
        families.setdefault(said.family, []).append(getattr(said, language))
    return {
        "defanged": defanged(one.url),
        "pieces": pieces(one.url),
        "read": one.read,
        "place": one.place,
        "families": families,
        "likes": _real(found[0]) if found else None,
    }


def _real(brand: Brand) -> dict[str, Any]:
    return {"name": brand.names[0], "domains": sorted(brand.domains)}
