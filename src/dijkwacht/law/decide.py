"""Decide: may this information go to this receiver, by which routes, on which ground, and with what obligations."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final, NamedTuple

import cedarpy

from dijkwacht.kernel.errors import Problem
from dijkwacht.law.decision import Citation, Decision, Ruling
from dijkwacht.law.facts import Facts, Route
from dijkwacht.law.policies import Policy, PolicySet, as_cedar_json

# A national file has a few thousand combinations; the bound only keeps a long-lived worker from growing for ever.
CACHE_LIMIT: Final = 200_000
NO_ENTITIES: Final = cedarpy.Entities.from_json_str("[]")


class LawNotApplicable(Problem):
    """The policies could not be applied to the facts, so nothing may be disclosed."""

    nl = "Het juridisch kader kon niet op de feiten worden toegepast, dus er mag niets worden verstrekt."
    status = 500


class Question(NamedTuple):
    """One question to the policies; equal questions have equal answers."""

    period: int
    route: str
    about: str  # "Disclosure" or "Obligation"
    receiver: str
    information: str
    context: str  # JSON of the facts this route may depend on


class Answer(NamedTuple):
    """What the policies answer."""

    allowed: bool
    policies: tuple[Citation, ...]


class Court:
    """A policy set at work: it puts questions to Cedar in batches and remembers the answers."""

    def __init__(self, policies: PolicySet, remember: int = CACHE_LIMIT) -> None:
        """Take a checked policy set, and the number of answers after which memory is emptied."""
        self.policies = policies
        self.remember = remember
        self._answers: dict[Question, Answer] = {}
        self._engines: dict[tuple[int, str, str], cedarpy.PolicySet] = {}
        self._citations: dict[tuple[str, int], Citation] = {}

    def decide(self, facts: Iterable[Facts]) -> list[Decision]:
        """Return the decision for each of the facts, in order; equal facts are decided once."""
        asked = list(facts)
        distinct = list(dict.fromkeys(asked))
        if len(self._answers) > self.remember:
            self._answers = {}  # a new one: another thread may still be reading the old
        answers = self._answers
        disclosures = {one: self._questions(one, "Disclosure", one.possible_routes) for one in distinct}
        self._ask(disclosures, answers)
        rulings = {
            one: tuple(Ruling(route, *answers[question]) for route, question in questions.items())
            for one, questions in disclosures.items()
        }
        routes = {one: choose(one, rulings[one]) for one in distinct}
        duties = {one: self._questions(one, "Obligation", routes[one]) for one in distinct}
        self._ask(duties, answers)
        made: dict[Facts, Decision] = {}
        for one in distinct:
            added = {route: answers[question].policies for route, question in duties[one].items()}
            full = tuple(replace(ruling, obligations=added.get(ruling.route, ())) for ruling in rulings[one])
            made[one] = Decision(one, full, routes[one], self.policies.hash)
        return [made[one] for one in asked]

    def _questions(self, facts: Facts, about: str, routes: Iterable[Route]) -> dict[Route, Question]:
        """Put the facts of each route into a question."""
        period = self.policies.period(facts.on)
        receiver, information = facts.receiver_class.value, facts.information.value
        return {
            route: Question(period, route.value, about, receiver, information, self._context(facts, route))
            for route in routes
            if route is not Route.NOBODY
        }

    def _context(self, facts: Facts, route: Route) -> str:
        """Return the facts one route may depend on, in Cedar's JSON (the context types of the schema)."""
        context: dict[str, Any] = {
            "notice": {
                "personal_data": facts.personal_data,
                "confidential": facts.confidential,
                "source_terms": _entity("SourceTerms", facts.source_terms),
                "tlp": _entity("Tlp", facts.tlp),
                "pap": _entity("Pap", facts.pap),
                "necessary": facts.necessary,
                "proportionate": facts.proportionate,
                "confidentiality_guaranteed": facts.confidentiality_guaranteed,
                "interests_protected": facts.interests_protected,
            }
        }
        if route in {Route.DIRECT, Route.RELAY}:
            context["asset_status"] = _entity("AssetStatus", facts.asset_status)
        if route is Route.DIRECT:
            context["named_receiver"] = facts.named_receiver
        if route is Route.RELAY and facts.relay is not None:
            context["relay"] = {
                "status": _entity("RelayStatus", facts.relay.status),
                "covers": facts.relay.covers,
                "confidentiality": facts.relay.confidentiality,
                "designated_team": facts.relay.designated_team,
            }
        if route is Route.FOREIGN_CSIRT:
            context["eu_member"] = self.policies.tables.eu_member(facts.country, facts.on)
        return json.dumps(context)

    def _ask(self, questions: Mapping[Facts, Mapping[Route, Question]], answers: dict[Question, Answer]) -> None:
        """Answer every question not answered before, one batch per period, route and kind of question."""
        batches: defaultdict[tuple[int, str, str], dict[Question, Facts]] = defaultdict(dict)
        for one, asked in questions.items():
            for question in asked.values():
                if question not in answers:
                    batches[question[:3]].setdefault(question, one)
        for key, batch in batches.items():
            answers.update(self._evaluate(key, batch))

    def _evaluate(self, key: tuple[int, str, str], batch: Mapping[Question, Facts]) -> dict[Question, Answer]:
        """Put one batch to Cedar. Raises LawNotApplicable when a policy could not be evaluated: it may be a forbid."""
        period, route, about = key
        day = next(iter(batch.values())).on
        if key not in self._engines:
            chosen = [p for p in self.policies.in_force(day) if route in p.routes and _question_of(p) == about]
            self._engines[key] = cedarpy.PolicySet.from_json_str(as_cedar_json(chosen))
        requests = [_request(question) for question in batch]
        answers: dict[Question, Answer] = {}
        results = cedarpy.is_authorized_batch(requests, self._engines[key], NO_ENTITIES)
        for question, result in zip(batch, results, strict=True):
            if result.diagnostics.errors or result.decision is cedarpy.Decision.NoDecision:
                raise LawNotApplicable("; ".join(str(error) for error in result.diagnostics.errors))
            reasons = sorted(result.diagnostics.reasons)
            answers[question] = Answer(
                result.allowed, tuple(self._citation(name, period, batch[question]) for name in reasons)
            )
        return answers

    def _citation(self, identifier: str, period: int, facts: Facts) -> Citation:
        """Return a policy as it is cited in a period."""
        if (identifier, period) not in self._citations:
            policy = self.policies.by_id(identifier)
            ground = self.policies.tables.ground(policy.law, facts.on)
            self._citations[identifier, period] = Citation(
                policy=policy.id, law=policy.law, ground_nl=ground["name_nl"], ground_en=ground["name_en"],
                sentence_nl=policy.sentence_nl, sentence_en=policy.sentence_en,
                unverified=policy.status == "unverified", obligation=policy.obligation,
            )  # fmt: skip
        return self._citations[identifier, period]


def choose(facts: Facts, rulings: Iterable[Ruling]) -> tuple[Route, ...]:
    """Choose among the allowed routes.

    Direct goes first. The relay comes instead when there is no direct way or its members want everything through it,
    and as well when they want it told too. The owner of the network is the last resort within the country; a foreign
    CSIRT the only way abroad.
    """
    allowed = {ruling.route for ruling in rulings if ruling.allowed}
    relay = facts.relay if Route.RELAY in allowed else None
    if relay is not None and (relay.mandatory or Route.DIRECT not in allowed):
        return (Route.RELAY,)
    if Route.DIRECT in allowed:
        return (Route.DIRECT, Route.RELAY) if relay is not None and relay.copy else (Route.DIRECT,)
    last = (route for route in (Route.NETWORK_OWNER, Route.FOREIGN_CSIRT) if route in allowed)
    return (next(last, Route.NOBODY),)


COURTS_KEPT: Final = 8  # a what-if brings a set or two
_COURTS: dict[str, Court] = {}


def decide_many(facts: Iterable[Facts], policies: PolicySet) -> list[Decision]:
    """Return the decision for each of the facts, in order; equal facts are decided once, and remembered."""
    court = _COURTS.get(policies.hash)
    if court is None:
        if len(_COURTS) >= COURTS_KEPT:
            _COURTS.clear()
        court = _COURTS[policies.hash] = Court(policies)
    return court.decide(facts)


def decide(facts: Facts, policies: PolicySet) -> Decision:
    """Return the decision for one combination of facts."""
    return decide_many([facts], policies)[0]


def _entity(kind: str, value: str) -> dict[str, dict[str, str]]:
    return {"__entity": {"type": kind, "id": str(value)}}


def _question_of(policy: Policy) -> str:
    return "Obligation" if policy.obligation else "Disclosure"


def _request(question: Question) -> dict[str, Any]:
    return {
        "principal": {"type": "Receiver", "id": question.receiver},
        "action": {"type": "Action", "id": question.route},
        "resource": {"type": question.about, "id": question.information},
        "context": question.context,
    }
