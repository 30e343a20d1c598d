"""The one way to write the audit log: in the transaction of what it records."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.audit.models import Event


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
    enter the log, the values themselves stand apart and can be erased.
    """
    event = Event.objects.create(
        action=action,
        object_type=target[0],
        object_id=str(target[1]),
        organisation=organisation,
        result=result,
        actor_kind=actor.kind,
        actor_id=actor.id,
        origin=actor.origin,
        detail=dict(detail or {}),
    )
    return event.id
