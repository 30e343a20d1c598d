"""Aliases in a file, and what an answer makes of a pair of names. No Django."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from dijkwacht.rooms.advisories.matching.rules import alias_key

HEADER: Final = ("product_vendor", "product", "kind", "vendor", "value", "same")
KINDS: Final = ("name", "cpe", "purl", "model")
LARGEST: Final = 5 << 20  # bytes of a file of aliases
_YES: Final = {"yes": True, "ja": True, "true": True, "1": True, "no": False, "nee": False, "false": False, "0": False}
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_LENGTHS: Final = {"product_vendor": 200, "product": 300, "vendor": 200, "value": 500}


class Name(NamedTuple):
    """What a product is called."""

    vendor: str
    product: str


@dataclass(frozen=True, slots=True)
class AliasLine:
    """One line of a file: of which product it says what."""

    product: Name
    kind: str
    vendor: str
    value: str
    same: bool

    @property
    def key(self) -> str:
        return alias_key(self.kind, self.vendor, self.value)


class AliasFileError(Exception):
    """What is wrong in a file; `line` counts from 1, `column` is a name of the header, or ""."""

    def __init__(self, line: int, column: str, problem: str) -> None:
        self.line, self.column, self.problem = line, column, problem
        super().__init__(f"line {line}, {column}: {problem}" if column else f"line {line}: {problem}")


def read_aliases(raw: bytes) -> list[AliasLine]:
    """Read a CSV file of aliases, all or nothing. Raises AliasFileError with line and column."""
    if len(raw) > LARGEST:
        raise AliasFileError(1, "", f"the file is larger than {LARGEST >> 20} MiB")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise AliasFileError(raw[: error.start].count(b"\n") + 1, "", "this is not UTF-8") from error
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        return list(_lines(reader))
    except csv.Error as error:
        raise AliasFileError(reader.line_num, "", str(error)) from error


def _lines(reader: "Iterator[list[str]]") -> Iterator[AliasLine]:
    number = 1
    if (header := next(reader, None)) is None or tuple(one.strip().lower() for one in header) != HEADER:
        raise AliasFileError(1, "", "the first line must be " + ",".join(HEADER))
    for row in reader:
        number = getattr(reader, "line_num", number + 1)
        if row:
            yield _line(row, number)


def _line(row: list[str], number: int) -> AliasLine:
    if len(row) != len(HEADER):
        raise AliasFileError(number, "", f"{len(row)} columns, and not {len(HEADER)}")
    cells = {name: _open(value.strip()) for name, value in zip(HEADER, row, strict=True)}
    for name, most in _LENGTHS.items():
        if len(cells[name]) > most or "\x00" in cells[name]:
            raise AliasFileError(number, name, f"longer than {most} characters, or no text")
    if not alias_key("name", cells["product_vendor"], cells["product"]):
        raise AliasFileError(number, "product", "holds no name")
    if cells["kind"] not in KINDS:
        raise AliasFileError(number, "kind", "must be one of " + ", ".join(KINDS))
    if cells["same"].lower() not in _YES:
        raise AliasFileError(number, "same", "must be yes or no")
    found = AliasLine(
        Name(cells["product_vendor"], cells["product"]),
        cells["kind"],
        cells["vendor"],
        cells["value"],
        _YES[cells["same"].lower()],
    )
    if not found.key:
        raise AliasFileError(number, "value", "holds nothing to recognise a product by")
    return found


def _open(cell: str) -> str:
    """Undo what `write_aliases` does to a cell that a spreadsheet would run."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in _FORMULA else cell


def write_aliases(lines: Iterable[AliasLine]) -> str:
    """Write what `read_aliases` reads. A cell that a spreadsheet would take for a formula gets an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADER)
    for one in lines:
        cells = (*one.product, one.kind, one.vendor, one.value, "yes" if one.same else "no")
        writer.writerow([f"'{cell}" if cell[:1] in _FORMULA else cell for cell in cells])
    return out.getvalue()
