"""Reports from before the Cbw: an open one under the Wbni counts as an early warning (Cbw 95(2))."""

from dataclasses import dataclass
from datetime import datetime

from dijkwacht.law.incidents.record import IncidentRecord


@dataclass(frozen=True, slots=True)
class Carried:
    """What an old report becomes."""

    counts_as: str  # "early-warning", or "" when it stays history
    record: IncidentRecord  # with `early_warning` at the moment the old report was made
    article: str
    because_nl: str
    because_en: str


def carry_over(record: IncidentRecord, reported: datetime, *, closed: bool, wbni_article: str) -> Carried:
    """Say what a report of before 15-08-2026 is now.

    `reported`: when it was made. `closed`: whether it had been closed by 15-08-2026. `wbni_article`: the one it
    was made under (10 or 13: Cbw 95(2); others stay history).
    """
    raise NotImplementedError
