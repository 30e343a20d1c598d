"""What the data suggest: an answer to each question that a source says something about, and why. No Django."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from dijkwacht.rooms.advisories.assessing.questionnaire import LEVELS, Level, Questionnaire
from dijkwacht.rooms.advisories.assessing.rules import Outcome, decision, outcome
from dijkwacht.rooms.advisories.facts import MatterFacts, Score, VulnerabilityFacts
from dijkwacht.rooms.advisories.statements import Status

EXPECTED: Final = 0.1  # EPSS from which exploitation is expected; one in ten within 30 days
MANY: Final = 100  # organisations
_CVSS: Final[Mapping[str, tuple[tuple[str, ...], Mapping[str, str]]]] = {
    "access": (("AV",), {"N": "network", "A": "adjacent", "L": "local", "P": "physical"}),
    "rights": (("PR", "Au"), {"N": "none", "L": "low", "H": "high", "S": "low", "M": "low"}),
    "help": (("UI",), {"N": "none", "R": "active", "P": "passive", "A": "active"}),
    "skill": (("AC",), {"L": "easy", "H": "hard", "M": "hard"}),
    "confidentiality": (("VC", "C"), {"H": "all", "C": "all", "L": "some", "P": "some", "N": "none"}),
    "integrity": (("VI", "I"), {"H": "all", "C": "all", "L": "some", "P": "some", "N": "none"}),
    "availability": (("VA", "A"), {"H": "all", "C": "all", "L": "some", "P": "some", "N": "none"}),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a question has the answer suggested. `code`: of the questionnaire's sentences; `figures` fill its braces."""

    question: str
    answer: str
    code: str
    figures: tuple[tuple[str, str], ...] = ()

    def text(self, known: Questionnaire, language: str) -> str:
        """Say it in words."""
        sentence = known.sentences[self.code]
        return (sentence.nl if language == "nl" else sentence.en).format_map(dict(self.figures))


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the data say: answers, what follows from them, why, and CISA's decision by mission and well-being."""

    answers: Mapping[str, str]
    outcome: Outcome
    reasons: tuple[Reason, ...]
    decisions: tuple[tuple[Level, str], ...]


def suggest(facts: MatterFacts, known: Questionnaire, *, organisations: int = 0) -> Suggestion:
    """Answer what the data can answer. Of several vulnerabilities the worst answer counts, and says whose it is.

    `organisations`: how many of ours run it; 0 is not known, not nobody: only a few tell us what they run.
    """
    best: dict[str, Reason] = {}
    for reason in _reasons(facts, organisations):
        question = known.questions.get(reason.question)
        if question is None or question.answer(reason.answer) is None:
            continue  # an installation's own questionnaire may lack a question
        held = best.get(reason.question)
        keys = [one.key for one in question.answers]
        if held is None or keys.index(reason.answer) > keys.index(held.answer):
            best[reason.question] = reason
    answers = {key: one.answer for key, one in best.items()}
    likely = {one.key for one in known.likelihood}
    silent = [
        Reason(key, "", "unknown" if key in likely else "unknown-impact") for key in known.questions if key not in best
    ]
    points = _worst_ssvc(facts)
    made = [(level, decision(points, level)) for level in LEVELS] if points else []
    return Suggestion(answers, outcome(answers, known), (*best.values(), *silent), tuple(made))  # type: ignore[arg-type]


def _reasons(facts: MatterFacts, organisations: int) -> Iterator[Reason]:
    for one in facts.vulnerabilities:
        yield from _exploitation(one)
        yield from _ssvc(one)
        for score in one.scores:
            yield from _cvss(one.name, score)
    yield from _remedy(facts)
    if organisations:
        answer = "many" if organisations >= MANY else "few"
        yield Reason("use", answer, "run", (("count", str(organisations)),))


def _exploitation(one: VulnerabilityFacts) -> Iterator[Reason]:
    name = ("name", one.name)
    if one.exploited_since:
        code = "ransomware" if one.ransomware else "kev"
        yield Reason("exploitation", "active", code, (name, ("day", one.exploited_since.isoformat())))
    if one.epss is not None:
        figures = (name, ("percent", f"{one.epss:.1%}"), ("day", str(one.epss_on or "")))
        yield Reason("exploitation", "likely" if one.epss >= EXPECTED else "none", "epss", figures)


def _ssvc(one: VulnerabilityFacts) -> Iterator[Reason]:
    said = {key.lower(): value.lower() for key, value in one.ssvc}
    figures: Callable[[str], tuple[tuple[str, str], ...]] = lambda key: (("name", one.name), ("value", said[key]))  # noqa: E731
    if said.get("exploitation") in ("none", "poc", "active"):
        yield Reason("exploitation", said["exploitation"], "ssvc-exploitation", figures("exploitation"))
    if said.get("automatable") == "yes":
        yield Reason("skill", "automatic", "ssvc-automatable", figures("automatable"))
    if said.get("technical impact") in ("partial", "total"):
        answer = "whole" if said["technical impact"] == "total" else "user"
        yield Reason("takeover", answer, "ssvc-impact", figures("technical impact"))


def _cvss(name: str, score: Score) -> Iterator[Reason]:
    """Read the answers that a vector gives. VC, VI and VA of 4.0 stand for C, I and A of 3.x."""
    metrics = dict(part.split(":", 1) for part in score.vector.split("/") if ":" in part)
    for question, (names, answers) in _CVSS.items():
        metric = next((one for one in names if one in metrics), "")
        answer = answers.get(metrics.get(metric, ""))
        if answer:
            figures = (
                ("source", score.source), ("name", name), ("metric", metric), ("value", metrics[metric]),
                ("vector", score.vector),
            )  # fmt: skip
            yield Reason(question, answer, "cvss", figures)
    hits = [metrics.get(a) or metrics.get(b) for a, b in (("VC", "C"), ("VI", "I"), ("VA", "A"))]
    if all(one in ("H", "C") for one in hits):
        yield Reason("takeover", "whole", "cvss", (("source", score.source), ("name", name), ("metric", "C, I, A"),
                     ("value", "H"), ("vector", score.vector)))  # fmt: skip


def _remedy(facts: MatterFacts) -> Iterator[Reason]:
    """A fixed version, or else words on what to do: the worse of two answers would count, so only one is given."""
    fixed = next((one for one in facts.statements if one.status is Status.FIXED), None)
    if fixed is not None:
        yield Reason("remedy", "fix", "fixed", (("source", f"{fixed.vendor} {fixed.product}".strip()),))
    elif facts.remedies:
        yield Reason("remedy", "mitigation", "mitigation", (("source", facts.remedies[0].source),))


def _worst_ssvc(facts: MatterFacts) -> dict[str, str]:
    """Give the decision points of the vulnerability that CISA decides highest about."""
    order = ["", "Track", "Track*", "Attend", "Act"]
    every = [dict(one.ssvc) for one in facts.vulnerabilities if one.ssvc]
    return max(every, key=lambda points: order.index(decision(points, "medium")), default={})
