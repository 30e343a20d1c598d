"""Incidents that recur (article 4 of Regulation 2024/2690): added up, they may be one significant incident."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from dijkwacht.law.incidents.facts_of_law import Earlier
from dijkwacht.law.incidents.moments import local
from dijkwacht.law.incidents.record import IncidentRecord
from dijkwacht.law.terms import same_day

MONTHS: Final = 6


def together(record: IncidentRecord, earlier: Sequence[Earlier], on: date) -> tuple[Earlier, ...]:
    """Return the earlier incidents that count with this one: same apparent root cause, within six months before it.

    `on`: the day of this incident when none of its moments is known. The day six months later is still within them
    (Regulation 1182/71 article 3(2)(c)).
    """
    cause = _same(record.root_cause_key)
    if not cause:
        return ()
    moment = record.detection or record.occurrence or record.awareness
    day = local(moment).date() if moment else on
    return tuple(one for one in earlier if _same(one.root_cause) == cause and _within(one, day))


def _within(earlier: Earlier, day: date) -> bool:
    before = local(earlier.detected).date()
    return before <= day <= same_day(before, MONTHS)


def _same(cause: str | None) -> str:
    return " ".join((cause or "").casefold().split())
