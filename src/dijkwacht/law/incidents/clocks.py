"""By when: the last moment of each report, by the rules of the law that asks it. See README.md."""

from dataclasses import dataclass
from datetime import date, datetime

from dijkwacht.law.incidents.record import IncidentRecord
from dijkwacht.law.incidents.regimes import Regime


@dataclass(frozen=True, slots=True)
class Due:
    """One clock. `due` and `lenient` are in Europe/Amsterdam."""

    stage: str
    due: datetime
    article: str
    starts: datetime  # the moment the term runs from
    starts_from: str  # its name in the record
    mark: str  # seen, known or unverified: how sure the term is
    instead_of: str = ""  # the stage whose place it takes while the incident goes on
    lenient: datetime | None = None  # the later end by the other reading of the law, where readings differ
    lenient_because: str = ""  # the article of that reading


def due(regime: Regime, record: IncidentRecord, on: date | None = None) -> list[Due]:
    """Return the clocks of a regime, in the order of its stages; one whose starting moment is not known is left out.

    `on`: the day whose law is asked; without it, the day the incident became known (or the first known moment).
    """
    raise NotImplementedError


def centre_due(regime: Regime, record: IncidentRecord, on: date | None = None) -> list[Due]:
    """Return the clocks of the centre itself (answer within 24 hours, Netcode verdict), from `receipt`."""
    raise NotImplementedError
