"""Numbers, addresses, telephones and domains in one shape each. What has no shape is empty, never guessed."""

import re
from functools import cache
from typing import Any, Final

from dijkwacht.kernel.identifiers import InvalidIdentifier, normalise_rsin
from dijkwacht.rooms.linkage.linking.names import fold, table

FLOAT: Final = re.compile(r"\.0$")  # a spreadsheet took the number for one to count with
DIGITS: Final = re.compile(r"[0-9]+")
POSTCODE: Final = re.compile(r"^([1-9][0-9]{3})([a-z]{2})$")
HOUSE: Final = re.compile(r"^(?P<street>.*?[a-z].*?)[ ,]+(?P<number>[0-9]{1,5})(?P<rest>\b.*|[a-z].*)?$")
HOST: Final = re.compile(r"^(?:[a-z0-9_](?:[a-z0-9_-]{0,62})\.)+[a-z][a-z0-9-]{1,62}$")
PLACEHOLDERS: Final = {"12345678", "87654321", "123456789"}


def kvk(text: str) -> str:
    """Give a KvK number of eight digits. Zeros that a spreadsheet lost come back; a branch number behind it goes."""
    digits = "".join(DIGITS.findall(FLOAT.sub("", text[:64])))
    if len(digits) == 12:  # noqa: PLR2004 - the old form with four digits for the branch
        digits = digits[:8]
    if not 6 <= len(digits) <= 8:  # noqa: PLR2004 - more than two zeros lost is no number of these registers
        return ""
    return _meant(digits.zfill(8))


def rsin(text: str) -> str:
    """Give an RSIN that passes its check."""
    digits = "".join(DIGITS.findall(text[:64]))
    try:
        return _meant(normalise_rsin(digits.zfill(9))) if len(digits) >= 7 else ""  # noqa: PLR2004 - zeros lost
    except InvalidIdentifier:
        return ""


def establishment(text: str) -> str:
    """Give the number of a branch: twelve digits."""
    digits = "".join(DIGITS.findall(text[:64]))
    return digits.zfill(12) if 9 <= len(digits) <= 12 else ""  # noqa: PLR2004 - zeros lost


def _meant(digits: str) -> str:
    return "" if len(set(digits)) == 1 or digits in PLACEHOLDERS else digits


def postcode(text: str) -> str:
    """Give a postcode; a Dutch one as 1234ab, another without spaces."""
    plain = re.sub(r"[^a-z0-9]", "", fold(text[:16]))
    return plain if POSTCODE.match(plain) or len(plain) >= 4 else ""  # noqa: PLR2004 - shorter tells nothing


def house(street: str, number: str) -> tuple[str, str]:
    """Give street and house number, without suffix; the number may stand behind the street."""
    text = " ".join(fold(street).split())
    digits = DIGITS.search(number)
    if digits:
        return text, digits.group().lstrip("0")
    found = HOUSE.match(text)
    return (found["street"].strip(), found["number"].lstrip("0")) if found else (text, "")


def phone(text: str) -> str:
    """Give the digits of a telephone number, a Dutch one without 0 or country: 201234567."""
    plain = text[:40].replace("(0)", "")
    digits = "".join(DIGITS.findall(plain))
    for prefix in ("0031", "31"):
        if digits.startswith(prefix) and len(digits) - len(prefix) in (9, 10):
            digits = digits[len(prefix) :].removeprefix("0")
    if len(digits) == 10 and digits.startswith("0") and digits[1] != "0":  # noqa: PLR2004 - a Dutch number in full
        digits = digits[1:]
    return digits if 8 <= len(digits) <= 15 and len(set(digits)) > 2 else ""  # noqa: PLR2004 - E.164


@cache
def _suffixes() -> Any:
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList()


def domain(text: str) -> str:
    """Give the registrable domain of a website or host; empty for none, and for those that give pages to all."""
    host = text.strip().lower()[:500].partition("://")[2] or text.strip().lower()[:500]
    host = re.split(r"[/?#\s,;]", host, maxsplit=1)[0].rpartition("@")[2].partition(":")[0].rstrip(".")
    if not host.isascii():
        try:
            host = host.encode("idna").decode()
        except UnicodeError:
            return ""
    if not HOST.match(host):
        return ""
    found = str(_suffixes().privatesuffix(host) or "")
    return "" if found in _providers() else found


def mailbox(text: str) -> tuple[str, str]:
    """Give (domain, address): the domain of an organisation's own mail, or else the whole address at a provider."""
    address = text.strip().lower()[:254]
    local, _, host = address.rpartition("@")
    if not local or not HOST.match(host):
        return "", ""
    return ("", address) if host in _providers() else (domain(host), "")


@cache
def _providers() -> frozenset[str]:
    return frozenset(table()["mail"]["providers"])
