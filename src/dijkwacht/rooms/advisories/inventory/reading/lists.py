"""Lists that a person makes: CSV with a header, and text as it is pasted."""

import csv
import re
from collections.abc import Iterator
from typing import Final

from dijkwacht.rooms.advisories.inventory.errors import FileTooLong, NoProductColumn, UnknownForm, Unreadable
from dijkwacht.rooms.advisories.inventory.rules import MOST_LINES, Reading, Refusal, Source, shown, take

# What a column of a list may be called, in lower case without spaces and punctuation.
HEADERS: Final = {
    "vendor": (
        "vendor",
        "supplier",
        "manufacturer",
        "publisher",
        "leverancier",
        "fabrikant",
        "merk",
        "maker",
        "producent",
    ),
    "product": (
        "product",
        "name",
        "productname",
        "software",
        "application",
        "naam",
        "productnaam",
        "applicatie",
        "programma",
    ),
    "version": (
        "version",
        "productversion",
        "release",
        "firmware",
        "versie",
        "productversie",
        "versionnumber",
        "versienummer",
    ),
    "cpe": ("cpe", "cpe23", "cpename"),
    "purl": ("purl", "packageurl"),
}
FIELD: Final = {name: field for field, names in HEADERS.items() for name in names}
OURS: Final = ("source", "addedat")  # what an export of ours holds besides
SEPARATORS: Final = (";", ",", "\t", "|")
SAID: Final = re.compile(r"\A\"?sep=(?P<separator>[;,\t|])\"?\Z", re.IGNORECASE)
LONGEST_CELL: Final = 10_000
# "Apache HTTP Server 2.4.57", "FortiOS v7.2", "S7-1500 V3.1 SP2": a version begins with a digit, after a v perhaps
VERSION: Final = re.compile(
    r"\A(?P<product>.*?\S)\s+(?P<version>[vV]?\d[\w.+~:-]*(?:\s+(?:SP|P|R|HF|Update)\s?\d+)*)\Z"
)


def read_csv(text: str) -> Reading:
    """Read a CSV file with a header in Dutch or English. Raises UnknownForm, Unreadable, FileTooLong."""
    head = text.split("\n", 1)[0].strip()
    said = SAID.match(head)  # the first line by which Excel tells its separator
    separator = said["separator"] if said else max(SEPARATORS, key=head.count)
    rows = _rows(text, separator)
    if said:
        next(rows)
    line, header = next(rows, (2, []))
    columns = _columns(header, line, text)
    reading = Reading(Source.CSV)
    unread = [
        Refusal("column", line=line, column=at, shown=shown(cell), whole=False)
        for at, (name, cell) in enumerate(zip(columns, header, strict=True), 1)
        if name is None and cell.strip() and _plain(cell) not in OURS
    ]
    for line, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > len(columns) and any(cell.strip() for cell in cells[len(columns) :]):
            more = shown(cells[len(columns)])
            reading.refuse(Refusal("cells", line=line, column=len(columns) + 1, shown=more))
            continue
        _bound(reading)
        take(reading, {name: cell for name, cell in zip(columns, cells, strict=False) if name}, line=line)
    reading.refused = unread + reading.refused
    return reading


def _plain(cell: str) -> str:
    return re.sub(r"[\W_]", "", cell.lower())


def _columns(header: list[str], line: int, text: str) -> list[str | None]:
    """Which field each column is. One field in two columns would lose one of them without a word."""
    columns = [FIELD.get(_plain(cell)) for cell in header]
    if not {"product", "purl", "cpe"} & set(columns):
        if "\x00" in text[:200]:  # no text at all
            raise UnknownForm
        raise NoProductColumn(line=line, shown=shown(" ".join(" | ".join(header).split())))
    for at, name in enumerate(columns):
        if name and name in columns[:at]:
            first, second = shown(header[columns.index(name)]), shown(header[at])
            raise Unreadable(
                line=line,
                column=at + 1,
                form="CSV",
                why_en=f"“{first}” and “{second}” mean the same; leave one of the two columns out",
                why_nl=f"“{first}” en “{second}” betekenen hetzelfde; laat een van de twee kolommen weg",
            )
    return columns


def _rows(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the line in the file at which each row begins, and its cells.

    The limit of `csv` itself is one for the whole process and stays as it is: what is longer than ours is found here.
    """
    reader = csv.reader(text.splitlines(keepends=True), delimiter=separator, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise Unreadable(
                line=line, column=1, form="CSV", why_en=str(error), why_nl="een cel of aanhalingsteken klopt niet"
            ) from error
        for column, cell in enumerate(cells, 1):
            if len(cell) > LONGEST_CELL:
                raise Unreadable(
                    line=line,
                    column=column,
                    form="CSV",
                    why_en=f"a cell has more than {LONGEST_CELL:,} characters",
                    why_nl=f"een cel heeft meer dan {LONGEST_CELL:,} tekens".replace(",", "."),
                )
        yield line, cells


def read_text(text: str) -> Reading:
    """Read text, a product a line: "name version", "vendor; name; version", a purl or a CPE. Raises FileTooLong."""
    reading = Reading(Source.TEXT)
    for line, raw in enumerate(text.splitlines(), 1):
        said = raw.strip().lstrip("•*").strip()
        said = said.removeprefix("- ")
        if not said or said.startswith("#"):
            continue
        _bound(reading)
        take(reading, _words(said), line=line, column=raw.find(said[:1]) + 1)
    return reading


def _words(said: str) -> dict[str, str]:
    if said.startswith("pkg:"):
        return {"purl": said}
    if said.startswith("cpe:"):
        return {"cpe": said}
    for separator in ("\t", ";", "|", ","):
        if separator in said:
            cells = [cell.strip() for cell in said.split(separator)]
            if len(cells) == 2:  # noqa: PLR2004 - a product and its version
                return {"product": cells[0], "version": cells[1]}
            return {"vendor": cells[0], "product": cells[1], "version": " ".join(cells[2:])}
    found = VERSION.match(said)
    return found.groupdict() if found else {"product": said}


def _bound(reading: Reading) -> None:
    if len(reading.entries) + len(reading.refused) + reading.more_refused >= MOST_LINES:
        raise FileTooLong
