"""The only way to read the audit log. Reading it is itself recorded."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.accounts.errors import NotAllowed
from dijkwacht.platform.accounts.permissions import allows
from dijkwacht.platform.audit.errors import InvalidCursor, InvalidFilter
from dijkwacht.platform.audit.models import Event
from dijkwacht.platform.audit.record import record

PAGE: Final = 50
MAX_TEXT: Final = 100


@dataclass(frozen=True, slots=True)
class Filters:
    """What to look for; what is None is not looked at. `action` is the beginning of one, times are [since, until)."""

    action: str | None = None
    actor_id: str | None = None
    object_type: str | None = None
    object_id: str | None = None
    result: str | None = None
    organisation: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None

    @classmethod
    def parse(cls, values: Mapping[str, str]) -> "Filters":
        """Read filters from a form's fields; a time without a zone is UTC. Raises InvalidFilter naming the field."""
        found: dict[str, str | UUID | datetime] = {}
        for name in (field.name for field in fields(cls)):
            text = values.get(name, "").strip()
            if not text:
                continue
            try:
                found[name] = _value(name, text)
            except ValueError as error:
                raise InvalidFilter(field=name) from error
        return cls(**found)  # type: ignore[arg-type]

    def given(self) -> dict[str, str]:
        return {name: str(value) for name, value in asdict(self).items() if value is not None}


def _value(name: str, text: str) -> str | UUID | datetime:
    if len(text) > MAX_TEXT or "\x00" in text:
        raise ValueError("too long")
    if name == "organisation":
        return UUID(text)
    if name in {"since", "until"}:
        moment = datetime.fromisoformat(text)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return text


@dataclass(frozen=True, slots=True)
class Page:
    """Events, newest first, and the cursor of the page after; "" on the last one."""

    events: list[Event]
    following: str


def events_for(actor: Actor, filters: Filters, cursor: str = "") -> Page:
    """Return up to PAGE events that match `filters`, from `cursor` on, and record that `actor` looked.

    Raises NotAllowed for who may not read the log, InvalidCursor for a cursor that we did not give.
    """
    if not allows(actor, "audit:read"):
        record(actor=actor, action="audit:log:read", target=("audit-log", ""), result="refused")
        raise NotAllowed
    found = list(_matching(filters, cursor)[: PAGE + 1])
    record(
        actor=actor,
        action="audit:log:read",
        target=("audit-log", ""),
        detail={"filters": filters.given(), "events": len(found[:PAGE]), "from": cursor},
    )
    following = _cursor(found[PAGE - 1]) if len(found) > PAGE else ""
    return Page(found[:PAGE], following)


def _matching(filters: Filters, cursor: str) -> QuerySet[Event]:
    events = Event.objects.order_by("-at", "-id")
    for name in ("actor_id", "object_type", "object_id", "result", "organisation"):
        value = getattr(filters, name)
        if value is not None:
            events = events.filter(**{name: value})
    if filters.action is not None:
        events = events.filter(action__startswith=filters.action)
    if filters.since is not None:
        events = events.filter(at__gte=filters.since)
    if filters.until is not None:
        events = events.filter(at__lt=filters.until)
    if cursor:
        at, identifier = _place(cursor)
        events = events.filter(Q(at__lt=at) | Q(at=at, id__lt=identifier))
    return events


def _cursor(event: Event) -> str:
    return base64.urlsafe_b64encode(f"{event.at.isoformat()} {event.id}".encode()).decode()


def _place(cursor: str) -> tuple[datetime, UUID]:
    try:
        at, _, identifier = base64.urlsafe_b64decode(cursor).decode("ascii").partition(" ")
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None:
            raise InvalidCursor
        return moment, UUID(identifier)
    except (binascii.Error, ValueError) as error:
        raise InvalidCursor from error
