"""What stands within a text as a file of its own: a page or picture in a data: URL, files in uuencode."""

import binascii
import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote_to_bytes

from .scanning import place_of

DATA_PAGE: Final = re.compile(
    r"data:(?:text/html|application/xhtml\+xml|image/svg\+xml)[^,;]*(?:;(?!base64,)[^,;]*)*(;base64)?,(.*)",
    re.IGNORECASE | re.DOTALL,
)
DATA_PICTURE: Final = re.compile(r"data:image/[a-z.+-]{2,20};base64,(.*)", re.IGNORECASE | re.DOTALL)
BEGIN: Final = re.compile(r"^begin [0-7]{3,4} (\S[^\r\n]{0,200})\r?$", re.MULTILINE)
END: Final = re.compile(r"^(?:`|end)\s*$", re.MULTILINE)
MOST_FILES: Final = 20  # in uuencode, of one text


def page_in(url: str) -> str:
    """Give the page that a data: URL of a link, form or frame is (RFC 2397), "" where it is none."""
    match = DATA_PAGE.match(url)
    if match is None:
        return ""
    content = unquote_to_bytes(match[2])
    if match[1]:
        try:
            content = binascii.a2b_base64(content + b"=" * (-len(content) % 4))
        except binascii.Error:
            return ""
    return content.decode(errors="replace")


def picture_in(url: str) -> bytes:
    """Give the picture that a data: URL is, b"" where it is none."""
    match = DATA_PICTURE.match(url)
    try:
        return binascii.a2b_base64(unquote_to_bytes(match[1])) if match else b""
    except binascii.Error:
        return b""


def uuencoded(text: str) -> Iterator[tuple[str, bytes]]:
    """Give the files (name, bytes) that stand in a text in uuencode (POSIX.1-2017, uuencode)."""
    at = place_of(text, "begin ", rare=(0, 2))
    for _ in range(MOST_FILES):
        match = BEGIN.search(text, at) if at >= 0 else None
        if match is None:
            return
        end = END.search(text, match.end())
        at = end.end() if end else len(text)
        content = bytearray()
        for line in text[match.end() : end.start() if end else len(text)].split("\n"):
            try:
                content += binascii.a2b_uu(line.rstrip("\r").encode("latin-1", "replace"))
            except binascii.Error:
                break
        if content:
            yield match[1].strip(), bytes(content)
