"""A delimited file → tables of text, chunk by chunk. A clean chunk goes through Polars in one piece."""

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, BinaryIO, Final

import numpy as np
import polars as pl

from dijkwacht.data.records import LINE_LIMIT, Record, Split, checked, split
from dijkwacht.data.setaside import RAW_LIMIT, Aside, ReportRefused
from dijkwacht.feeds.model import Text

CHUNK: Final = 16 << 20  # bytes; small enough that the allocator reuses the memory, which halves the system time
NEWLINE: Final = ord("\n")
STRAY_RETURN: Final = re.compile(rb"\r(?!\n)")


@dataclass(frozen=True, slots=True)
class Table:
    """Rows as text: the column `line`, and one column of text for each column of the source that is wanted.

    Empty text is null. `raw(lines)` gives those rows as received; `aside` are the lines that gave no row.
    """

    frame: pl.DataFrame
    raw: Callable[[Sequence[int]], dict[int, bytes]]
    aside: list[Aside]


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a file, which of them are wanted, and the character between them."""

    header: tuple[str, ...]
    wanted: tuple[str, ...]
    separator: str = ","

    @property
    def head(self) -> bytes:
        """The line of names that stands before each chunk: Polars counts the columns of the first line it sees."""
        return (self.separator.join(f"c{number}" for number in range(len(self.header) + 1)) + "\n").encode()

    def parse(self, text: bytes) -> pl.DataFrame:
        """The wanted columns of `head` and rows, then the last column and one beyond it.

        Those two show a wrong number of columns: the last is null where a row is short, and only where a row is long
        is the one beyond not null.
        """
        width = len(self.header)
        indices = sorted({*(self.header.index(name) for name in self.wanted), width - 1, width})
        schema = dict.fromkeys((f"c{number}" for number in range(width + 1)), pl.String)
        return pl.read_csv(text, columns=indices, schema=schema, separator=self.separator)

    def named(self, frame: pl.DataFrame, lines: Any) -> pl.DataFrame:
        """The wanted columns of a parsed frame under their own names, with the numbers of their lines.

        Each column comes in one piece: Polars gives a dozen, and every step behind it would pay for them. Empty text
        becomes null only here: while parsing, null says that a row is short.
        """
        columns = [frame[f"c{self.header.index(name)}"].alias(name) for name in self.wanted]
        named = pl.DataFrame([pl.Series("line", lines, pl.UInt32), *columns]).rechunk()
        return named.with_columns(pl.when(pl.col(pl.String) != "").then(pl.col(pl.String)).name.keep())


def read_tables(stream: BinaryIO, layout: Layout) -> Iterator[Table]:
    """The rows after the header line, in tables of some 8 MB of the file. `stream` stands behind the header.

    Raises ReportRefused when there are more rows than a line number can count.
    """
    head, carry, line, last = layout.head, b"", 1, False
    while not last:
        block = stream.read(CHUNK)
        last = not block
        cut = len(block) if last else _cut(block)
        if not cut and not last:
            carry += block
            if len(carry) > LINE_LIMIT:
                yield _table(pl.DataFrame(), layout, [overlong(line, carry)])
                carry, line = skip_line(stream), line + 1
            continue
        chunk = b"".join((head, carry, memoryview(block)[:cut]))  # the only copy
        rest = block[cut:]
        del block  # its memory takes the next chunk, so that the system need not hand out new pages
        table, used = _read(chunk, line, layout, last=last)
        line += table.frame.height + len(table.aside)
        carry = chunk[used:] + rest
        del chunk
        yield table
        del table


def _cut(chunk: bytes) -> int:
    """Where the last whole line ends. A lone CR counts only where there is no LF at all."""
    return chunk.rfind(b"\n") + 1 or chunk.rfind(b"\r", 0, -1) + 1


def overlong(line: int, start: bytes) -> Aside:
    return Aside(line, "", "too-long", f"more than {LINE_LIMIT} bytes without a line end", start[:RAW_LIMIT])


def skip_line(stream: BinaryIO) -> bytes:
    """Reads past the next line end; what was read behind it."""
    while block := stream.read(CHUNK):
        if match := re.search(rb"\r\n|\n|\r", block):
            return block[match.end() :]
    return b""


def _read(chunk: bytes, first_line: int, layout: Layout, *, last: bool) -> tuple[Table, int]:
    """The rows of a chunk that begins with the layout's head, and how many of its bytes they took."""
    frame, start = _at_once(chunk, layout), len(layout.head)
    if frame is None:
        table, used = _with_care(split(chunk[start:], first_line, layout.separator, last=last), layout)
        return table, start + used

    def raw(wanted: Sequence[int]) -> dict[int, bytes]:
        records = split(chunk[start:], first_line, layout.separator, last=True).records
        return {line: records[line - first_line].raw for line in wanted}

    lines = np.arange(first_line, first_line + frame.height, dtype=np.uint32)
    return Table(layout.named(frame, lines), raw, []), len(chunk)


def _at_once(chunk: bytes, layout: Layout) -> pl.DataFrame | None:
    """The chunk through Polars in one piece; None when anything about it needs care."""
    if not _clean(chunk):
        return None
    try:
        frame = layout.parse(chunk)
    except (pl.exceptions.PolarsError, ValueError):
        return None
    width = len(layout.header)
    whole = frame[f"c{width - 1}"].null_count() == 0 and frame[f"c{width}"].null_count() == frame.height
    return frame if whole else None


def _clean(chunk: bytes) -> bool:
    """Whether there is no NUL, all line ends are LF or CRLF, and no line is over long.

    A step at a time, which stays in the cache. That all bytes are UTF-8 is for Polars to check: it does so for every
    byte of the text that it is given, and fails.
    """
    half, returns = LINE_LIMIT // 2, False  # a longer line spans at least one whole step without a line end
    for start in range(0, len(chunk), half):
        end = start + half
        if chunk.find(b"\0", start, end) >= 0 or (end < len(chunk) and chunk.find(b"\n", start, end) < 0):
            return False
        returns = returns or chunk.find(b"\r", start, end) >= 0
    return not (returns and STRAY_RETURN.search(chunk))


def _with_care(parts: Split, layout: Layout) -> tuple[Table, int]:
    good = [record for record in parts.records if not record.problem]
    bad = [record for record in parts.records if record.problem]
    frame, good, wrong = _parse_records(good, layout)
    return _table(frame, layout, [record.aside() for record in bad + wrong], good), parts.used


def _parse_records(records: list[Record], layout: Layout) -> tuple[pl.DataFrame, list[Record], list[Record]]:
    """The frame of the records that are well formed, those records, and the others."""
    width = len(layout.header)
    if not records:
        return pl.DataFrame(), [], []
    try:
        frame = layout.parse(layout.head + b"\n".join(record.raw for record in records))
    except (pl.exceptions.PolarsError, ValueError):
        frame = pl.DataFrame()
    if frame.height == len(records):
        doubtful = (frame[f"c{width - 1}"].is_null() | frame[f"c{width}"].is_not_null()).to_numpy()
        judged = {int(at): checked(records[at], width, layout.separator) for at in np.flatnonzero(doubtful)}
        wrong = [record for record in judged.values() if record.problem]
        keep = [judged.get(number, record).problem == "" for number, record in enumerate(records)]
        return frame.filter(keep), [r for r, good in zip(records, keep, strict=True) if good], wrong
    judged_all = [checked(record, width, layout.separator) for record in records]
    good = [record for record in judged_all if not record.problem]
    if len(good) == len(records):
        return _halves(records, layout)
    frame, kept, wrong = _parse_records(good, layout)
    return frame, kept, wrong + [record for record in judged_all if record.problem]


def _halves(records: list[Record], layout: Layout) -> tuple[pl.DataFrame, list[Record], list[Record]]:
    """For records that are well formed one by one and yet not together: narrows down to the one that is not."""
    if len(records) == 1:
        return pl.DataFrame(), [], [replace(records[0], problem="quotes", detail="the quotes do not match")]
    middle = len(records) // 2
    parts = [_parse_records(half, layout) for half in (records[:middle], records[middle:])]
    frames = [frame for frame, _, _ in parts if frame.width]
    frame = pl.concat(frames) if frames else pl.DataFrame()
    return frame, [r for _, kept, _ in parts for r in kept], [r for _, _, wrong in parts for r in wrong]


def _table(frame: pl.DataFrame, layout: Layout, aside: list[Aside], records: Sequence[Record] = ()) -> Table:
    if not frame.height:
        empty: dict[str, type[pl.DataType]] = {"line": pl.UInt32, **dict.fromkeys(layout.wanted, pl.String)}
        return Table(pl.DataFrame(schema=empty), lambda _: {}, aside)
    by_line = {record.line: record.raw for record in records}

    def raw(wanted: Sequence[int]) -> dict[int, bytes]:
        return {line: by_line[line] for line in wanted}

    return Table(layout.named(frame, [record.line for record in records]), raw, aside)


def header_line(start: bytes, separator: str = ",") -> tuple[tuple[str, ...], int]:
    """The names in the first line of a file and the number of bytes it takes, line end and byte order mark included.

    Raises ReportRefused for UTF-16, no header, a header that is not well formed, or one with a name twice.
    """
    refuse_utf16(start)
    body = start.removeprefix(b"\xef\xbb\xbf")
    end = re.search(rb"\r\n|\n|\r", body)
    line = body[: end.start()] if end else body
    try:
        names = tuple(name.strip() for name in next(csv.reader([line.decode()], delimiter=separator, strict=True)))
    except (StopIteration, UnicodeDecodeError, csv.Error):
        names = ()
    if not any(names) or b"\0" in line or len(line) > LINE_LIMIT:
        raise ReportRefused("no-header", Text(nl="De eerste regel is geen leesbare kopregel.",
                                              en="The first line is not a readable header."))  # fmt: skip
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ReportRefused("column-twice", Text(nl=f"De kopregel noemt tweemaal: {', '.join(twice)}.",
                                                 en=f"The header names twice: {', '.join(twice)}."))  # fmt: skip
    return names, len(start) - len(body) + (end.end() if end else len(body))


def refuse_utf16(start: bytes) -> None:
    """Raises ReportRefused when the first bytes of a file are a byte order mark of UTF-16."""
    if start[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        raise ReportRefused("utf-16", Text(nl="Het bestand is UTF-16; lever het aan als UTF-8.",
                                           en="The file is UTF-16; deliver it as UTF-8."))  # fmt: skip
