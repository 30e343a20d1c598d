"""A date, or a moment, of which the register is asked; and when its answer can no longer change."""

import re
import time
from datetime import date, datetime, timedelta
from datetime import time as clock
from typing import Any, Final, NamedTuple

from django.db import connection
from django.utils import timezone

from dijkwacht.rooms.registry import fields
from dijkwacht.rooms.registry.errors import InvalidField, StillChanging

NOT_NOW: Final = (InvalidField, StillChanging)  # why a moment cannot be read
DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
PATIENCE: Final = 30.0  # seconds
# The transactions of this database that hold the lock of a day up to the one asked: see registry_moment().
_UNDECIDED: Final = """
select virtualtransaction from pg_locks join pg_database d on d.oid = database and d.datname = current_database()
 where locktype = 'advisory' and classid = 1685286507 and objid <= %s and objsubid = 2 and mode = 'ShareLock'
   and pid <> pg_backend_pid()
"""


class AsOf(NamedTuple):
    """The moment up to which changes count (included), and the day that was asked when it was a day."""

    moment: datetime
    day: date | None
    over: bool  # False for a day that still runs: more may follow

    @property
    def text(self) -> str:
        """The moment or day as it stands in a file: a day that is over by its date, else the exact moment in UTC."""
        if self.day is not None and self.over:
            return self.day.isoformat()
        return self.moment.astimezone(timezone.get_fixed_timezone(0)).isoformat().replace("+00:00", "Z")

    @property
    def stamp(self) -> str:
        """The same for the name of a file."""
        return self.text.replace(":", "").replace(".", "-")

    def heading(self) -> dict[str, Any]:
        """What a file says of itself: what is not complete may be different when it is asked again for that day."""
        return {"as_of": self.text, "complete": self.over}


def parse(text: str, *, now: datetime | None = None) -> AsOf:
    """Read a date such as 2026-12-31 (its end, at the centre) or a moment such as 2026-12-31T09:00:00Z.

    A day that is not over counts until now. Raises InvalidField for anything else, and for the future.
    """
    present = now or timezone.now()
    found = _read(text.strip())
    if isinstance(found, datetime):
        if found > present:
            raise _invalid(text, "dit moment moet nog komen", "this moment is yet to come")
        return AsOf(found, None, over=True)
    if found > timezone.localdate(present):
        raise _invalid(text, "deze dag moet nog komen", "this day is yet to come")
    end = timezone.make_aware(datetime.combine(found + timedelta(days=1), clock())) - timedelta(microseconds=1)
    return AsOf(min(end, present), found, over=end < present)


def _read(text: str) -> date | datetime:
    try:
        if DAY.fullmatch(text):
            return date.fromisoformat(text)
        # 20261231, or a day of a week, would be read as its first moment: only what begins as a date does is read.
        found = datetime.fromisoformat(text if DAY.match(text) else "")
        return found if found.tzinfo else timezone.make_aware(found)
    except (ValueError, OverflowError):
        raise _invalid(
            text,
            "schrijf een datum als 2026-12-31 of een moment als 2026-12-31T09:00:00Z",
            "write a date such as 2026-12-31 or a moment such as 2026-12-31T09:00:00Z",
        ) from None


def _invalid(text: str, nl: str, en: str) -> InvalidField:
    return fields.invalid("as_of", text, nl, en)


def settle(wanted: AsOf, *, patience: float = PATIENCE) -> None:
    """Wait until no transaction can still commit a change of `wanted` or before, so that every answer is the last one.

    Raises StillChanging after `patience` seconds, for example while an import of that day runs.
    """
    day = int(wanted.moment.timestamp() // 86400)
    until = time.monotonic() + patience
    waiting = _undecided(day)
    while waiting:
        if time.monotonic() > until:
            raise StillChanging
        time.sleep(0.05)
        waiting &= _undecided(day)


def _undecided(day: int) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(_UNDECIDED, [day])
        return {row[0] for row in cursor.fetchall()}
