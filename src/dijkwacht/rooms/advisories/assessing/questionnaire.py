"""The questionnaires as data: likelihood as a weighted sum, impact as a maximum, the label from both. No Django."""

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final, Literal

import msgspec

LEVELS: Final = ("low", "medium", "high")
Level = Literal["low", "medium", "high"]
OURS: Final = Path(__file__).parent


class _Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the file: unknown fields are refused, so that a typing error is no silent default."""


class Answer(_Table, frozen=True, kw_only=True):
    """One answer. Of likelihood: `points`, and the lowest level that it leaves; of impact: what it `is`."""

    key: str
    nl: str
    en: str
    points: int = 0
    floor: Level = "low"
    is_: Level = msgspec.field(name="is", default="low")


class Question(_Table, frozen=True, kw_only=True):
    key: str
    nl: str
    en: str
    answers: tuple[Answer, ...]
    weight: int = 1

    def answer(self, key: str) -> Answer | None:
        """Give the answer of a key, or None for what is no answer."""
        return next((one for one in self.answers if one.key == key), None)

    @property
    def most(self) -> int:
        """The most points of an answer."""
        return max(one.points for one in self.answers)


class Bounds(_Table, frozen=True, kw_only=True):
    medium: float
    high: float


class Label(_Table, frozen=True, kw_only=True):
    urgent: tuple[tuple[Level, Level], ...]


class Sentence(_Table, frozen=True, kw_only=True):
    nl: str
    en: str


class Questionnaire(_Table, frozen=True, kw_only=True):
    """Both questionnaires of one version."""

    version: str
    valid_from: date
    source: str
    checked_on: date
    bounds: Bounds
    label: Label
    likelihood: tuple[Question, ...]
    impact: tuple[Question, ...]
    sentences: Mapping[str, Sentence]
    measured: Sentence | None = None  # what its suggestion is worth; an own questionnaire measures its own

    @property
    def questions(self) -> dict[str, Question]:
        """Every question by its key."""
        return {one.key: one for one in (*self.likelihood, *self.impact)}


class Ssvc(_Table, frozen=True, kw_only=True):
    """CISA's decision table."""

    source: str
    checked_on: date
    version: str
    outcomes: Mapping[str, tuple[str, str, str]]


class QuestionnaireError(ValueError):
    """The questionnaire cannot be used; the message names the file and the field."""


@cache
def load(overlay: Path | None = None) -> Questionnaire:
    """Read the questionnaire, an installation's own where it has one. Raises QuestionnaireError."""
    path = (
        overlay / "questionnaire.toml"
        if overlay and (overlay / "questionnaire.toml").exists()
        else OURS / "questionnaire.toml"
    )
    try:
        found = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Questionnaire)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, OSError) as error:
        raise QuestionnaireError(f"{path}: {error}") from error
    if not 0 < found.bounds.medium < found.bounds.high < 1:
        raise QuestionnaireError(f"{path}: bounds must be 0 < medium < high < 1")
    if len(found.questions) != len(found.likelihood) + len(found.impact):
        raise QuestionnaireError(f"{path}: two questions have one key")
    return found


@cache
def ssvc() -> Ssvc:
    """Read CISA's decision table."""
    return msgspec.convert(tomllib.loads((OURS / "ssvc.toml").read_text(encoding="utf-8")), Ssvc)
