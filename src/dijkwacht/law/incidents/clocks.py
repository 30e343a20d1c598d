"""By when: the last moment of each report, by the rules of the law that asks it. See README.md."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import Final

from dijkwacht.law import terms
from dijkwacht.law.calendars import ATW, INSTITUTIONS, NETHERLANDS, Calendar
from dijkwacht.law.incidents.conditions import Answer, every
from dijkwacht.law.incidents.moments import ZONE, local
from dijkwacht.law.incidents.order import moments_before
from dijkwacht.law.incidents.record import IncidentRecord
from dijkwacht.law.incidents.regimes.model import Regime, Stage, Term

NOON: Final = time(12)
TWO_DAYS: Final = 48  # hours; "any period of two days or more shall include at least two working days"
LENIENT: Final = "1182/71 3(1), 3(5)"


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


def due(regime: Regime, record: IncidentRecord) -> list[Due]:
    """Return the clocks of a regime, in the order of its stages; one whose starting moment is not known is left out.

    Every report keeps its clock, also once it has been submitted: who wants the open ones looks at the record.
    """
    found: dict[str, Due] = {}
    for stage in regime.stage:
        one = _beside(stage, found, record) if stage.instead_of else _own(regime, stage, record)
        if one is not None and _asked(regime, stage, found, record):
            found[stage.code] = one
    return list(found.values())


def centre_due(regime: Regime, record: IncidentRecord) -> list[Due]:
    """Return the clocks of the centre itself (answer within 24 hours, Netcode verdict), from `receipt`."""
    return [
        Due(clock.code, terms.hours_after(start, clock.hours), clock.article, start, clock.start, clock.mark)
        for clock in regime.centre
        if (start := record.moment(clock.start)) is not None
    ]


def _own(regime: Regime, stage: Stage, record: IncidentRecord) -> Due | None:
    """Return the earliest end of the terms that hold."""
    ends = list(_ends(regime, stage, record))
    # In UTC: moments in one zone are compared by what a clock shows, which in October is the same hour twice.
    return min(ends, key=lambda end: end.due.astimezone(UTC)) if ends else None


def _ends(regime: Regime, stage: Stage, record: IncidentRecord) -> Iterator[Due]:
    for term in stage.term:
        name = next((name for name in term.start if record.moment(name) is not None), None)
        start = record.moment(name) if name else None
        if name is None or start is None or every(one.judge(record) for one in term.when).answer is not Answer.YES:
            continue
        end = _end(term, local(start), _calendar(regime), record)
        later = record.moment(term.unless_later) if term.unless_later else None
        if later is not None and later > end:
            continue
        lenient = _lenient(term, local(start), _calendar(regime))
        yield Due(
            stage.code, end, term.article or stage.article, start, name, stage.mark,
            lenient=lenient, lenient_because=LENIENT if lenient else "",
        )  # fmt: skip


def _end(term: Term, start: datetime, calendar: Calendar, record: IncidentRecord) -> datetime:
    """Return the last moment of a term that starts at a moment in Europe/Amsterdam."""
    noon = term.noon or (
        bool(term.noon_when) and every(one.judge(record) for one in term.noon_when).answer is Answer.YES
    )
    if term.hours is not None:
        end = terms.hours_after(start, term.hours)
        return _noon_after(end, calendar) if noon and not calendar.working(end.date()) else end
    event = start.date()
    if term.months is not None:
        last = terms.same_day(event, term.months)
    else:
        last = event + timedelta(days=(term.days or 0) + 7 * (term.weeks or 0))
    if noon and not calendar.working(last):
        return _noon_after(terms.end_of(last), calendar)
    return terms.end_of(terms.extended(event, last, calendar))


def _noon_after(end: datetime, calendar: Calendar) -> datetime:
    return datetime.combine(calendar.next_working(end.date()), NOON, ZONE)


def _lenient(term: Term, start: datetime, calendar: Calendar) -> datetime | None:
    """Return the later end that Regulation 1182/71 can give a term in hours: whole hours, and two working days."""
    if not term.lenient or term.hours is None:
        return None
    hour = start.replace(minute=0, second=0, microsecond=0)
    end = terms.hours_after(hour, term.hours + 1)
    if term.hours < TWO_DAYS:
        return end
    first, last = start.date() + timedelta(days=1), end.date()
    if calendar.working_days(first, last) >= terms.LEAST_WORKING_DAYS:
        return end
    while calendar.working_days(first, last) < terms.LEAST_WORKING_DAYS:
        last += timedelta(days=1)
    return terms.end_of(last)


def _calendar(regime: Regime) -> Calendar:
    if regime.rules == "atw":
        return ATW
    return NETHERLANDS if regime.calendar == "nl" else INSTITUTIONS


def _beside(stage: Stage, found: dict[str, Due], record: IncidentRecord) -> Due | None:
    """A report that is sent instead of another while the incident goes on has the end of that other."""
    other = found.get(stage.instead_of or "")
    if other is None or (not _sent(stage, record) and (_over(other.due, record) or record.final is not None)):
        return None
    return replace(other, stage=stage.code, article=stage.article, mark=stage.mark, instead_of=other.stage)


def _asked(regime: Regime, stage: Stage, found: dict[str, Due], record: IncidentRecord) -> bool:
    """A report after another is not asked when the incident was over before that other could be.

    What is not known proves nothing: a clock that may run is told.
    """
    before = regime.stage_of(stage.after) if stage.after else None
    if before is None or _sent(before, record):
        return True
    other = before.instead_of or before.code
    end = found[other].due if other in found else _earliest(regime, other, record)
    return end is None or not _over(end, record)


def _earliest(regime: Regime, code: str, record: IncidentRecord) -> datetime | None:
    """Return when a report can be due at the earliest, whose term starts at a submission that is not known.

    Nothing is submitted before what comes before it in any order that can be: the awareness, the early warning.
    """
    stage = regime.stage_of(code)
    starts = {name for term in stage.term for name in term.start} if stage else set()
    least = {name: max(known) for name in starts if (known := list(moments_before(name, record)))}
    one = _own(regime, stage, record.model_copy(update=least)) if stage else None
    return one.due if one else None


def _sent(stage: Stage, record: IncidentRecord) -> bool:
    return stage.submitted is not None and record.moment(stage.submitted) is not None


def _over(moment: datetime, record: IncidentRecord) -> bool:
    """Tell whether the incident is known to be over by a moment."""
    if record.handled is not None:
        return record.handled <= moment
    return record.ongoing is False
