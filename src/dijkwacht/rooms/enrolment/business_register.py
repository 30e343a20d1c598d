"""Where a KvK number has a name and an address: a snapshot in a file, or nothing.

A live connection to the Handelsregister is a contract and a bill; whoever has one gives a third class with `find`.
"""

import csv
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final, Protocol

import structlog
from django.conf import settings

from dijkwacht.kernel.identifiers import InvalidIdentifier, normalise_kvk
from dijkwacht.rooms.enrolment.rules import Listed
from dijkwacht.rooms.registry.comparing.layout import COLUMNS, ENDED, MORE

log = structlog.get_logger()
DEMO_FILE: Final = Path(__file__).parent / "demo" / "business_register.csv"


class UnreadableSnapshot(Exception):
    """The file that DIJKWACHT_BUSINESS_REGISTER names cannot be used."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A legal person in the register."""

    kvk: str
    name: str
    rsin: str = ""
    trade_names: tuple[str, ...] = ()
    street: str = ""
    postcode: str = ""
    city: str = ""
    country: str = "NL"
    active: bool = True

    def listed(self) -> Listed:
        """Return what the weighing needs."""
        return Listed(names=(self.name, *self.trade_names), active=self.active)


class BusinessRegister(Protocol):
    """Something that knows who has a number. `there` is False where there is none to ask."""

    there: bool

    def find(self, kvk: str) -> Entry | None:
        """Return the entry of a normalised KvK number, or None."""


class NullRegister:
    """There is none: nothing is prefilled, and every registration waits for an officer."""

    there = False

    def find(self, kvk: str) -> Entry | None:  # noqa: ARG002 - the interface
        log.warning("no business register: DIJKWACHT_BUSINESS_REGISTER is empty, so names are not checked")
        return None


@dataclass
class Snapshot:
    """A CSV or JSON file of COLUMNS, read when it is first asked and again when it was changed.

    It is held in memory: some hundred thousand rows. Raises UnreadableSnapshot naming the row.
    """

    path: Path
    there = True
    _read_at: float = 0
    _entries: dict[str, Entry] = field(default_factory=dict)

    def find(self, kvk: str) -> Entry | None:
        """Return the entry of a normalised KvK number, or None."""
        try:
            changed = self.path.stat().st_mtime
        except OSError as error:
            raise UnreadableSnapshot(f"{self.path}: {error}") from error
        if changed != self._read_at:
            self._entries = {entry.kvk: entry for entry in self._rows()}
            self._read_at = changed
        return self._entries.get(kvk)

    def _rows(self) -> Iterable[Entry]:
        try:
            text = self.path.read_text("utf-8-sig")
            rows: list[Any] = (
                json.loads(text) if self.path.suffix.lower() == ".json" else [*csv.DictReader(text.splitlines())]
            )
        except (OSError, ValueError) as error:
            raise UnreadableSnapshot(f"{self.path}: {error}") from error
        if not isinstance(rows, list):
            raise UnreadableSnapshot(f"{self.path}: a list of objects is expected")
        for number, row in enumerate(rows, start=1):
            yield _entry(row, f"{self.path}, row {number}")


def _entry(row: Any, where: str) -> Entry:
    if not isinstance(row, Mapping) or {str(key) for key in row} - {*COLUMNS, *MORE}:
        raise UnreadableSnapshot(f"{where}: the columns are {', '.join((*COLUMNS, *MORE))}")
    plain = {name: str(row.get(name) if row.get(name) is not None else "").strip()[:200] for name in COLUMNS}
    try:
        kvk = normalise_kvk(plain.pop("kvk"))
    except InvalidIdentifier as problem:
        raise UnreadableSnapshot(f"{where}: {problem}") from problem
    if not plain["name"]:
        raise UnreadableSnapshot(f"{where}: a name is missing")
    traded = tuple(part.strip() for part in plain.pop("trade_names").split(";") if part.strip())
    active = plain.pop("active").lower() not in ENDED
    country = plain.pop("country") or "NL"
    return Entry(kvk=kvk, trade_names=traded, active=active, country=country, **plain)


@cache
def _snapshot(path: Path) -> Snapshot:
    return Snapshot(path)


def business_register() -> BusinessRegister:
    """Return the register of this installation."""
    named = settings.BUSINESS_REGISTER or (DEMO_FILE if settings.DEMO else "")
    return _snapshot(Path(named)) if named else NullRegister()
