"""A large delimited file as spans of whole records, so that several workers read one file.

A span ends where a line ends and the next one is a whole record. That can still be inside a quoted field that holds
line ends. Then the span is not made of whole records, the reader sets a line of it aside for its structure, and the
file is read again in one piece. When no span shows that, each began where the one before it rightly ended.
"""

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dijkwacht.feeds import Feed

from .records import LINE_LIMIT, fields
from .tables import header_line

STRUCTURAL: Final = ("quotes", "column-count", "too-long")
DELIMITED: Final = ("shadowserver", "csv")
LINES_TRIED: Final = 1_000
BUFFER: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes `start` to `end` of a file, whole records; the header takes the first `head` bytes of the file."""

    head: int
    start: int
    end: int


class _SpanReader(io.RawIOBase):
    """The header and then the span, as one stream."""

    def __init__(self, path: Path, span: Span) -> None:
        self._file = path.open("rb", buffering=0)
        self._parts = [(0, span.head), (span.start, span.end)] if span.start > span.head else [(0, span.end)]
        self._at = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        while self._parts:
            start, end = self._parts[0]
            self._file.seek(max(start, self._at))
            if size := self._file.readinto(view[: max(0, end - max(start, self._at))]):
                self._at = max(start, self._at) + size
                return size
            self._parts.pop(0)
        return 0

    def close(self) -> None:
        self._file.close()
        super().close()


def open_span(path: Path, span: Span) -> io.BufferedReader:
    """Open a span as if it were a file of its own, header first."""
    return io.BufferedReader(_SpanReader(path, span), BUFFER)


def split_file(path: Path, feed: Feed, span_bytes: int) -> list[Span]:
    """Cut a file in spans of about `span_bytes`; one span when it is small, packed or not delimited."""
    size = path.stat().st_size
    with path.open("rb") as file:
        start = file.read(2)
        if feed.format not in DELIMITED or size <= span_bytes or start in {b"\x1f\x8b", b"PK"}:
            return [Span(0, 0, size)]
        file.seek(0)
        names = file.readline(LINE_LIMIT)
        head, width = len(names), len(header_line(names, feed.separator)[0])
        cuts = [head]
        while (wanted := cuts[-1] + span_bytes) < size:
            cut = _next_record(file, wanted, width, feed.separator)
            if cut is None or cut >= size:
                break
            cuts.append(cut)
    return [Span(head, start, end) for start, end in zip(cuts, [*cuts[1:], size], strict=True)]


def _next_record(file: io.BufferedReader, at: int, width: int, separator: str) -> int | None:
    """Where the first line after `at` starts that is a whole record; None when there is none nearby."""
    file.seek(at)
    file.readline(LINE_LIMIT)
    for _ in range(LINES_TRIED):
        start = file.tell()
        line = file.readline(LINE_LIMIT)
        if not line:
            return start
        if fields(line.rstrip(b"\r\n"), separator) == width:
            return start
    return None
