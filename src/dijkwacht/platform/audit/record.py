"""The one way to write the audit log: in the transaction of what it records."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.audit import personal as people
from dijkwacht.platform.audit.models import Event, Personal
from dijkwacht.platform.database.inserting import insert

MAX_TEXT: Final = 100  # characters, as the columns of Event
MAX_NUMBER: Final = 2**63
UNDER: Final = "under_mandates"
REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """One thing that somebody did: the arguments of `record`."""

    actor: Actor
    action: str
    target: tuple[str, object]
    organisation: UUID | None = None
    result: str = "ok"
    detail: Mapping[str, Any] | None = None
    personal: Mapping[str, str] | None = None


def record(
    *,
    actor: Actor,
    action: str,
    target: tuple[str, object],
    organisation: UUID | None = None,
    result: str = "ok",
    detail: Mapping[str, Any] | None = None,
    personal: Mapping[str, str] | None = None,
) -> UUID:
    """Record that `actor` did `action` (source:subject:verb) to `target` (type, identifier); give the event's id.

    `detail` holds facts without personal data. `personal` holds values about people: only salted commitments of them
    enter the log, the values themselves stand apart and can be erased. Raises ValueError when `detail` has a key
    "personal" of its own.
    """
    fact = Fact(
        actor=actor,
        action=action,
        target=target,
        organisation=organisation,
        result=result,
        detail=detail,
        personal=personal,
    )
    return record_many([fact])[0]


def record_many(facts: Iterable[Fact]) -> list[UUID]:
    """Record many things at once, in two statements whatever their number; give the events' ids in order."""
    made = [_rows(fact) for fact in facts]
    with transaction.atomic(savepoint=False):
        insert([event for event, _ in made])
        insert([row for _, rows in made for row in rows])
    return [event.id for event, _ in made]


def _rows(fact: Fact) -> tuple[Event, list[Personal]]:
    """Make the rows of one fact, not yet saved."""
    event = Event(
        action=fact.action,
        object_type=fact.target[0],
        object_id=_fitting(str(fact.target[1])),
        organisation=fact.organisation,
        result=fact.result,
        actor_kind=fact.actor.kind,
        actor_id=_fitting(fact.actor.id),
        origin=_fitting(fact.actor.origin),
        detail=_storable({**(fact.detail or {}), **_mandates(fact)}),
    )
    if "personal" in event.detail:
        raise ValueError('the key "personal" of an audit detail is made from the argument of that name')
    rows: list[Personal] = []
    if fact.personal:
        event.detail["personal"], rows = people.commit(event.id, _storable(dict(fact.personal)))
    return event, rows


def _mandates(fact: Fact) -> dict[str, list[UUID]]:
    """By which mandates somebody acts for an organisation that is not the own one.

    What is done about no organisation in particular, such as an export, is done under all of them.
    """
    held = fact.actor.mandates
    about = held if fact.organisation is None else {fact.organisation} & held.keys()
    found = sorted(one.id for organisation in about for one in held[organisation])
    return {UNDER: found} if found else {}


def _fitting(text: str) -> str:
    """Return `text` as it fits its column: a longer one stands as its beginning and its SHA-256."""
    stored: str = _storable(text)
    if len(stored) <= MAX_TEXT:
        return stored
    return f"{stored[:20]}… sha256:{sha256(stored.encode()).hexdigest()}"


def _storable(value: Any) -> Any:
    """Return `value` as JSON that PostgreSQL can hold, so that no input escapes being recorded.

    NUL, half surrogates and NaN have no place in jsonb; an identifier, a date or an address stands as its text.
    """
    if isinstance(value, Mapping):
        return {_storable(str(key)): _storable(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_storable(item) for item in value]
    if value is None or (isinstance(value, (int, float)) and abs(value) < MAX_NUMBER):  # NaN is not smaller
        return value
    text = str(value)
    if text.isascii():
        return text.replace("\x00", REPLACEMENT)
    return text.replace("\x00", REPLACEMENT).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
