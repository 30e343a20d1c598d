"""What a mail would cost a parser, counted on its bytes before any parser sees it."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from .scanning import count_to, place_of

LARGEST: Final = 30 << 20  # bytes of a mail; more than mail servers of providers take
HEADER_BYTES: Final = 512 << 10  # of the header of the message itself
ENCODED_WORDS: Final = 1_000
ADDRESSES: Final = 5_000
PARTS: Final = 1_000  # the fast parser bounds their depth itself

EMPTY_LINES: Final = (b"\n\n", b"\r\n\r\n", b"\r\r")


class Bound(NamedTuple):
    """A bound that a mail is beyond: what was counted, and how much is allowed; some are counted to one beyond it."""

    what: str  # size, header, encoded-words, addresses, parts, multiparts
    found: int
    allowed: int

    def __str__(self) -> str:
        return f"{self.what}: {self.found:,}, at most {self.allowed:,}"


def beyond(raw: bytes) -> Bound | None:
    """Count what a parser would have to do; gives the first bound that the mail is beyond, and counts no further."""
    return next((one for one in _counted(raw) if one.found > one.allowed), None)


def _counted(raw: bytes) -> Iterator[Bound]:
    yield Bound("size", len(raw), LARGEST)
    header = raw[: _end_of_header(raw)]
    yield Bound("header", len(header), HEADER_BYTES)
    yield Bound("encoded-words", count_to(header, b"=?", ENCODED_WORDS), ENCODED_WORDS)
    yield Bound("addresses", header.count(b"@"), ADDRESSES)
    yield Bound("parts", _at_line(raw, b"--"), PARTS)  # lines that may be a border
    yield Bound("multiparts", raw.lower().count(b"boundary=") if raw.count(b"=") > PARTS else 0, PARTS)


def _end_of_header(raw: bytes) -> int:
    """Give where the first empty line is, looked for within the bound of the header and no further."""
    bound = HEADER_BYTES + max(map(len, EMPTY_LINES))
    likely = EMPTY_LINES[raw.find(b"\r\n", 0, 1_000) >= 0]
    end = found if (found := place_of(raw, likely, 0, bound)) >= 0 else min(len(raw), HEADER_BYTES + 1)
    for empty in EMPTY_LINES:
        found = place_of(raw, empty, 0, min(end, HEADER_BYTES)) if empty != likely else -1
        end = found if found >= 0 else end
    return end


def _at_line(raw: bytes, sign: bytes) -> int:
    """Count how often a sign begins a line, no further than one beyond what is allowed; of a rare one, none is."""
    if raw.count(sign[:1]) <= PARTS:
        return 0
    return count_to(raw, b"\n" + sign, PARTS) + count_to(raw, b"\r" + sign, PARTS)
