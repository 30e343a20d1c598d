"""Rows of a table of product status, from Markdown, CSV or JSON: the three forms in which NCSC-NL gives its list.

Source: NCSC-NL/log4shell, `software/README.md` (columns, statuses), `tools/log4shell_softwarelist` (CSV, JSON).
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Final

import msgspec

from dijkwacht.feeds.advisories.bounds import CVE, Unreadable, clean, listed, one_line, read_json, table, web_address

MOST: Final = 50_000  # rows of one table; the largest real one has 5,800
COLUMNS: Final = 60  # more than so many are none of ours
_CELLS: Final = re.compile(r"(?<!\\)\|")
_RULE: Final = re.compile(r"\|[\s:|-]+\Z")
_BREAK: Final = re.compile(r"<br\s*/?>", re.IGNORECASE)
_LINK: Final = re.compile(r"\[([^\[\]]{0,500})\]\(([^()\s]{0,2000}(?:\([^()\s]{0,200}\)[^()\s]{0,2000})?)\)")
_HEADING: Final = re.compile(r"#{1,6}\s+(.{1,300})")
_QUOTED: Final = re.compile(r"'([^']{1,2000})'")


@dataclass(frozen=True, slots=True)
class Row:
    """One row. `states`: the status as written, by CVE id. `line`: where it stands. `wrong`: why it cannot be read."""

    line: int
    supplier: str
    product: str
    version: str
    states: Mapping[str, str]
    notes: str
    links: Sequence[str]
    raw: bytes
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A table. `title`: of the whole; `heading`: of this part, such as the first letter of its suppliers."""

    title: str
    heading: str
    rows: list[Row]


def read(raw: bytes) -> Page:
    """Read a table of product status in any of its forms. Raises Unreadable."""
    start = raw.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if start in (b"[", b"{"):
        return _json(raw)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(f"it is not UTF-8: byte {error.start + 1:,} is none; save it as UTF-8") from error
    return _markdown(text) if "|" in text[: text.find("\n", text.lower().find("supplier"))] else _csv(text)


def _markdown(text: str) -> Page:
    title = heading = ""
    columns: list[str] = []
    header, rows = "", list[Row]()
    for number, line in enumerate(text.splitlines(), 1):
        if found := _HEADING.match(line):
            title, heading = title or one_line(_plain(found[1])), one_line(_plain(found[1]), 60)
        elif not line.startswith("|"):
            columns = []  # a table ends where its lines end
        elif not columns and "supplier" in line.lower():
            columns, header = [_plain(one) for one in _cells(line)], line
        elif columns and not _RULE.match(line):
            raw = f"{header}\n{line}\n".encode()
            rows.append(_row(number, columns, [*_cells(line)], raw, _links(line)))
            _bounded(rows)
    return _page(title, heading if heading != title else "", rows)


def _cells(line: str) -> list[str]:
    return _CELLS.split(line.strip().removeprefix("|").removesuffix("|"))


def _plain(cell: str) -> str:
    """A cell without the marks of Markdown that stand in these lists: links, breaks, escapes, emphasis."""
    text = _BREAK.sub(" ", _LINK.sub(r"\1", cell)).replace("\\|", "|")
    return unescape(text).strip().strip("*_`").strip()


def _links(cell: str) -> list[str]:
    return [url for _, found in _LINK.findall(cell) if (url := web_address(found))]


def _csv(text: str) -> Page:
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[Row] = []
    try:
        columns = next(lines)
        for cells in lines:
            if any(cells):
                raw = f"{_joined(columns)}{_joined(cells)}".encode()
                links = [url for one in _QUOTED.findall(cells[-1]) if (url := web_address(one))]
                rows.append(_row(lines.line_num, columns, cells, raw, links))
                _bounded(rows)
    except (csv.Error, StopIteration) as error:
        raise Unreadable(f"line {lines.line_num} is no CSV ({error or 'it is empty'}); fetch it again") from error
    return _page("", "", rows)


def _joined(cells: Sequence[str]) -> str:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerow(cells)
    return written.getvalue()


def _json(raw: bytes) -> Page:
    rows: list[Row] = []
    for number, entry in enumerate(map(table, listed(read_json(raw))), 1):
        links = [url for one in table(entry.get("Links")).values() if (url := web_address(one))]
        columns = [one for one in entry if one != "Links"]
        cells = [one if isinstance(one, str) else "" for one in (entry[name] for name in columns)]
        rows.append(_row(number, columns, cells, msgspec.json.encode([entry]), links))
        _bounded(rows)
    return _page("", "", rows)


def _bounded(rows: list[Row]) -> None:
    if len(rows) > MOST:
        raise Unreadable(f"it has more than {MOST:,} rows; ask the source to split it")


def _page(title: str, heading: str, rows: list[Row]) -> Page:
    if not rows:
        raise Unreadable('it has no rows under a header with "Supplier", "Product", "Version" and "Status CVE-…"')
    return Page(title, heading, rows)


def _row(line: int, columns: Sequence[str], cells: Sequence[str], raw: bytes, links: Sequence[str]) -> Row:
    """Give the row by the names of its columns; another number of cells is said, since the cells would be shifted."""
    names = [name.strip().lower() for name in columns[:COLUMNS]]
    wrong = ""
    if len(cells) != len(columns):
        wrong = f"it has {len(cells)} cells under {len(columns)} columns: a | too many or too few moves what they say"
    found = dict(zip(names, (_plain(one) for one in cells), strict=False))
    states = {
        named[0].upper(): found[name]
        for name in found
        if name.startswith("status") and (named := CVE.search(name.upper()))
    }
    version = next((found[name] for name in found if name.startswith("version")), "")
    supplier, product = one_line(found.get("supplier"), 200), one_line(found.get("product"))
    if not wrong and not (supplier and product and states):
        wrong = 'it names no supplier, no product, or its table has no column "Status CVE-…"'
    notes = one_line(found.get("notes"), 1_000)
    return Row(line, supplier, product, clean(version, 2_000), states, notes, links, raw, wrong)


def first_of(rows: Sequence[Row]) -> Iterator[str]:
    """Give the vulnerabilities that the table has a column for, in order."""
    yield from dict.fromkeys(name for row in rows for name in row.states)
