"""Bytes → records of a delimited file, one at a time and with care: for the chunks in which something is wrong."""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from dijkwacht.data.setaside import Aside

LINE_LIMIT: Final = 131_072  # bytes of one record; the largest real rows carry a certificate chain of some 20 KB
JOIN_LIMIT: Final = 1_000  # physical lines of one record: a quoted field may hold line ends
LINE_END: Final = re.compile(rb"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class Record:
    """One data row as received, without its line end. `problem` is a reason to set it aside, or empty."""

    line: int
    raw: bytes
    problem: str = ""
    detail: str = ""

    def aside(self) -> Aside:
        """The row as a line that is set aside."""
        return Aside(self.line, "", self.problem, self.detail, self.raw)


class Split(NamedTuple):
    """The records of a chunk, and how many of its bytes they took: the rest continues in the next chunk."""

    records: list[Record]
    used: int


def split(chunk: bytes, first_line: int, separator: str, *, last: bool) -> Split:
    """The records of `chunk`, numbered from `first_line`. Blank lines are no records.

    A line whose quotes do not close is joined with those after it when that gives a well-formed record; otherwise it
    alone is set aside, so that one broken quote never swallows good lines.
    """
    records: list[Record] = []
    lines = list(_physical(chunk))
    position = 0
    while position < len(lines):
        start, end = lines[position]
        raw = chunk[start:end]
        taken = 1
        if raw.count(b'"') % 2:
            taken = _joined(chunk, lines, position, separator)
            if not taken and not last and _may_continue(chunk, start):
                return Split(records, start)
            raw = chunk[start : lines[position + max(taken, 1) - 1][1]]
        position += max(taken, 1)
        if raw.strip():
            records.append(judge(first_line + len(records), raw, whole=taken > 0))
    return Split(records, len(chunk))


def _physical(chunk: bytes) -> Iterator[tuple[int, int]]:
    start = 0
    for match in LINE_END.finditer(chunk):
        yield start, match.start()
        start = match.end()
    if start < len(chunk):
        yield start, len(chunk)


def _joined(chunk: bytes, lines: Sequence[tuple[int, int]], position: int, separator: str) -> int:
    """How many physical lines from `position` make one well-formed record; 0 when none do."""
    start = lines[position][0]
    odd = True
    for last in range(position + 1, min(position + JOIN_LIMIT, len(lines))):
        begin, end = lines[last]
        if end - start > LINE_LIMIT:
            return 0
        odd ^= bool(chunk.count(b'"', begin, end) % 2)
        if not odd:
            return last + 1 - position if fields(chunk[start:end], separator) else 0
    return 0


def _may_continue(chunk: bytes, start: int) -> bool:
    """Whether the record that opens at `start` may end in the next chunk: its quotes stay open to the end of this."""
    rest = len(chunk) - start
    return rest <= LINE_LIMIT and chunk.count(b'"', start) % 2 == 1


def judge(line: int, raw: bytes, *, whole: bool = True) -> Record:
    """The row with what its bytes alone show to be wrong."""
    if len(raw) > LINE_LIMIT:
        return Record(line, raw, "too-long", f"{len(raw)} bytes, at most {LINE_LIMIT}")
    if b"\0" in raw:
        return Record(line, raw, "nul-byte", f"at byte {raw.index(bytes(1)) + 1} of the line")
    try:
        raw.decode()
    except UnicodeDecodeError as error:
        return Record(line, raw, "encoding", f"byte {raw[error.start]:#04x} at byte {error.start + 1} of the line")
    return Record(line, raw) if whole else Record(line, raw, "quotes", "a quote is opened and not closed")


def fields(raw: bytes, separator: str) -> int:
    """The number of columns of one record; 0 when it is not well formed."""
    try:
        rows = list(csv.reader([raw.decode()], delimiter=separator, strict=True))
    except (csv.Error, UnicodeDecodeError):
        return 0
    return len(rows[0]) if len(rows) == 1 else 0


def checked(record: Record, width: int, separator: str) -> Record:
    """The record with its number of columns checked."""
    if record.problem:
        return record
    found = fields(record.raw, separator)
    if found == width:
        return record
    if not found:
        return replace(record, problem="quotes", detail="a quote stands where none can")
    return replace(record, problem="column-count", detail=f"{found} columns, the header has {width}")
