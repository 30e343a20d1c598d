"""What a line of an inventory is, what it may hold, and how a refusal is said. Pure."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

LONGEST: Final = {"vendor": 200, "product": 300, "version": 200, "cpe": 500, "purl": 500}
NAMING: Final = ("product", "cpe", "purl")  # one of them must be there
LARGEST: Final = 32 * 1024 * 1024  # bytes of one file
MOST_LINES: Final = 50_000  # of one file
MOST_HELD: Final = 100_000  # lines of one organisation
MOST_INVENTORIES: Final = 200  # of one organisation
MOST_REFUSED: Final = 200  # that are named; the rest is counted


class Source(StrEnum):
    """How we know of a line."""

    PICKED = "picked"
    TEXT = "text"
    CSV = "csv"
    CYCLONEDX = "cyclonedx"
    SPDX = "spdx"
    API = "api"
    NOTICES = "notices"


SBOM: Final = (Source.CYCLONEDX, Source.SPDX)


@dataclass(frozen=True, slots=True)
class Entry:
    """One product that an organisation runs, in the words of the one who tells it. Empty: not said."""

    product: str
    version: str = ""
    vendor: str = ""
    cpe: str = ""
    purl: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """What was not taken over. `line` and `column` count from 1, as an editor shows them; 0 where there is none."""

    code: str
    line: int = 0
    column: int = 0
    place: str = ""  # such as components[16].purl
    shown: str = ""  # the beginning of the value
    whole: bool = True  # the line was left out; else the value alone

    def text(self, language: str) -> str:
        """Say it in "nl" or "en": where, what is wrong, what to do."""
        texts = WHERE[language]
        where = [texts["line"].format(line=self.line)] if self.line else []
        where += [texts["column"].format(column=self.column)] if self.column else []
        where += [self.place] if self.place else []
        said = REFUSALS[self.code][0 if language == "nl" else 1]
        shown = f" “{self.shown}”" if self.shown else ""
        return f"{', '.join(where)}: {said}{shown}" if where else f"{said}{shown}"

    def as_json(self) -> dict[str, Any]:
        """Return it as the API gives it."""
        return {
            "code": self.code,
            "line": self.line or None,
            "column": self.column or None,
            "place": self.place,
            "value": self.shown,
            "left_out": self.whole,
            "nl": self.text("nl"),
            "en": self.text("en"),
        }


WHERE: Final[Mapping[str, Mapping[str, str]]] = {
    "nl": {"line": "regel {line}", "column": "kolom {column}"},
    "en": {"line": "line {line}", "column": "column {column}"},
}
# code -> what is wrong and what to do, in Dutch and in English
REFUSALS: Final[Mapping[str, tuple[str, str]]] = {
    "no-product": ("geen naam van een product", "no name of a product"),
    "too-long": ("langer dan wij bewaren; niet overgenomen", "longer than we keep; not taken over"),
    "control": ("een onzichtbaar teken; haal het weg", "an invisible character; take it out"),
    "purl": ("geen geldige purl; de naam telt wel", "not a valid purl; the name does count"),
    "cpe": ("geen geldige CPE; de naam telt wel", "not a valid CPE; the name does count"),
    "purl-alone": ("geen geldige purl, en geen naam van een product", "not a valid purl, and no name of a product"),
    "cpe-alone": ("geen geldige CPE, en geen naam van een product", "not a valid CPE, and no name of a product"),
    "column": ("deze kolom kennen wij niet en lezen wij niet", "we do not know this column and do not read it"),
    "not-object": ("geen onderdeel maar iets anders", "not a component but something else"),
    "not-text": ("geen tekst", "not a text"),
    "cells": ("meer cellen dan de kop heeft", "more cells than the header has"),
    "quote": ("een aanhalingsteken dat niet sluit", "a quotation mark that is not closed"),
    "deep": ("dieper genest dan 32 lagen", "nested deeper than 32 levels"),
}


@dataclass(slots=True)
class Reading:
    """What was read of one file or text: the lines, what was refused, and what was passed over on purpose."""

    source: Source
    entries: list[Entry] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    more_refused: int = 0  # beyond those that are named
    left_out: dict[str, int] = field(default_factory=dict)  # why -> how many, such as "file" parts of an SBOM
    name: str = ""  # what the file says that it is about

    def refuse(self, refusal: Refusal) -> None:
        """Name it, or count it when there are very many."""
        if len(self.refused) < MOST_REFUSED:
            self.refused.append(refusal)
        else:
            self.more_refused += 1

    def pass_over(self, why: str) -> None:
        """Count something that is no product, such as a file within an SBOM."""
        self.left_out[why] = self.left_out.get(why, 0) + 1


def digest(entry: Entry) -> str:
    """Return what makes two lines the same: the words, whatever their case and spaces. 32 hexadecimal digits."""
    parts = (entry.vendor, entry.product, entry.version, entry.cpe, entry.purl)
    text = "\x1f".join(" ".join(part.split()).casefold() for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def name_digest(entry: Entry) -> str:
    """Return what makes two names of a product the same, whatever the version. 32 hexadecimal digits."""
    cpe = ":".join(entry.cpe.replace("\\:", "\x00").split(":")[: 5 if entry.cpe.startswith("cpe:2.3:") else 4])
    return _exactly(entry.vendor, entry.product, cpe, without_version(entry.purl))


def edition_digest(entry: Entry) -> str:
    """Return what makes two lines the same to the letter: a package may differ in case. 32 hexadecimal digits."""
    return _exactly(entry.vendor, entry.product, entry.version, entry.cpe, entry.purl)


def _exactly(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]


def without_version(purl: str) -> str:
    """Return a package URL up to its version: "pkg:npm/%40scope/name@1.2?x=y" is "pkg:npm/%40scope/name"."""
    head, slash, last = purl.split("#", 1)[0].split("?", 1)[0].rpartition("/")
    return head + slash + last.partition("@")[0]


def take(reading: Reading, words: Mapping[str, object], *, line: int = 0, place: str = "", column: int = 0) -> None:
    """Take a line into a reading when it can be, and name what cannot. `words`: by field of Entry, as it came."""
    kept: dict[str, str] = {}
    for name, longest in LONGEST.items():
        value = words.get(name)
        where = {"line": line, "column": column, "place": f"{place}.{name}" if place else name}
        if value is None:
            value = ""
        if not isinstance(value, str):
            reading.refuse(Refusal("not-text", **where, whole=name == "product"))  # type: ignore[arg-type]
            value = ""
        text = " ".join(value.split())
        if fault := _fault(name, text, longest):
            alone = name in NAMING and not any(words.get(other) for other in NAMING if other != name)
            fault = f"{fault}-alone" if alone and f"{fault}-alone" in REFUSALS else fault
            whole = alone or name in {"product", "version", "vendor"}
            reading.refuse(Refusal(fault, **where, shown=shown(text), whole=whole))  # type: ignore[arg-type]
            if whole:
                return
            text = ""
        kept[name] = text
    entry = _named(kept)
    if not entry.product:
        reading.refuse(Refusal("no-product", line=line, column=column, place=place))
        return
    reading.entries.append(entry)


def _fault(name: str, text: str, longest: int) -> str:
    if len(text) > longest:
        return "too-long"
    if not text.isprintable():
        return "control"
    if name == "purl" and text and not valid_purl(text):
        return "purl"
    if name == "cpe" and text and not valid_cpe(text):
        return "cpe"
    return ""


def shown(text: str) -> str:
    """The beginning of a value that is refused, without what a terminal or page would act on."""
    return "".join(letter if letter.isprintable() else "�" for letter in text[:60])


def valid_purl(text: str) -> bool:
    """Tell whether it is a package URL (ECMA-427)."""
    from packageurl import PackageURL

    try:
        PackageURL.from_string(text)
    except ValueError:
        return False
    return True


def valid_cpe(text: str) -> bool:
    """Tell whether it looks like a CPE 2.3 name or a 2.2 URI (NISTIR 7695)."""
    if text.startswith("cpe:2.3:"):
        return text.replace("\\:", "").count(":") == 12  # noqa: PLR2004 - the parts of a formatted string
    return text.startswith(("cpe:/a:", "cpe:/o:", "cpe:/h:"))


def _named(kept: Mapping[str, str]) -> Entry:
    """Fill in a product and version that only the purl or the CPE names."""
    product, version, vendor = kept["product"], kept["version"], kept["vendor"]
    if kept["purl"] and not (product and version):
        from packageurl import PackageURL

        purl = PackageURL.from_string(kept["purl"])
        product, version = product or purl.name, version or purl.version or ""
        vendor = vendor or purl.namespace or ""
    elif kept["cpe"] and not product:
        parts = [part.replace("_", " ") for part in kept["cpe"].replace("\\:", "\x00").split(":")]
        parts = [part.replace("\x00", ":").replace("\\", "") for part in parts]
        at = 3 if kept["cpe"].startswith("cpe:2.3:") else 2
        parts += [""] * 6
        vendor, product = vendor or parts[at], parts[at + 1]
        version = version or ("" if parts[at + 2] in {"*", "-"} else parts[at + 2])
    return Entry(product[:300], version[:200], vendor[:200], kept["cpe"], kept["purl"])
