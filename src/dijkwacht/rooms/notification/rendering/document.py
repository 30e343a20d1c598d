"""A notice as a program reads it: the JSON attachment, the body of a webhook, and the rows of the CSV."""

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

import msgspec
from django.conf import settings

from dijkwacht import feeds
from dijkwacht.rooms.notification import links
from dijkwacht.rooms.notification.rendering import kinds, words
from dijkwacht.rooms.notification.rendering.inert import table

if TYPE_CHECKING:
    from uuid import UUID

    from dijkwacht.rooms.notification.models import Campaign, Finding
    from dijkwacht.rooms.notification.sending import Letter

SCHEMA: Final = "dijkwacht-notice"
VERSION: Final = 1  # raised when a field changes its meaning or goes; a new field does not raise it


class Rsit(msgspec.Struct, frozen=True):
    """Class and type of the Reference Security Incident Taxonomy, in its own values."""

    classification: str = msgspec.field(name="class")
    type: str


class Member(msgspec.Struct, frozen=True):
    """The organisation a finding is about."""

    id: str
    name: str


class Item(msgspec.Struct, frozen=True):
    """One finding. Times are ISO 8601 in UTC; `port` may be null; `why`: a key of the notice's `why`."""

    id: str
    version: int
    organisation: Member
    asset: str
    how: str
    feed: str
    kind: str
    rsit: Rsit
    severity: str
    state: str
    address: str
    host: str
    port: int | None
    protocol: str
    first_seen: str
    last_seen: str
    count: int
    why: str
    evidence: dict[str, str]


class Course(msgspec.Struct, frozen=True):
    """What to do about one kind. `campaign`: the words of the campaign it was found in, empty otherwise."""

    kind: str
    title: str
    action_title: str
    action_markdown: str
    campaign: str


class Document(msgspec.Struct, frozen=True):
    """A whole notice."""

    schema: str
    version: int
    id: str
    centre: str
    created_at: str
    language: str
    route: str
    subject: str
    severity: str
    tlp: str
    pap: str
    why: dict[str, str]  # decision -> the ground on which it is told, in the receiver's language
    page: str  # where a person answers without signing in
    answers: dict[str, str]  # answer -> address
    kinds: list[Course]
    findings: list[Item]


def document(letter: "Letter") -> Document:
    """The notice as data; a structure that is documented by its classes and by `json_schema`."""
    notice, language = letter.notice, words.language_of(letter.notice.language)
    return Document(
        schema=SCHEMA,
        version=VERSION,
        id=str(notice.id),
        centre=settings.CENTRE_NAME,
        created_at=notice.created_at.isoformat(),
        language=language,
        route=notice.route,
        subject=notice.subject,
        severity=feeds.SEVERITIES[notice.severity],
        tlp=notice.tlp,
        pap=pap(letter),
        why=why(letter, language),
        page=letter.page,
        answers=links.answers(letter.page, words.ANSWERS[language]),
        kinds=[_course(meaning, language) for meaning in meanings(letter)],
        findings=[_item(letter, finding) for finding in letter.findings],
    )


def json_bytes(data: Document) -> bytes:
    """A document as ASCII JSON: what could reorder or hide text in a viewer stands escaped, and nothing is lost."""
    compact = json.dumps(msgspec.to_builtins(data))  # json's own indent leaves its fast encoder aside
    return msgspec.json.format(compact.encode(), indent=1)


def json_schema() -> dict[str, object]:
    """The JSON Schema (2020-12) of a notice, for the documentation and for receivers who check."""
    return msgspec.json.schema(Document)


def csv_bytes(letter: "Letter", data: Document) -> bytes:
    """The findings of a notice as CSV, one row each, from its document.

    The source's columns stand last, each named `evidence.<column>`.
    """
    columns = sorted({name for item in data.findings for name in item.evidence})
    header = [*HEADER, *(f"evidence.{name}" for name in columns)]
    found = zip(letter.findings, data.findings, strict=True)
    return table(header, (_row(letter, finding, item, columns) for finding, item in found))


HEADER: Final = (
    "finding", "organisation", "asset", "how", "kind", "title", "rsit_class", "rsit_type", "severity", "state",
    "address", "host", "port", "protocol", "first_seen", "last_seen", "count", "tlp", "pap",
)  # fmt: skip


def _row(letter: "Letter", finding: "Finding", item: Item, columns: Sequence[str]) -> list[object]:
    meaning = kinds.meaning(finding, letter.campaigns.get(finding.id))
    return [
        item.id, item.organisation.name, item.asset, item.how, item.kind, meaning.title(letter.notice.language),
        item.rsit.classification, item.rsit.type, item.severity, item.state, item.address, item.host, item.port,
        item.protocol, item.first_seen, item.last_seen, item.count, letter.notice.tlp, meaning.pap,
        *(item.evidence.get(name) for name in columns),
    ]  # fmt: skip


def meanings(letter: "Letter") -> Iterator[kinds.Meaning]:
    """Each kind in the notice once, and once more for each campaign it is in."""
    found: dict[tuple[str, str, UUID | None], tuple[Finding, Campaign | None]] = {}
    for finding in letter.findings:
        campaign = letter.campaigns.get(finding.id)
        found.setdefault((finding.feed, finding.kind, campaign.id if campaign else None), (finding, campaign))
    for finding, campaign in found.values():
        yield kinds.meaning(finding, campaign)


def pap(letter: "Letter") -> str:
    """The strictest label of what is in the notice."""
    order = ("RED", "AMBER", "GREEN", "CLEAR")
    return min((meaning.pap for meaning in meanings(letter)), key=order.index, default=order[0])


def why(letter: "Letter", language: str) -> dict[str, str]:
    """The distinct grounds of the notice, as the decisions were explained when they were made."""
    chosen = {decision.id: decision for decision in letter.decisions.values()}
    return {str(key): chosen[key].told("nl" if language == "nl" else "en") for key in sorted(chosen)}


def _course(meaning: kinds.Meaning, language: str) -> Course:
    course = meaning.course(language)
    return Course(meaning.slug, meaning.title(language), course.title, course.markdown, meaning.campaign_text(language))


def _item(letter: "Letter", finding: "Finding") -> Item:
    decision, meaning = letter.decisions.get(finding.id), kinds.meaning(finding, letter.campaigns.get(finding.id))
    return Item(
        id=str(finding.id),
        version=finding.version,
        organisation=Member(str(finding.organisation_id), finding.organisation.name),
        asset=finding.asset,
        how=finding.how,
        feed=finding.feed,
        kind=meaning.slug,
        rsit=Rsit(meaning.rsit_class, meaning.rsit_type),
        severity=feeds.SEVERITIES[finding.severity],
        state=finding.state,
        address=finding.address,
        host=finding.host,
        port=finding.port,
        protocol=finding.protocol,
        first_seen=finding.first_seen.isoformat(),
        last_seen=finding.last_seen.isoformat(),
        count=finding.count,
        why="" if decision is None else str(decision.id),
        evidence=kinds.evidence(finding, decision),
    )
