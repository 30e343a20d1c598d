"""A register as its rows of text, exactly as they came. Everything is bounded before it is parsed."""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from dijkwacht.rooms.linkage.errors import UnusableRegister
from dijkwacht.rooms.linkage.linking.mapping import Layout

MOST_BYTES: Final = 1 << 30
MOST_ROWS: Final = 5_000_000
MOST_COLUMNS: Final = 256
MOST_CELL: Final = 32_767  # characters, what a spreadsheet's cell holds; longer ones are cut, and noted
MOST_NOTES: Final = 1_000
DELIMITERS: Final = ",;\t|"

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Note:
    """Something in a register that was not taken as it stands: where, and why."""

    source: str
    row: int
    column: str
    reason_nl: str
    reason_en: str


@dataclass(slots=True)
class Register:
    """The rows of a register, in order; row numbers count data rows from 1. `header`: its columns."""

    layout: Layout
    file: str
    header: tuple[str, ...] = ()
    rows: list[Row] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    unnoted: int = 0

    def note(self, row: int, column: str, nl: str, en: str) -> None:
        """Add a note; after a thousand they are only counted."""
        if len(self.notes) < MOST_NOTES:
            self.notes.append(Note(self.layout.source, row, column, nl, en))
        else:
            self.unnoted += 1

    def refuse(self, nl: str, en: str) -> UnusableRegister:
        """Make the problem that says why the register cannot be read."""
        return UnusableRegister(file=self.file, reason_nl=nl, reason_en=en)

    def add(self, values: Sequence[str]) -> None:
        """Add a data row; cells that are far too long are cut and noted, NUL and line ends become spaces."""
        number = len(self.rows) + 1
        if number > MOST_ROWS:
            raise self.refuse(f"meer dan {MOST_ROWS} rijen", f"more than {MOST_ROWS} rows")
        if len(values) > len(self.header) and any(values[len(self.header) :]):
            self.note(
                number,
                "",
                "meer cellen dan de kop; wat over is telt niet",
                "more cells than the header; the rest is left out",
            )
        row = {}
        for column, value in zip(self.header, values, strict=False):
            if len(value) > MOST_CELL:
                self.note(number, column, f"afgekapt op {MOST_CELL} tekens", f"cut at {MOST_CELL} characters")
            if text := value[:MOST_CELL].replace("\0", " ").strip():
                row[column] = text
        self.rows.append(row)


def read_register(path: Path, layout: Layout, *, name: str = "") -> Register:
    """Read a register: `.csv` or `.txt`, `.xlsx`, `.json`. Raises UnusableRegister, which says why and what to do."""
    register = Register(layout, name or path.name)
    if path.stat().st_size > MOST_BYTES:
        raise register.refuse(f"groter dan {MOST_BYTES} bytes; splits het", f"larger than {MOST_BYTES} bytes; split it")
    ending = Path(register.file).suffix.lower()
    if ending in (".xlsx", ".xlsm"):
        from dijkwacht.rooms.linkage.linking.workbook import read_workbook

        read_workbook(path, register)
    elif ending == ".json":
        _read_json(path, register)
    elif ending in (".csv", ".txt", ".tsv"):
        _read_csv(path, register)
    else:
        raise register.refuse(
            "het eindigt niet op .csv, .xlsx of .json", "its name does not end in .csv, .xlsx or .json"
        )
    check_columns(register)
    return register


def set_header(register: Register, names: Sequence[str]) -> None:
    """Take the first row as the header. Raises UnusableRegister for one that cannot name columns."""
    header = tuple(name.replace("\0", " ").strip() for name in names)
    while header and not header[-1]:
        header = header[:-1]
    if not header:
        raise register.refuse("het is leeg, of de eerste rij is dat", "it is empty, or its first row is")
    if len(header) > MOST_COLUMNS:
        raise register.refuse(f"meer dan {MOST_COLUMNS} kolommen", f"more than {MOST_COLUMNS} columns")
    named = [name for name in header if name]
    if twice := sorted({name for name in named if named.count(name) > 1}):
        raise register.refuse(
            f"kolommen met dezelfde naam: {', '.join(twice)[:200]}",
            f"columns of the same name: {', '.join(twice)[:200]}",
        )
    register.header = header


def check_columns(register: Register) -> None:
    """Refuse a register that lacks a column of its mapping: a typing error there must not pass silently."""
    wanted = {name for names in register.layout.columns.values() for name in names}
    if missing := sorted(wanted - set(register.header)):
        has = ", ".join(register.header)[:300]
        raise register.refuse(
            f"het mist kolom {', '.join(missing)}; het heeft: {has}",
            f"it lacks column {', '.join(missing)}; it has: {has}",
        )


def _read_csv(path: Path, register: Register) -> None:
    content = path.read_bytes()
    text = _decoded(content, register)
    csv.field_size_limit(1 << 26)
    delimiter = register.layout.delimiter or _delimiter(text)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for values in lines:
            if not register.header:
                set_header(register, values)
            elif values:
                register.add(values)
    except csv.Error as error:
        line = lines.line_num
        raise register.refuse(f"regel {line} is geen CSV: {error}", f"line {line} is no CSV: {error}") from None
    if not register.header:
        raise register.refuse("het is leeg", "it is empty")


def _decoded(content: bytes, register: Register) -> str:
    wanted = register.layout.encoding
    for encoding in (
        [wanted] if wanted else ["utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", "cp1252"]
    ):
        try:
            text = content.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
        if encoding == "cp1252" and not wanted:
            register.note(0, "", "geen UTF-8; gelezen als cp1252", "no UTF-8; read as cp1252")
        return text
    tried = wanted or "UTF-8 of cp1252"
    raise register.refuse(f"de tekens zijn geen {tried}", f"its characters are not {tried.replace(' of ', ' or ')}")


def _delimiter(text: str) -> str:
    first = text[: text.find("\n") if "\n" in text else None][:65_536]
    return max(DELIMITERS, key=first.count)


def _read_json(path: Path, register: Register) -> None:
    try:
        told = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise register.refuse(f"het is geen JSON: {error}", f"it is no JSON: {error}") from None
    key = register.layout.records
    listed = told.get(key) if key and isinstance(told, dict) else told
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise register.refuse(
            "het is geen lijst van objecten; noem met records = … waar die staat",
            "it is no list of objects; say with records = … where that stands",
        )
    flat = [dict(_flat(one)) for one in listed]
    set_header(register, list(dict.fromkeys(name for one in flat for name in one)) or ["-"])
    for one in flat:
        register.add([one.get(name, "") for name in register.header])


def _flat(value: dict[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    """Give the leaves of an object by their path: {"address": {"city": "X"}} gives address.city."""
    for name, one in value.items():
        if isinstance(one, dict):
            yield from _flat(one, f"{before}{name}.")
        elif isinstance(one, list):
            yield f"{before}{name}", "; ".join(str(part) for part in one if not isinstance(part, dict | list))
        elif one is not None:
            yield f"{before}{name}", str(one)
