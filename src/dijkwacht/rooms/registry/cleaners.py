"""One cleaner for each kind of value. Pure: no Django.

A cleaner takes the value as received (text from a file or form, or a typed one from JSON), returns what is stored,
and raises Refused with the reason in both languages.
"""

import re
from collections.abc import Callable
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import idna
import iso3166

from dijkwacht import law
from dijkwacht.kernel.identifiers import NORMALISERS, InvalidIdentifier
from dijkwacht.law.tables import Tables
from dijkwacht.rooms.registry import vocabulary as words

SHOWN: Final = 100  # characters of a refused value that the message repeats
LOCAL_PART: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
PHONE: Final = re.compile(r"\+[1-9][0-9]{6,14}")  # E.164
CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
KIND: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")
MOST_VALUES: Final = 50  # addresses of mail or telephone numbers of one organisation
LONGEST_TYPE: Final = 60
TRUE: Final = frozenset({"1", "true", "yes", "ja", "y", "j", "x"})
FALSE: Final = frozenset({"", "0", "false", "no", "nee", "n"})

Cleaner = Callable[[Any], Any]


class Refused(ValueError):
    """Why a value cannot be stored, in Dutch and English."""

    def __init__(self, reason_nl: str, reason_en: str) -> None:
        super().__init__(reason_en)
        self.reason_nl, self.reason_en = reason_nl, reason_en


def text(longest: int, *, required: bool = False, lines: bool = False) -> Cleaner:
    """Return a cleaner of text: trimmed, bounded, without control characters or changes of writing direction."""

    def clean(value: Any) -> str:
        if isinstance(value, (dict, list)):
            raise Refused("dit is geen tekst", "this is not text")
        found = "" if value is None else str(value).strip()
        if required and not found:
            raise Refused("dit veld is verplicht", "this field is required")
        if len(found) > longest:
            raise Refused(f"hoogstens {longest} tekens", f"at most {longest} characters")
        if CONTROL.search(found) or (not lines and ("\n" in found or "\r" in found)):
            raise Refused("er staan stuurtekens in", "it holds control characters")
        return found

    return clean


def one_of(names: type[StrEnum]) -> Cleaner:
    """Return a cleaner that accepts the values of a closed list, in any case."""
    known = frozenset(name.value for name in names)  # a set: this runs for every row of an import

    def clean(value: Any) -> str:
        found = str(value or "").strip().lower()
        if found not in known:
            listed = ", ".join(names)
            raise Refused(f"kies uit {listed}", f"choose one of {listed}")
        return found

    return clean


def many_of(names: type[StrEnum]) -> Cleaner:
    """Return a cleaner of a list, or of text with semicolons, of values of a closed list."""
    each = one_of(names)

    def clean(value: Any) -> list[str]:
        return sorted({each(part) for part in parts(value)})

    return clean


def parts(value: Any) -> list[str]:
    """Split text at semicolons; take a list as it is."""
    if isinstance(value, (list, tuple, set, frozenset)):
        return [str(part).strip() for part in value if str(part).strip()]
    return [part.strip() for part in str(value or "").split(";") if part.strip()]


def flag(value: Any) -> bool:
    """Return yes or no as people write it in Dutch and English."""
    found = str("" if value is None else value).strip().lower()
    if found in TRUE | FALSE:
        return found in TRUE
    raise Refused("schrijf ja of nee", "write yes or no")


def declaration(value: Any) -> str:
    """Return what an organisation declares itself to be; nothing said is no declaration."""
    found: str = one_of(words.Declaration)(value or words.Declaration.NONE)
    return found


def country(value: Any) -> str:
    """Return an ISO 3166-1 alpha-2 code."""
    found = str(value or "NL").strip().upper()
    if found not in iso3166.countries_by_alpha2:
        raise Refused("geen landcode van twee letters (ISO 3166-1)", "not a two-letter country code (ISO 3166-1)")
    return found


@cache
def _tables() -> Tables:
    return Tables.load(Path(law.__file__).parent / "tables")


@cache
def sector_codes() -> frozenset[str]:
    """Return every sector code of the law's table, and each sector of which the table names only subsectors."""
    codes = {row["code"] for row in _tables()["authorities"].rows}
    return frozenset(codes | {code.rstrip("abcdefghijklmnopqrstuvwxyz") for code in codes})


def sectors(value: Any) -> list[str]:
    """Return sector codes as the annexes of the law number them, such as 1.5 or 1.10b."""
    found = sorted(set(parts(value)))
    for code in found:
        if code not in sector_codes():
            raise Refused(
                f"{code[:SHOWN]} is geen sectorcode zoals 1.5", f"{code[:SHOWN]} is not a sector code such as 1.5"
            )
    return found


def sector(value: Any) -> str:
    """Return one sector code of the law."""
    found = sectors([str(value or "")] if str(value or "").strip() else [])
    if len(found) != 1:
        raise Refused("kies een sector", "choose a sector")
    return found[0]


@cache
def eu_members() -> frozenset[str]:
    """Return the codes (ISO 3166-1 alpha-2) of the states that are members of the European Union."""
    return frozenset(row["code"] for row in _tables()["eu-members"].rows if row.valid_to is None)


def member_states(value: Any) -> list[str]:
    """Return codes of Member States of the European Union."""
    found = sorted({part.upper() for part in parts(value)})
    for code in found:
        if code not in eu_members():
            shown = code[:SHOWN]
            raise Refused(f"{shown} is geen lidstaat van de EU zoals NL", f"{shown} is no EU Member State such as NL")
    return found


def entity_types(value: Any) -> list[str]:
    """Return types of entity, each a sector of the law and a word, such as 1.8-dns (Cbb article 27(3)(a))."""
    found = sorted(set(parts(value)))
    for code in found:
        sector, _, word = code.partition("-")
        if sector not in sector_codes() or len(code) > LONGEST_TYPE or not KIND.fullmatch(word):
            shown = code[:SHOWN]
            raise Refused(
                f"{shown} is geen soort entiteit zoals 1.8-dns", f"{shown} is no type of entity such as 1.8-dns"
            )
    return found


def many(each: Cleaner) -> Cleaner:
    """Return a cleaner of a list, or of text with semicolons or lines, of values that `each` cleans; doubles go."""

    def clean(value: Any) -> list[str]:
        given = parts(value.replace("\n", ";") if isinstance(value, str) else value)
        if len(given) > MOST_VALUES:
            raise Refused(f"hoogstens {MOST_VALUES}", f"at most {MOST_VALUES}")
        return list(dict.fromkeys(each(part) for part in given))

    return clean


def identifier(name: str) -> Cleaner:
    """Return a cleaner of KvK, RSIN, OIN, ROO or LEI; empty is no number."""

    def clean(value: Any) -> str | None:
        found = str(value or "").strip()
        if not found:
            return None
        try:
            return NORMALISERS[name](found)
        except InvalidIdentifier as problem:
            raise Refused(problem.fields["reason_nl"], problem.fields["reason_en"]) from None

    return clean


def email(value: Any) -> str:
    """Return an e-mail address, its domain in A-labels and lower case (RFC 5321 without quoted local parts)."""
    found = str(value or "").strip()
    if not found:
        return ""
    local, _, domain = found.rpartition("@")
    try:
        host = domain.lower() if domain.isascii() else idna.encode(domain, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        host = ""
    labels = host.split(".")
    fits = len(local) <= 64 and len(found) <= 254 and len(labels) > 1  # noqa: PLR2004 - RFC 5321 4.5.3.1
    if not fits or not LOCAL_PART.fullmatch(local) or not all(re.fullmatch(r"[a-z0-9-]{1,63}", x) for x in labels):
        raise Refused("dit is geen e-mailadres", "this is not an e-mail address")
    return f"{local}@{host}"


def phone(value: Any) -> str:
    """Return a telephone number in E.164, such as +31201234567."""
    found = re.sub(r"[ ().\-\u00a0]", "", str(value or ""))
    found = f"+{found[2:]}" if found.startswith("00") else found
    if found and not PHONE.fullmatch(found):
        raise Refused(
            "schrijf het met landcode, zoals +31 20 1234567", "write it with its country code, such as +31 20 1234567"
        )
    return found


def https_url(value: Any) -> str:
    """Return an https address without user or fragment. Where it leads is checked when it is called, not here."""
    found: str = text(500)(value)
    if not found:
        return ""
    try:
        split = urlsplit(found)
        fits = split.scheme == "https" and split.hostname and split.port != 0
    except ValueError:
        fits = False
    if not fits or "@" in split.netloc or split.fragment or not found.isascii() or " " in found:
        raise Refused("schrijf een adres dat met https:// begint", "write an address that starts with https://")
    return found


def day(value: Any) -> date | None:
    """Return a date, written as 2026-12-31."""
    if isinstance(value, date) or value in (None, ""):
        return value or None
    try:
        return date.fromisoformat(str(value).strip())
    except ValueError:
        raise Refused("schrijf een datum als 2026-12-31", "write a date such as 2026-12-31") from None
