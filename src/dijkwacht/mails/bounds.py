"""What a mail would cost a parser, counted on its bytes before any parser sees it."""

import re
from dataclasses import dataclass
from typing import Final

LARGEST: Final = 30 << 20  # bytes of a mail; more than mail servers of providers take
HEADER_BYTES: Final = 512 << 10  # of the header of the message itself
ENCODED_WORDS: Final = 1_000
ADDRESSES: Final = 5_000
PARTS: Final = 1_000
DEPTH: Final = 20  # parts within parts

END_OF_HEADER: Final = re.compile(rb"\r\n\r\n|\n\n|\r\r")
DELIMITER: Final = re.compile(rb"^--[^\r\n]{1,200}\r?$", re.MULTILINE)
MULTIPART: Final = re.compile(rb"^content-type:\s*(?:multipart/|message/rfc822)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Bound:
    """A bound that a mail is beyond: what was counted, and how much is looked at."""

    what: str  # size, header, encoded-words, addresses, parts, depth
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
        ("parts", sum(1 for _ in DELIMITER.finditer(raw[:LARGEST])), PARTS),
        ("depth", sum(1 for _ in MULTIPART.finditer(raw[:LARGEST])), PARTS),
    )
    return [Bound(*one) for one in counted if one[1] > one[2]]
