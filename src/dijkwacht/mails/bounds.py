"""What a mail would cost a parser, counted on its bytes before any parser sees it."""

import re
from dataclasses import dataclass
from typing import Final

LARGEST: Final = 30 << 20  # bytes of a mail; more than mail servers of providers take
HEADER_BYTES: Final = 512 << 10  # of the header of the message itself
ENCODED_WORDS: Final = 1_000
ADDRESSES: Final = 5_000
PARTS: Final = 1_000  # the fast parser bounds their depth itself

END_OF_HEADER: Final = re.compile(rb"\r\n\r\n|\n\n|\r\r")


@dataclass(frozen=True, slots=True)
class Bound:
    """A bound that a mail is beyond: what was counted, and how much is looked at."""

    what: str  # size, header, encoded-words, addresses, parts, multiparts
    found: int
    allowed: int


def beyond(raw: bytes) -> list[Bound]:
    """Count what a parser would have to do; gives the bounds that the mail is beyond."""
    end = END_OF_HEADER.search(raw)
    header = raw[: end.start() if end else len(raw)]
    counted = (
        ("size", len(raw), LARGEST),
        ("header", len(header), HEADER_BYTES),
        ("encoded-words", header.count(b"=?"), ENCODED_WORDS),
        ("addresses", header.count(b"@"), ADDRESSES),
        ("parts", raw.count(b"\n--") + raw.count(b"\r--"), PARTS),  # lines that may be a border
        ("multiparts", raw.lower().count(b"boundary="), PARTS),
    )
    return [Bound(*one) for one in counted if one[1] > one[2]]
