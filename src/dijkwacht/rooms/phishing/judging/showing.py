"""A URL as an analyst sees it: in pieces, and so that nobody follows it by mistake."""

import unicodedata
from typing import Final
from urllib.parse import urlsplit

import msgspec

from .knowledge import registrable
from .names import shown, skeleton

LONGEST: Final = 2_000


class Label(msgspec.Struct, frozen=True):
    """A character of a host; `odd` names one that looks like another."""

    text: str
    odd: str = ""


class Pieces(msgspec.Struct, frozen=True):
    """A URL in pieces. `letters`: the host in U-labels, each with what is odd of it."""

    scheme: str
    userinfo: str
    host: str
    letters: list[Label]
    domain: str
    port: str
    path: str
    query: str
    fragment: str


def defanged(url: str) -> str:
    """Give a URL that no program makes a link of: hxxps, and dots of the host in brackets."""
    scheme, colon, rest = url[:LONGEST].partition("://")
    if not colon:
        return url[:LONGEST].replace(".", "[.]")
    host, slash, path = rest.partition("/")
    return f"{scheme.replace('tt', 'xx')}://{host.replace('.', '[.]')}{slash}{path}"


def pieces(url: str) -> Pieces:
    """Take a canonical URL apart. What cannot be is given whole, as its path."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", str(parts.port or "")
    except ValueError:
        return Pieces("", "", "", [], "", "", url, "", "")
    userinfo = parts.netloc.rpartition("@")[0]
    return Pieces(
        parts.scheme, userinfo, host, letters(host), registrable(host), port, parts.path, parts.query, parts.fragment
    )


def letters(host: str) -> list[Label]:
    """Give the letters of a host as a reader sees them; what looks like another letter says what it is."""
    return [Label(one, _odd(one)) for one in shown(host)]


def _odd(letter: str) -> str:
    if letter.isascii():
        return ""
    glance = skeleton(letter)
    name = unicodedata.name(letter, f"U+{ord(letter):04X}").lower()
    return f"{name} ≈ {glance}" if glance != letter else name
