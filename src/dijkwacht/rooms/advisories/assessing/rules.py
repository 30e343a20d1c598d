"""Pure decisions of assessing: what answers give, when two people are needed, what the data suggest."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from dijkwacht.rooms.advisories.assessing.questionnaire import LEVELS, Level, Question, Questionnaire, ssvc

UNKNOWN: Final = ""
FourEyes = Literal["high-high", "urgent", "always"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What answers give: both levels, the label, and the share of the highest possible sum."""

    likelihood: Level
    impact: Level
    label: str
    share: float
    unknown: tuple[str, ...]


def outcome(answers: Mapping[str, str], known: Questionnaire) -> Outcome:
    """Work out likelihood (a weighted sum) and impact (a maximum) of answers.

    A question without an answer counts for half in the sum: not knowing neither calms nor alarms. An answer that is
    none of the question's counts as no answer; `actions` refuses it before.
    """
    share = _share(answers, known)
    found: Level = "high" if share >= known.bounds.high else "medium" if share >= known.bounds.medium else "low"
    floors = [a.floor for q in known.likelihood if (a := q.answer(answers.get(q.key, UNKNOWN)))]
    likelihood = _highest([found, *floors])
    given = [a.is_ for q in known.impact if (a := q.answer(answers.get(q.key, UNKNOWN)))]
    impact = _highest(given) if given else "medium"  # nobody knows: neither low nor high
    unknown = tuple(q.key for q in (*known.likelihood, *known.impact) if q.answer(answers.get(q.key, UNKNOWN)) is None)
    return Outcome(likelihood, impact, label(likelihood, impact, known), share, unknown)


def _share(answers: Mapping[str, str], known: Questionnaire) -> float:
    got = sum(q.weight * _points(q, answers.get(q.key, UNKNOWN)) for q in known.likelihood)
    most = sum(q.weight * q.most for q in known.likelihood)
    return round(got / most, 4)


def _points(question: Question, key: str) -> float:
    answer = question.answer(key)
    return question.most / 2 if answer is None else answer.points


def _highest(levels: list[Level]) -> Level:
    return max(levels, key=LEVELS.index)


def label(likelihood: Level, impact: Level, known: Questionnaire) -> str:
    """Say whether a combination is urgent or normal."""
    return "urgent" if (likelihood, impact) in known.label.urgent else "normal"


def two_people(likelihood: Level, impact: Level, named: str, rule: FourEyes) -> bool:
    """Tell whether somebody else must agree before this stands."""
    if rule == "always":
        return True
    return named == "urgent" if rule == "urgent" else (likelihood, impact) == ("high", "high")


def decision(ssvc_points: Mapping[str, str], mission: Level) -> str:
    """Give CISA's decision (Track, Track*, Attend, Act) for decision points; "" where one is not known."""
    points = {key.lower(): value.lower() for key, value in ssvc_points.items()}
    key = " ".join(points.get(name, "") for name in ("exploitation", "automatable", "technical impact"))
    row = ssvc().outcomes.get(key)
    return row[LEVELS.index(mission)] if row else ""
