"""What a source says, item by item: the shape that every parser of this folder gives."""

from datetime import date, datetime

import msgspec

from dijkwacht.data.statements import ProductStatement

KINDS = ("csaf", "cve", "kev", "epss", "news", "mail", "list")


class Text(msgspec.Struct, frozen=True, array_like=True):
    """A text as the source wrote it, without markup. `language`: BCP 47."""

    text: str
    language: str = "en"


class Link(msgspec.Struct, frozen=True, array_like=True):
    """An address to read more: http or https, nothing else."""

    url: str
    title: str = ""


class Score(msgspec.Struct, frozen=True, array_like=True):
    """A CVSS vector that was verified: `base` follows from it, whatever the source wrote. `source`: who scored."""

    vector: str
    version: str
    base: float
    source: str = ""


class Named(msgspec.Struct, kw_only=True):
    """What one item says of one vulnerability. `rank` of its title: 1 is the best name of all sources, 9 the last."""

    name: str  # CVE id, or the source's own id
    title: str = ""
    rank: int = 9
    descriptions: list[Text] = []
    weaknesses: list[str] = []
    scores: list[Score] = []
    ssvc: list[tuple[str, str]] = []
    exploited_since: date | None = None
    ransomware: bool = False
    published: datetime | None = None


class Item(msgspec.Struct, kw_only=True):
    """What one source says once. `key`: its own identifier, one for all versions.

    `bundles`: an advisory that names vulnerabilities together because they belong together; a record of one does not.
    `own`: the name of its subject where it names no CVE. `raw`: its bytes as they came, or its part of them.
    """

    key: str
    kind: str
    title: str
    language: str = "en"
    url: str = ""
    publisher: str = ""
    tlp: str = "CLEAR"
    version: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    withdrawn: bool = False
    bundles: bool = False
    personal: bool = False  # may hold data about people: a mail
    summary: list[Text] = []
    vulnerabilities: list[Named] = []
    remedies: list[str] = []
    references: list[Link] = []
    statements: list[ProductStatement] = []
    raw: bytes = b""


class Aside(msgspec.Struct, kw_only=True):
    """What was set aside: where it stands, what is wrong in words, and what to do. `raw`: its bytes, to be replayed."""

    place: str
    findings: list[str]
    raw: bytes = b""
    kind: str = ""


class Chance(msgspec.Struct, frozen=True, array_like=True):
    """EPSS of one vulnerability: probability of exploitation within 30 days, and its percentile, 0 to 1."""

    cve: str
    epss: float
    percentile: float


class Parsed(msgspec.Struct, kw_only=True):
    """All that a file said. `on`: the day that chances are of."""

    items: list[Item] = []
    aside: list[Aside] = []
    chances: list[Chance] = []
    on: date | None = None
