"""One record, many laws: what a regime makes of it."""

from dataclasses import dataclass
from datetime import date

from dijkwacht.law.incidents.clocks import Due
from dijkwacht.law.incidents.conditions import Answer
from dijkwacht.law.incidents.record import IncidentRecord
from dijkwacht.law.incidents.regimes import Field, Regime, Regimes
from dijkwacht.law.incidents.routing import Recipient


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
    value: object  # as JSON has it


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
    because: tuple[Reason, ...]  # the triggers, then the exceptions
    undecided: tuple[str, ...]  # keys of the record that would decide whether it applies
    next_stage: str  # code of the first report that is not submitted, or ""
    stages: tuple[StageView, ...]
    recipients: tuple[Recipient, ...]
    provisional: bool  # something that counts here is not verified in a source

    def stage(self, code: str) -> StageView:
        """Return one report. Raises KeyError."""
        raise NotImplementedError


def project(record: IncidentRecord, regime: Regime, on: date) -> Projection:
    """Say what a regime makes of a record on a day. Raises NotInForce when the regime has no text for that day."""
    raise NotImplementedError


def project_all(record: IncidentRecord, regimes: Regimes, on: date) -> list[Projection]:
    """Return what every regime in force on a day makes of a record: those that apply, then those that may, then not."""
    raise NotImplementedError
