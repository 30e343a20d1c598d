"""Who is on duty, who comes next, when nobody is, and when the office is open. Pure: no Django."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Final, Protocol, TypeVar

from dijkwacht.law.calendars import ATW
from dijkwacht.law.incidents.moments import ZONE, local

LONGEST_SHIFT: Final = timedelta(days=14)
HOURS: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)", re.ASCII)


class Turn(Protocol):
    """A time in which somebody is on duty: from `starts_at` until before `ends_at`."""

    name: str
    starts_at: datetime
    ends_at: datetime


T = TypeVar("T", bound=Turn)


class Step(StrEnum):
    """Whom an alarm calls, in order."""

    ON_DUTY = "on-duty"
    NEXT = "next"
    EVERYBODY = "everybody"


AFTER: Final = {Step.ON_DUTY: Step.NEXT, Step.NEXT: Step.EVERYBODY}


@dataclass(frozen=True, slots=True)
class Office:
    """The hours of a working day in which somebody sits at the desk; the end is not within them."""

    opens: time
    closes: time

    def is_open(self, moment: datetime) -> bool:
        """Tell whether a moment is in office hours, by the clock of the centre and its holidays."""
        here = local(moment)
        return ATW.working(here.date()) and self.opens <= here.time() < self.closes


def office(text: str) -> Office | None:
    """Read office hours such as 08:30-17:30; nothing: the desk is never empty. Raises ValueError for another text."""
    if not text:
        return None
    found = HOURS.fullmatch(text)
    if found is None:
        raise ValueError(f"office hours look like 08:30-17:30, not {text!r}")
    opens, closes = time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4]))
    if opens >= closes:
        raise ValueError(f"the office closes before it opens: {text!r}")
    return Office(opens, closes)


def same_person(one: str, other: str) -> bool:
    """Tell whether two names are one person's, whatever the capitals and spaces."""
    return " ".join(one.casefold().split()) == " ".join(other.casefold().split())


def on_duty(shifts: Iterable[T], at: datetime) -> list[T]:
    """Return the shifts that run at a moment, who began first on top."""
    return sorted((one for one in shifts if one.starts_at <= at < one.ends_at), key=lambda one: one.starts_at)


def coming(shifts: Iterable[T], at: datetime) -> list[T]:
    """Return the next shift of somebody who is not on duty at a moment; more when several begin at once."""
    known = list(shifts)
    now = [one.name for one in on_duty(known, at)]
    later = [one for one in known if one.starts_at > at and not any(same_person(one.name, name) for name in now)]
    first = min((one.starts_at for one in later), default=None)
    return [one for one in later if one.starts_at == first]


def each_once(shifts: Iterable[T]) -> list[T]:
    """Return one shift a person: the one that ends last, so the reach that was given last."""
    found: dict[str, T] = {}
    for one in sorted(shifts, key=lambda one: one.ends_at):
        found[" ".join(one.name.casefold().split())] = one
    return list(found.values())


def called(step: Step, shifts: Sequence[T], at: datetime) -> list[T]:
    """Return whom a step calls: one shift a person."""
    if step is Step.ON_DUTY:
        return each_once(on_duty(shifts, at))
    if step is Step.NEXT:
        return each_once(coming(shifts, at))
    return each_once(one for one in shifts if one.ends_at > at)


def gaps(shifts: Iterable[Turn], since: datetime, until: datetime) -> list[tuple[datetime, datetime]]:
    """Return the stretches in [since, until) in which nobody is on duty, in order."""
    found, reached = [], since
    for one in sorted(shifts, key=lambda one: one.starts_at):
        if one.ends_at <= reached:
            continue
        if one.starts_at >= until:
            break
        if one.starts_at > reached:
            found.append((reached, one.starts_at))
        reached = one.ends_at
    return [*found, (reached, until)] if reached < until else found


def read_time(text: str) -> datetime:
    """Read a moment as a form or a file has it: local time, or with an offset. Raises ValueError.

    Of an hour that comes twice the first is taken. One that the change of summer time leaves out is refused.
    """
    moment = datetime.fromisoformat(text.strip())
    if moment.tzinfo is not None:
        return moment
    placed = moment.replace(tzinfo=ZONE)
    if local(placed).replace(tzinfo=None) != moment:
        raise ValueError("that hour does not exist: summer time begins then")
    return placed
