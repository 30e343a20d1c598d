"""The one way to write the audit log: in the transaction of what it records."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.audit import personal as people
from dijkwacht.platform.audit.models import Event, Personal

MAX_NUMBER: Final = 2**63
REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"


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
    event = Event(
        action=action,
        object_type=target[0],
        object_id=_storable(str(target[1])),
        organisation=organisation,
        result=result,
        actor_kind=actor.kind,
        actor_id=_storable(actor.id),
        origin=_storable(actor.origin),
        detail=_storable(dict(detail or {})),
    )
    if "personal" in event.detail:
        raise ValueError('the key "personal" of an audit detail is made from the argument of that name')
    rows: list[Personal] = []
    if personal:
        event.detail["personal"], rows = people.commit(event.id, _storable(dict(personal)))
    with transaction.atomic(savepoint=False):
        event.save(force_insert=True)
        Personal.objects.bulk_create(rows)
    return event.id


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
