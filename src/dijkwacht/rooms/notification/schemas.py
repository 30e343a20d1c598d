"""The shapes of the API's answers."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Field, ModelSchema, Schema

from dijkwacht import feeds
from dijkwacht.rooms.notification.models import Batch, Decision, Event, Finding, Notice


class BatchOut(ModelSchema):
    """One file that was handed in, with how far it is and what became of it."""

    class Meta:
        model = Batch
        exclude = ("campaign",)


class SetAsideOut(Schema):
    """A line that was not understood; `raw` is what was received, undecodable bytes as \\xNN."""

    id: int
    line: int
    column: str
    reason: str
    detail: str
    raw: str
    state: str

    @staticmethod
    def resolve_raw(row: Any) -> str:
        return bytes(row.raw).decode("utf-8", "backslashreplace")


class ReplayIn(Schema):
    """Corrected lines, by the number of the set-aside line."""

    lines: dict[int, str] = Field(max_length=10_000)


class FindingOut(ModelSchema):
    """What is held of one asset; `evidence` has only the columns a receiver may see."""

    organisation: UUID
    rsit: str
    severity: str

    class Meta:
        model = Finding
        fields = (
            "id", "asset", "how", "feed", "kind", "address", "host", "port", "protocol", "count", "first_seen",
            "last_seen", "state", "state_changed_at", "version", "evidence",
        )  # fmt: skip

    @staticmethod
    def resolve_organisation(row: Finding) -> UUID:
        return row.organisation_id

    @staticmethod
    def resolve_rsit(row: Finding) -> str:
        feed = feeds.catalogue().get(row.feed)
        kind = feed.kinds.get(row.kind) if feed else None
        return f"{kind.rsit_class}:{kind.rsit_type}" if kind else "other:undetermined"

    @staticmethod
    def resolve_severity(row: Finding) -> str:
        return feeds.SEVERITIES[row.severity]


class EventOut(Schema):
    """One change of a finding and what was done with it. `actor`: for a receiver only what kind of actor it was."""

    at: datetime
    actor: str
    from_state: str
    to_state: str
    reason: str
    outcome: str

    @classmethod
    def of(cls, row: Event, *, names: bool) -> "EventOut":
        """The event as the centre reads it, or without `names`: who works at the centre stays there."""
        shown = cls.from_orm(row)
        if not names:
            kind = row.actor.partition(":")[0]
            shown.actor = kind if kind in {"system", "link"} else "person"
        return shown


class NoticeOut(ModelSchema):
    """What one receiver got at one moment."""

    kinds: list[str]
    severity: str

    class Meta:
        model = Notice
        fields = (
            "id",
            "route",
            "channel",
            "language",
            "state",
            "findings",
            "kinds",
            "tlp",
            "subject",
            "created_at",
            "delivered_at",
        )

    @staticmethod
    def resolve_severity(row: Notice) -> str:
        return feeds.SEVERITIES[row.severity]


class NoticeDetail(NoticeOut):
    """A notice with its findings."""

    items: list[FindingOut]

    @staticmethod
    def resolve_items(row: Any) -> list[Finding]:
        return list(row.items_shown)


class FeedbackIn(Schema):
    """An answer to a notice: to all of it, or to the findings named."""

    answer: Literal["fixed", "working", "not-ours", "false-alarm", "wrong-contact"]
    findings: list[UUID] = Field(default_factory=list, max_length=1000)
    comment: str = Field("", max_length=2000)


class FeedbackOut(Schema):
    """How many findings changed because of an answer."""

    changed: int


class DecisionOut(ModelSchema):
    """What the law says of one combination of facts."""

    class Meta:
        model = Decision
        fields = ("id", "made_at", "policy_set", "facts", "record", "route", "sentence_nl", "sentence_en")


class FeedOut(Schema):
    """A feed and its health."""

    slug: str
    title: dict[str, str]
    publisher: str
    tlp: str
    pap: str
    terms: str
    state: str
    newest: datetime | None
    rows_today: int
    batches_today: int
    set_aside_today: int
    quarantined: int
    refused: int


class ReceiptOut(Schema):
    """The file is on disk and will be worked through. `known`: these very bytes were handed in before."""

    batch: UUID
    sha256: str
    size: int
    known: bool
    state: str
