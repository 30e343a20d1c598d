"""The only way to rows of on-call duty: for officers and administrators of the centre, and our own jobs."""

from datetime import datetime
from typing import Final, TypeVar
from uuid import UUID

from django.core import signing
from django.db.models import Model, QuerySet

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.accounts.permissions import allows
from dijkwacht.rooms.reporting.errors import NotAllowed, NotFound
from dijkwacht.rooms.reporting.oncall.models import Alarm, Call, Shift

Row = TypeVar("Row", bound=Model)
KEEP: Final = "duty:write"
SALT: Final = "reporting.duty"
LASTS: Final = 7 * 24 * 3600  # seconds that a link can be used


def is_kept(now: datetime) -> bool:
    """Tell whether anybody stands in the schedule from now on. Needs the scope of the centre."""
    return Shift.objects.filter(ends_at__gt=now).exists()


def shifts_from(actor: Actor, now: datetime) -> list[Shift]:
    """Return the shifts that run or come, in order. Raises NotAllowed."""
    _require(actor)
    return list(Shift.objects.filter(ends_at__gt=now))


def access_shift(actor: Actor, identifier: UUID) -> Shift:
    """Return a shift. Raises NotAllowed, NotFound."""
    _require(actor)
    return _one(Shift.objects.filter(id=identifier))


def open_alarms(actor: Actor) -> QuerySet[Alarm]:
    """Return the alarms that nobody took and that are not met, newest first. Raises NotAllowed."""
    _require(actor)
    return Alarm.objects.filter(acknowledged_at=None, met_at=None)


def latest_alarms(actor: Actor, most: int) -> list[Alarm]:
    """Return the last alarms, with whom they called. Raises NotAllowed."""
    _require(actor)
    return list(Alarm.objects.prefetch_related("calls")[:most])


def access_alarm(actor: Actor, identifier: UUID) -> Alarm:
    """Return an alarm. Raises NotAllowed, NotFound."""
    _require(actor)
    return _one(Alarm.objects.filter(id=identifier))


def link(call: Call) -> str:
    """Return the secret part of the link in a message to somebody who was called."""
    return signing.dumps(call.id.hex, salt=SALT)


def called(text: str) -> Call:
    """Return the call that a link was made for. Needs the scope of the centre. Raises NotFound for any other text."""
    try:
        identifier = UUID(signing.loads(text, salt=SALT, max_age=LASTS))
    except (signing.BadSignature, ValueError, TypeError, AttributeError):
        raise NotFound from None
    return _one(Call.objects.select_related("alarm").filter(id=identifier))


def _require(actor: Actor) -> None:
    if not allows(actor, KEEP):
        raise NotAllowed


def _one(rows: QuerySet[Row]) -> Row:
    found = rows.first()
    if found is None:
        raise NotFound
    return found
