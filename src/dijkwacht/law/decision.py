"""What a decision of the law is: the rulings on each route, the grounds they cite, and the record that is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from dijkwacht.law.facts import Facts, Route


@dataclass(frozen=True, slots=True)
class Citation:
    """A policy as cited by a decision, with its words, so that the record explains itself after the policy changed."""

    policy: str
    law: str
    ground_nl: str
    ground_en: str
    sentence_nl: str
    sentence_en: str
    unverified: bool
    obligation: str | None = None


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the law says of one route on which somebody stands at the other end."""

    route: Route
    allowed: bool
    determining: tuple[Citation, ...]  # the grounds when allowed, the prohibitions when not; none: no ground at all
    obligations: tuple[Citation, ...] = ()  # filled for the routes that were chosen

    @property
    def policies(self) -> tuple[str, ...]:
        """Return the ids of the determining policies."""
        return tuple(citation.policy for citation in self.determining)

    @property
    def articles(self) -> tuple[str, ...]:
        """Return the grounds, each once."""
        return tuple(dict.fromkeys(citation.law for citation in self.determining))

    @property
    def unverified(self) -> bool:
        """Tell whether the ruling rests on nothing but unverified grounds."""
        return bool(self.determining) and all(citation.unverified for citation in self.determining)


@dataclass(frozen=True, slots=True)
class Decision:
    """The decision about one combination of facts."""

    facts: Facts
    rulings: tuple[Ruling, ...]  # for each possible route, in order of preference
    routes: tuple[Route, ...]  # the chosen ones in order; (NOBODY,) when there is none
    policy_set_hash: str

    @property
    def obligations(self) -> tuple[str, ...]:
        """Return the slugs of what must accompany the disclosure, each once."""
        found = (citation.obligation for ruling in self.chosen for citation in ruling.obligations)
        return tuple(dict.fromkeys(slug for slug in found if slug))

    @property
    def chosen(self) -> tuple[Ruling, ...]:
        """Return the rulings of the chosen routes, in order."""
        return tuple(ruling for route in self.routes for ruling in self.rulings if ruling.route is route)

    def ruling(self, route: Route) -> Ruling | None:
        """Return what the law says of a route, or None when nobody stands at its other end."""
        return next((ruling for ruling in self.rulings if ruling.route is route), None)

    def to_record(self) -> dict[str, Any]:
        """Return the decision as JSON values. Confidential data carry the outcome of the four tests (Cbw 66(1))."""
        facts = self.facts
        tests = ("necessary", "proportionate", "confidentiality_guaranteed", "interests_protected")
        return {
            "facts": facts.to_record(),
            "rulings": [_ruling_record(ruling) for ruling in self.rulings],
            "routes": [route.value for route in self.routes],
            "obligations": list(self.obligations),
            "confidentiality_tests": {test: getattr(facts, test) for test in tests} if facts.confidential else None,
            "policy_set_hash": self.policy_set_hash,
        }

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """Read a stored decision back. Raises InvalidFacts, KeyError or TypeError when it was not written by us."""
        rulings = tuple(_ruling_from(ruling) for ruling in record["rulings"])
        routes = tuple(Route(route) for route in record["routes"])
        return cls(Facts.from_record(record["facts"]), rulings, routes, record["policy_set_hash"])


def _ruling_record(ruling: Ruling) -> dict[str, Any]:
    return {
        "route": ruling.route.value,
        "allowed": ruling.allowed,
        "policies": list(ruling.policies),
        "articles": list(ruling.articles),
        "unverified": ruling.unverified,
        "determining": [_citation_record(citation) for citation in ruling.determining],
        "obligations": [_citation_record(citation) for citation in ruling.obligations],
    }


def _citation_record(citation: Citation) -> dict[str, Any]:
    return {name: getattr(citation, name) for name in Citation.__dataclass_fields__}


def _ruling_from(record: Mapping[str, Any]) -> Ruling:
    determining = tuple(Citation(**citation) for citation in record["determining"])
    obligations = tuple(Citation(**citation) for citation in record["obligations"])
    return Ruling(Route(record["route"]), record["allowed"], determining, obligations)
