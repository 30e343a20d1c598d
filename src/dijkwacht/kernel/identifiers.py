"""Numbers by which organisations are known. Each function returns the normalised form or raises InvalidIdentifier."""

import re
from collections.abc import Callable
from typing import Final

from stdnum import lei
from stdnum.nl import bsn

from dijkwacht.kernel.errors import Problem

LONGEST: Final = 64  # no identifier is longer; what is longer is not looked at
SEPARATORS: Final = re.compile(r"[ .\-\t\u00a0]+")


class InvalidIdentifier(Problem, ValueError):
    """ "{value}" is not a valid {kind}: {reason_en}."""

    nl = '"{value}" is geen geldig {kind}: {reason_nl}.'
    status = 422


def normalise_kvk(text: str) -> str:
    """Return a number of the Dutch business register (KvK): 8 digits, no check digit."""
    return _digits(text, "KvK-nummer", 8)


def normalise_rsin(text: str) -> str:
    """Return an RSIN: 9 digits whose weighted sum is divisible by 11 (the elfproef)."""
    digits = _digits(text, "RSIN", 9)
    # RSIN and BSN share one number range and one check (python-stdnum knows it under the latter name).
    if not bsn.is_valid(digits):
        raise _invalid(text, "RSIN", "het controlecijfer klopt niet", "its check digit is wrong")
    return digits


def normalise_oin(text: str) -> str:
    """Return an OIN: 20 digits, of which 8 tell the register it comes from.

    Prefix 00000001 is followed by an RSIN and 000, 00000003 by a KvK number and 0000; other registers are taken as
    they are, because their layout was not verified (Logius, OIN-stelsel).
    """
    digits = _digits(text, "OIN", 20)
    register, rest = digits[:8], digits[8:]
    if not re.fullmatch(r"0000000[1-9]", register):
        raise _invalid(text, "OIN", "het voorvoegsel is onbekend", "its prefix is unknown")
    padded = {"00000001": 9, "00000003": 8}.get(register)
    if padded is not None and rest[padded:].strip("0"):
        raise _invalid(text, "OIN", "het moet eindigen op nullen", "it must end in zeros")
    if register == "00000001":
        normalise_rsin(rest[:9])
    return digits


def normalise_roo(text: str) -> str:
    """Return a code of the register of government organisations (ROO), such as `gm0363`; format not verified."""
    code = _compact(text, "ROO-code").lower()
    if not re.fullmatch(r"[a-z]{2,6}[0-9]{2,8}", code):
        raise _invalid(text, "ROO-code", "letters en dan cijfers, zoals gm0363", "letters then digits, such as gm0363")
    return code


def normalise_lei(text: str) -> str:
    """Return a Legal Entity Identifier (ISO 17442): 20 letters and digits with a check by 97."""
    code = _compact(text, "LEI").upper()
    if not re.fullmatch(r"[A-Z0-9]{18}[0-9]{2}", code):
        raise _invalid(text, "LEI", "het heeft 20 tekens", "it has 20 characters")
    if not lei.is_valid(code):
        raise _invalid(text, "LEI", "het controlegetal klopt niet", "its check digits are wrong")
    return code


NORMALISERS: Final[dict[str, Callable[[str], str]]] = {
    "kvk": normalise_kvk,
    "rsin": normalise_rsin,
    "oin": normalise_oin,
    "roo": normalise_roo,
    "lei": normalise_lei,
}


def _compact(text: str, kind: str) -> str:
    """Drop the separators people write, after refusing what is far too long."""
    if len(text) > LONGEST:
        raise _invalid(text, kind, "het is te lang", "it is too long")
    return SEPARATORS.sub("", text)


def _digits(text: str, kind: str, length: int) -> str:
    """Return exactly `length` ASCII digits; other scripts' digits look the same but match nothing elsewhere."""
    digits = _compact(text, kind)
    if not re.fullmatch(rf"[0-9]{{{length}}}", digits):
        raise _invalid(text, kind, f"het heeft {length} cijfers", f"it has {length} digits")
    return digits


def _invalid(text: str, kind: str, reason_nl: str, reason_en: str) -> InvalidIdentifier:
    return InvalidIdentifier(value=text[:LONGEST], kind=kind, reason_nl=reason_nl, reason_en=reason_en)
