"""One record, many laws: what a regime makes of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from dijkwacht.law.applicability import Rulebook
from dijkwacht.law.incidents.clocks import Due, due
from dijkwacht.law.incidents.conditions import Answer, Judged, every, negated, some
from dijkwacht.law.incidents.record import IncidentRecord
from dijkwacht.law.incidents.regimes.model import Field, Regime, Stage, Trigger
from dijkwacht.law.incidents.regimes.reading import Regimes
from dijkwacht.law.incidents.routing import Recipient, recipients

ORDER: Final = (Answer.YES, Answer.UNKNOWN, Answer.NO)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a regime applies, may apply, or does not: a row of regime.toml, and the facts that would decide it."""

    code: str
    article: str
    answer: Answer
    missing: tuple[str, ...]  # keys of the record


@dataclass(frozen=True, slots=True)
class Filled:
    """A field of a report with its value from the record."""

    field: Field
    value: Any  # as JSON has it


@dataclass(frozen=True, slots=True)
class StageView:
    """One report of a regime, as the record stands."""

    code: str
    article: str
    dpv: str  # IRI of the W3C DPV term, or ""
    due: Due | None
    submitted: bool
    filled: tuple[Filled, ...]
    missing: tuple[Field, ...]  # needed, and not in the record: the extra answers
    optional: tuple[Field, ...]  # if known or applicable, and not in the record

    @property
    def complete(self) -> bool:
        """Tell whether nothing that is needed lacks."""
        return not self.missing


@dataclass(frozen=True, slots=True)
class Projection:
    """What one regime makes of one record."""

    regime: str
    applies: Answer
    because: tuple[Reason, ...]  # the triggers
    unless: tuple[Reason, ...]  # the exceptions
    undecided: tuple[str, ...]  # keys of the record that would decide whether it applies
    next_stage: str  # code of the first report that is asked and not submitted, or ""
    stages: tuple[StageView, ...]
    recipients: tuple[Recipient, ...]
    provisional: bool  # the text of the law, a clock or a receiver is not verified in a source

    def stage(self, code: str) -> StageView:
        """Return one report. Raises KeyError."""
        for stage in self.stages:
            if stage.code == code:
                return stage
        raise KeyError(code)


def project(record: IncidentRecord, regime: Regime, on: date, book: Rulebook | None = None) -> Projection:
    """Say what a regime makes of a record. `on`: the day whose authorities get it; `book`: where those stand.

    Raises RecordNotUsable for types of entity or designations that do not exist on that day.
    """
    because, unless = _reasons(regime.trigger, record), _reasons(regime.exception, record)
    applies = every([some(judged for _, judged in because), negated(some(judged for _, judged in unless))])
    clocks = {one.stage: one for one in due(regime, record)}
    to = recipients(record, regime, on, book)
    values = record.model_dump(mode="json")
    return Projection(
        regime=regime.slug,
        applies=applies.answer,
        because=tuple(reason for reason, _ in because),
        unless=tuple(reason for reason, _ in unless),
        undecided=tuple(sorted(applies.missing)),
        next_stage=_next(regime, record),
        stages=tuple(_view(regime, stage, record, clocks.get(stage.code), values) for stage in regime.stage),
        recipients=to,
        provisional=regime.mark != "seen" or any(one.mark == "unverified" for one in to),
    )


def applies(record: IncidentRecord, regime: Regime) -> Answer:
    """Say whether a regime applies to a record, and nothing more: of all that `project` says, this costs least."""
    because, unless = _reasons(regime.trigger, record), _reasons(regime.exception, record)
    return every([some(judged for _, judged in because), negated(some(judged for _, judged in unless))]).answer


def begun(record: IncidentRecord, regime: Regime) -> bool:
    """Say whether a part of what makes a regime apply is certain, and nothing of that part speaks against it."""
    found = [{condition.judge(record).answer for condition in row.all} for row in regime.trigger]
    return any(Answer.YES in answers and Answer.NO not in answers for answers in found)


def project_all(record: IncidentRecord, regimes: Regimes, on: date, book: Rulebook | None = None) -> list[Projection]:
    """Return what every regime in force on a day makes of a record: those that apply, then those that may, then not."""
    texts = (regimes.on(slug, on) for slug in regimes)
    made = [project(record, text, on, book) for text in texts if text is not None]
    return sorted(made, key=lambda one: ORDER.index(one.applies))


def _reasons(rows: Iterable[Trigger], record: IncidentRecord) -> list[tuple[Reason, Judged]]:
    judged = ((row, every(condition.judge(record) for condition in row.all)) for row in rows)
    return [(Reason(row.code, row.article, one.answer, tuple(sorted(one.missing))), one) for row, one in judged]


def _view(regime: Regime, stage: Stage, record: IncidentRecord, clock: Due | None, values: dict[str, Any]) -> StageView:
    fields = [field for field in regime.field if stage.code in field.stages]
    empty = [field for field in fields if values[field.fact] is None]
    return StageView(
        code=stage.code,
        article=stage.article,
        dpv=stage.dpv or "",
        due=clock,
        submitted=_sent(stage, record),
        filled=tuple(Filled(field, values[field.fact]) for field in fields if field not in empty),
        missing=tuple(field for field in empty if field.needed == "must"),
        optional=tuple(field for field in empty if field.needed != "must"),
    )


def _next(regime: Regime, record: IncidentRecord) -> str:
    """Return the first report that must still come. One that another took the place of does not."""
    replaced = {stage.instead_of for stage in regime.stage if stage.instead_of and _sent(stage, record)}
    for stage in regime.stage:
        before = regime.stage_of(stage.after) if stage.after else None
        waits = before is not None and not _sent(before, record)
        asked = stage.submitted is not None and not stage.on_request and stage.instead_of is None
        if asked and not waits and stage.code not in replaced and not _sent(stage, record):
            return stage.code
    return ""


def _sent(stage: Stage, record: IncidentRecord) -> bool:
    return stage.submitted is not None and record.moment(stage.submitted) is not None
