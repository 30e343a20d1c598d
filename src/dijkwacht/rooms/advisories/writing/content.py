"""One pure model of an advisory: every format that is published is a function of it. No Django."""

import re
from datetime import date, datetime
from typing import Final, Literal

import msgspec

from dijkwacht.rooms.advisories.statements import Notation, Status

Level = Literal["", "low", "medium", "high"]
Label = Literal["", "normal", "urgent"]
Tlp = Literal["CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED"]  # TLP 2.0, FIRST
TLPS: Final[tuple[Tlp, ...]] = ("CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED")
CVE: Final = re.compile(r"CVE-\d{4}-\d{4,}")
CWE: Final = re.compile(r"CWE-[1-9]\d{0,5}")


class Text(msgspec.Struct, frozen=True, omit_defaults=True):
    """A text in two languages; either may still be empty in a draft."""

    nl: str = ""
    en: str = ""

    def in_(self, language: str) -> str:
        """Give the text in a language, else in the other: a reader is better off with that than with nothing."""
        return (self.nl or self.en) if language == "nl" else (self.en or self.nl)


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """One product, in versions as the source writes them, has this status. See `statements.ProductStatement`."""

    vendor: str
    product: str
    version: str = ""
    notation: Notation = Notation.TEXT
    status: Status = Status.AFFECTED
    cpe: str = ""
    purl: str = ""
    models: tuple[str, ...] = ()


class Scored(msgspec.Struct, frozen=True, omit_defaults=True):
    """A CVSS vector and who gave it."""

    vector: str
    version: str  # 2.0, 3.0, 3.1, 4.0
    base: float
    source: str = ""


class Vulnerability(msgspec.Struct, frozen=True, omit_defaults=True):
    """One vulnerability. `name`: its CVE id, or its source's own id where there is none."""

    name: str
    title: str = ""
    description: Text = Text()
    weakness: str = ""  # the first CWE
    scores: tuple[Scored, ...] = ()
    lines: tuple[Line, ...] = ()
    exploited_since: date | None = None


class Course(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the reader can do. `kind`: a remediation category of CSAF 2.0 3.2.3.12.1."""

    text: Text
    kind: Literal["mitigation", "no_fix_planned", "none_available", "vendor_fix", "workaround"] = "mitigation"
    url: str = ""


class Link(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where to read more."""

    url: str
    title: str


class Content(msgspec.Struct, frozen=True, omit_defaults=True):
    """What an advisory says, without its number and history. `since`: the day from which it holds."""

    title: Text = Text()
    summary: Text = Text()
    what: Text = Text()  # what is the matter, and what can come of it
    affected: Text = Text()  # who is affected, in words
    likelihood: Level = ""
    impact: Level = ""
    label: Label = ""
    tlp: Tlp = "CLEAR"
    since: date | None = None
    vulnerabilities: tuple[Vulnerability, ...] = ()
    courses: tuple[Course, ...] = ()
    references: tuple[Link, ...] = ()
    thanks: tuple[str, ...] = ()

    @property
    def urgent(self) -> bool:
        """High likelihood with high impact, or labelled so."""
        return self.label == "urgent" or (self.likelihood == "high" and self.impact == "high")


class Revision(msgspec.Struct, frozen=True):
    """One version: when it was published, and what it changed."""

    number: int
    at: datetime  # aware
    summary: Text


class Publisher(msgspec.Struct, frozen=True):
    """The issuing party, CSAF 2.0 3.2.1.8. `namespace`: an https URL that is ours."""

    name: str
    namespace: str
    contact: str
    authority: str = ""


class Release(msgspec.Struct, frozen=True):
    """One published version: all that a document is made of."""

    number: str  # DW-2026-0001
    content: Content
    history: tuple[Revision, ...]  # the oldest first, this version last
    publisher: Publisher
    base: str  # URL of the folder /.well-known/csaf, without a slash at the end
    page: str  # URL of the page for people
    withdrawn: bool = False
    language: Literal["nl", "en"] = "en"  # of the CSAF documents; page, PDF and mail are in both

    @property
    def version(self) -> int:
        return self.history[-1].number

    @property
    def initial(self) -> datetime:
        return self.history[0].at

    @property
    def current(self) -> datetime:
        return self.history[-1].at


def encode(content: Content) -> bytes:
    """Give the content as JSON, the same bytes for the same content."""
    return msgspec.json.encode(content)


def decode(stored: bytes) -> Content:
    """Read what `encode` wrote. Raises msgspec.ValidationError, DecodeError."""
    return msgspec.json.decode(stored, type=Content)
