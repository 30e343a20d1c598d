"""What a value is by its form, and what a file without a telling name is by its first lines: a plain list."""

import ipaddress
import re
from collections.abc import Callable, Sequence
from typing import Final

from dijkwacht.kernel.refang import refang

LINES: Final = 50  # of the first lines; a list says early what it is
HOST: Final = re.compile(r"(?=.{4,253}\Z)(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]{1,62}\.?", re.UNICODE)
URL: Final = re.compile(
    r"(?P<scheme>https?://(?:[^\s/@]*@)?)?(?P<host>\[[0-9a-f:.]+\]|[^\s/:@?#]+)(?::\d{1,5})?(?:[/?#].*)?", re.IGNORECASE
)
WRONG_NETWORK: Final = re.compile(r"[0-9a-f:.]+/\d{1,3}", re.IGNORECASE)


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
    """A link, or a host with a port or path behind it. A network that is wrong is no path: "192.0.2.7/24"."""
    found = URL.fullmatch(text)
    if found is None or (text == found["host"]) or WRONG_NETWORK.fullmatch(text):
        return False
    return _domain(found["host"]) or _address(found["host"].strip("[]")) or bool(found["scheme"])


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


MIXED: Final = frozenset(FORMS) - {"list-email"}  # forms of which a mixed list says what they mean


def form_of(text: str) -> str:
    """The slug of the list feed whose form one value has; empty when it has none."""
    return next((slug for slug, fits in FORMS.items() if fits(text)), "")


def list_feed(start: bytes) -> str:
    """The slug of the list feed whose form each of the first lines has: `list-mixed` where each has some form, and not
    all the same; empty when there is none.

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
    forms = {form_of(line) for line in said}
    return (forms.pop() if len(forms) == 1 else "") or _mixed(said)


def _mixed(said: Sequence[str]) -> str:
    """`list-mixed` when each value has a form once it is made whole again, and of some such a list says the meaning."""
    forms = {form_of(refang(line)) for line in said}
    return "list-mixed" if forms & MIXED and "" not in forms else ""
