"""What a file without a telling name is, by its first lines: a plain list of one sort of thing."""

import ipaddress
import re
from collections.abc import Callable
from typing import Final

LINES: Final = 50  # of the first lines; a list says early what it is
HOST: Final = re.compile(r"(?=.{4,253}\Z)(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]{1,62}\.?", re.UNICODE)


def _address(text: str) -> bool:
    return _parses(ipaddress.ip_address, text)


def _prefix(text: str) -> bool:
    return "/" in text and _parses(ipaddress.ip_network, text)


def _parses(parse: Callable[[str], object], text: str) -> bool:
    try:
        parse(text)
    except ValueError:
        return False
    return True


def _url(text: str) -> bool:
    return re.match(r"https?://[^\s/]", text, re.IGNORECASE) is not None


def _email(text: str) -> bool:
    local, at, domain = text.rpartition("@")
    return bool(local and at) and HOST.fullmatch(domain) is not None


def _domain(text: str) -> bool:
    return HOST.fullmatch(text) is not None


FORMS: Final = {
    "list-ip": _address,
    "list-prefix": _prefix,
    "list-url": _url,
    "list-email": _email,
    "list-domain": _domain,
}


def list_feed(start: bytes) -> str:
    """The slug of the list feed whose form each of the first lines has; empty when there is none.

    `start`: the first bytes of the file. Blank lines and lines that start with # say nothing.
    """
    try:
        text = start.removeprefix(b"\xef\xbb\xbf").decode()
    except UnicodeDecodeError as error:
        if error.start < len(start) - 4:  # a character cut off at the end of what we look at is no fault
            return ""
        text = start[: error.start].decode()
    lines = [line.strip() for line in text.splitlines()[: LINES + 1]]
    said = [line for line in lines if line and not line.startswith("#")][:LINES]
    return next((slug for slug, fits in FORMS.items() if said and all(map(fits, said))), "")
