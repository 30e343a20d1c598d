"""Lists of names, a line each: a hosts file, a list for uBlock Origin and AdGuard, plain text.

Every name here went through `rules.canonical`: no character of it can end a line or begin an option.
"""

import re
from collections.abc import Iterator
from typing import Final

from dijkwacht.rooms.phishing.listing import rules
from dijkwacht.rooms.phishing.listing.about import About
from dijkwacht.rooms.phishing.listing.items import Item

# Of a URL, what a regular expression takes literally. No \\xHH for the rest: AdGuard looks for that text in the URL.
LITERAL: Final = re.compile(r"[A-Za-z0-9%&,:;=@!~'_-]")


def hosts(items: Iterator[Item], about: About) -> Iterator[bytes]:
    """Write a hosts file: each name with the addresses of the warning page. It cannot say "with all below it"."""
    yield about.head("#")
    yield b"# What is listed with all below it stands here as its own name only.\n"
    for name in sorted({one.name for one in items if rules.in_dns(one.kind, one.name)}):
        yield "".join(f"{address} {name}\n" for address in about.addresses).encode()


def ublock(items: Iterator[Item], about: About) -> Iterator[bytes]:
    """Write filters for uBlock Origin and AdGuard: one host, a name with all below it, one URL."""
    yield b"[Adblock Plus 2.0]\n" + about.head("!")
    for line in sorted({line for one in items for line in filters(one.kind, one.name)}):
        yield f"{line}\n".encode()


def filters(kind: str, name: str) -> list[str]:
    """Give the filters of an entry.

    Of a shortener /AbC and /abc are pages of two people. A filter minds the case only as a regular expression in uBlock
    Origin; Brave never does.
    """
    if kind == "url":
        return [f"/^{_escaped(name)}$/$document,match-case"]
    if kind in rules.WITH_ALL_BELOW:
        return [f"||{name}^$document"]
    return [f"|http://{name}^$document", f"|https://{name}^$document"]


def _escaped(url: str) -> str:
    """Give a URL as a regular expression. Behind \\$ some would begin the options."""
    return "".join(one if LITERAL.match(one) else "[$]" if one == "$" else f"\\{one}" for one in url)


def txt(items: Iterator[Item], about: About) -> Iterator[bytes]:
    """Write every name and URL, a line each; "*." before a name that is meant with all below it."""
    yield about.head("#")
    for one in items:
        yield f"{'*.' if one.kind in rules.WITH_ALL_BELOW else ''}{one.name}\n".encode()
