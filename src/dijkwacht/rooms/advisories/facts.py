"""What the sources together say of one matter: what a draft is begun with and an assessment is suggested from."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from dijkwacht.rooms.advisories.statements import ProductStatement


@dataclass(frozen=True, slots=True)
class Said:
    """A text of one source, as it wrote it. `language`: BCP 47."""

    source: str
    text: str
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Reference:
    """A link to read more. `source`: who gives it."""

    url: str
    title: str
    source: str


@dataclass(frozen=True, slots=True)
class Score:
    """A CVSS vector. `source`: who scored; `version`: "2.0", "3.0", "3.1", "4.0"."""

    vector: str
    version: str
    base: float
    source: str


@dataclass(frozen=True, slots=True)
class VulnerabilityFacts:
    """What is known of one vulnerability. `epss`: probability of exploitation within 30 days, 0 to 1, of `epss_on`.

    `exploited_since`: the day that KEV lists it; `ransomware`: KEV knows of campaigns. `ssvc`: decision points of the
    CISA ADP container, such as {"Exploitation": "active", "Automatable": "yes", "Technical Impact": "total"}.
    """

    name: str  # CVE id, or the source's own id where there is none
    titles: tuple[Said, ...]
    descriptions: tuple[Said, ...]
    weaknesses: tuple[str, ...]  # "CWE-79"
    scores: tuple[Score, ...]
    ssvc: tuple[tuple[str, str], ...]
    epss: float | None
    epss_on: date | None
    exploited_since: date | None
    ransomware: bool
    published: datetime | None


@dataclass(frozen=True, slots=True)
class MatterFacts:
    """A matter, with all that its items say. `listed`: products of the list of what is exploited (KEV).

    That list names a product and says nothing of its versions: it stands apart from the statements.
    """

    matter: UUID
    title: str
    vulnerabilities: tuple[VulnerabilityFacts, ...]
    statements: tuple[ProductStatement, ...]
    listed: tuple[ProductStatement, ...]
    remedies: tuple[Said, ...]
    references: tuple[Reference, ...]
    first_seen: datetime
    last_changed: datetime
