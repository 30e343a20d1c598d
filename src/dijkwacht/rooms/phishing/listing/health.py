"""How stale each consumer is: what it last asked, what it last got, how far that is behind."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.accounts.permissions import allows
from dijkwacht.rooms.phishing.errors import NotAllowed
from dijkwacht.rooms.phishing.listing import reads
from dijkwacht.rooms.phishing.listing.models import Change, Consumer, ZoneUse

SILENT: Final = timedelta(minutes=10)  # ten times the refresh of the zones
LATE: Final = timedelta(minutes=5)  # behind an event that is older than this
State = Literal["fresh", "late", "silent", "never", "revoked"]


@dataclass(frozen=True, slots=True)
class Health:
    """A consumer and its use of one zone; `behind`: events of the log that it lacks."""

    consumer: Consumer
    use: ZoneUse | None
    zone: str
    behind: int | None
    state: State


def of_consumers(actor: Actor) -> list[Health]:
    """Give every consumer's health, a row a zone. Raises NotAllowed."""
    if not allows(actor, "phishing:read"):
        raise NotAllowed
    now, newest = timezone.now(), reads.serial()
    found = []
    for consumer in Consumer.objects.prefetch_related("uses"):
        uses = {use.zone: use for use in consumer.uses.all()}
        found += [_health(consumer, zone, uses.get(zone), newest, now) for zone in ("hot", "full")]
    return found


def _health(consumer: Consumer, zone: str, use: ZoneUse | None, newest: int, now: datetime) -> Health:
    held = _held(use)
    behind = None if held is None else max(0, newest - held)
    return Health(consumer, use, zone, behind, _state(consumer, use, held, newest, now))


def _held(use: ZoneUse | None) -> int | None:
    """The newest state that we know a consumer to have: what it said it had, or what it got."""
    known = [one for one in (use.held_serial, use.transferred_serial) if one is not None] if use else []
    return max(known, default=None)


def _state(consumer: Consumer, use: ZoneUse | None, held: int | None, newest: int, now: datetime) -> State:
    if consumer.revoked_at is not None:
        return "revoked"
    if use is None or use.asked_at is None or held is None:
        return "never"
    if now - use.asked_at > SILENT:
        return "silent"
    if held >= newest:
        return "fresh"
    missed = Change.objects.filter(serial=held + 1).values_list("at", flat=True).first()
    return "late" if missed is not None and now - missed > LATE else "fresh"
