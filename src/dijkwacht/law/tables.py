"""Dated tables of the law: read from TOML, checked, and asked as of a date."""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, Self

from dijkwacht.kernel.errors import Problem

MARKS: Final = ("seen", "known", "agreed", "unverified")
# The columns each table has beside the five that date and source a row.
COLUMNS: Final[dict[str, frozenset[str]]] = {
    "authorities": frozenset(
        {"code", "sector_nl", "sector_en", "subsector_nl", "subsector_en", "authority", "supervisor", "csirt", "note"}
    ),
    "grounds": frozenset({"code", "law", "name_nl", "name_en", "sender", "receiver", "condition"}),
    "retention": frozenset({"code", "name_nl", "name_en", "holder", "months", "from_event", "ground"}),
    "eu-members": frozenset({"code"}),
}
DATING: Final = frozenset({"valid_from", "valid_to", "source", "checked_on", "mark"})
OPTIONAL: Final = frozenset({"valid_to", "note", "condition", "subsector_nl", "subsector_en"})


class InvalidTable(Problem, ValueError):
    """A table of the law is not in order: {table}."""

    nl = "Een tabel van het juridisch kader is niet in orde: {table}."
    status = 500


@dataclass(frozen=True, slots=True)
class Row:
    """One dated row. `valid_to` is the last day on which it holds; None is open."""

    values: Mapping[str, Any]
    valid_from: date
    valid_to: date | None
    source: str
    checked_on: date
    mark: str

    def __getitem__(self, column: str) -> Any:
        """Return one value of the table's own columns. Raises KeyError."""
        return self.values[column]

    def get(self, column: str, default: Any = None) -> Any:
        """Return one value, or the default where the row is silent."""
        return self.values.get(column, default)

    @property
    def unverified(self) -> bool:
        """Tell whether the row must be shown as unverified."""
        return self.mark == "unverified"

    def holds(self, on: date) -> bool:
        """Tell whether the row is valid on a date."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True)
class Table:
    """A table of dated rows, each with a `code`; of one code at most one row holds on a date."""

    name: str
    rows: tuple[Row, ...]

    def as_of(self, on: date) -> tuple[Row, ...]:
        """Return the rows that hold on a date."""
        return tuple(row for row in self.rows if row.holds(on))

    def row(self, code: str, on: date) -> Row | None:
        """Return the row of a code that holds on a date, or None."""
        return next((row for row in self.rows if row["code"] == code and row.holds(on)), None)


@dataclass(frozen=True)
class Tables:
    """All tables of one country's law."""

    tables: Mapping[str, Table]

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read every table of COLUMNS from `folder`/<name>.toml. Raises InvalidTable."""
        return cls({name: read_table(folder / f"{name}.toml", COLUMNS[name]) for name in COLUMNS})

    def __getitem__(self, name: str) -> Table:
        """Return one table. Raises KeyError."""
        return self.tables[name]

    def eu_member(self, country: str, on: date) -> bool:
        """Tell whether a country (ISO 3166-1 alpha-2) is a Member State of the European Union on a date."""
        return self["eu-members"].row(country, on) is not None

    def ground(self, law: str, on: date) -> Row:
        """Return the row of a ground on a date. Raises KeyError when there is none."""
        row = self["grounds"].row(law, on)
        if row is None:
            raise KeyError(law)
        return row

    def ground_covers(self, law: str, first: date, last: date | None) -> bool:
        """Tell whether a ground exists over all days from first to last (None: for ever)."""
        row = self["grounds"].row(law, first)
        return row is not None and (row.valid_to is None or (last is not None and last <= row.valid_to))

    def canonical(self, *names: str) -> str:
        """Return the contents of tables in a form that layout and comments do not change."""
        rows = [[name, sorted(_canonical(row) for row in self[name].rows)] for name in names]
        return json.dumps(rows, ensure_ascii=False)


def _canonical(row: Row) -> str:
    return json.dumps([dict(row.values), str(row.valid_from), str(row.valid_to)], sort_keys=True, ensure_ascii=False)


def read_table(file: Path, columns: frozenset[str], optional: frozenset[str] = OPTIONAL) -> Table:
    """Read one table with its own `columns`, of which a row may lack the `optional` ones.

    Raises InvalidTable, naming the table and the row.
    """
    name = file.stem
    try:
        content = tomllib.loads(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InvalidTable(str(error), table=name) from error
    defaults = content.get("defaults", {})
    rows = content.get("row")
    if not isinstance(rows, list) or not rows or content.keys() - {"defaults", "row"}:
        raise InvalidTable("It holds [defaults] and [[row]] and nothing else.", table=name)
    known = columns | DATING
    required = known - optional - OPTIONAL
    read = (_row(name, number, {**defaults, **row}, known, required) for number, row in enumerate(rows, 1))
    table = Table(name, tuple(read))
    _check_overlaps(table)
    return table


def _row(name: str, number: int, values: dict[str, Any], known: frozenset[str], required: frozenset[str]) -> Row:
    """Check one row's columns and dates. Raises InvalidTable."""
    missing, strange = required - values.keys(), values.keys() - known
    if missing or strange:
        raise InvalidTable(f"Row {number} misses {sorted(missing)}, has unknown {sorted(strange)}.", table=name)
    dates = [values["valid_from"], values["checked_on"], values.get("valid_to", values["valid_from"])]
    if not all(type(value) is date for value in dates):
        raise InvalidTable(f"Row {number} has a date that is not a date.", table=name)
    if values["mark"] not in MARKS:
        raise InvalidTable(f"Row {number} has a mark that is not one of {', '.join(MARKS)}.", table=name)
    if dates[2] < dates[0]:
        raise InvalidTable(f"Row {number} ends before it begins.", table=name)
    own = {column: value for column, value in values.items() if column not in DATING}
    dated: dict[str, Any] = {column: values.get(column) for column in DATING}
    return Row(own, **dated)


def _check_overlaps(table: Table) -> None:
    """Refuse two rows of one code that hold on the same day: nobody could tell which is the law."""
    last_day: dict[str, date] = {}
    for row in sorted(table.rows, key=lambda row: (row["code"], row.valid_from)):
        if last_day.get(row["code"], date.min) >= row.valid_from:
            raise InvalidTable(f"{row['code']} has two rows for one day.", table=table.name)
        last_day[row["code"]] = row.valid_to or date.max
