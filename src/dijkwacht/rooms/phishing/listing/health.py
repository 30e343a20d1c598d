"""How stale each consumer is, by zone transfer and by push: what it last asked, what it last got, how far behind."""

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
    """A consumer and its use of one zone, or "push"; `behind`: events of the log that it lacks; `at`: when it came."""

    consumer: Consumer
    use: ZoneUse | None
    zone: str
    behind: int | None
    state: State
    at: datetime | None = None


def of_consumers(actor: Actor) -> list[Health]:
    """Give every consumer's health, a row a zone that it follows and one for its push. Raises NotAllowed.

    Whom we post to need not ask: its zones are told only once it did.
    """
    if not allows(actor, "phishing:read"):
        raise NotAllowed
    now, newest = timezone.now(), reads.serial()
    found = []
    for consumer in Consumer.objects.prefetch_related("uses"):
        uses = {use.zone: use for use in consumer.uses.all()}
        zones = [zone for zone in ("hot", "full") if zone in uses or not consumer.push_url]
        found += [_health(consumer, zone, uses.get(zone), newest, now) for zone in zones]
        found += [_push(consumer, newest, now)] if consumer.push_url else []
    return found


def is_stale(one: Health) -> bool:
    """Whether somebody should do something about a consumer."""
    return one.state not in {"fresh", "revoked"}


def followed(actor: Actor) -> list[Health]:
    """Give the same of whose key was not taken back, the stale first. Raises NotAllowed."""
    rows = [one for one in of_consumers(actor) if one.state != "revoked"]
    return sorted(rows, key=lambda one: one.state == "fresh")


def _health(consumer: Consumer, zone: str, use: ZoneUse | None, newest: int, now: datetime) -> Health:
    held = _held(use)
    behind = None if held is None else max(0, newest - held)
    return Health(consumer, use, zone, behind, _state(consumer, use, held, newest, now), use.asked_at if use else None)


def _push(consumer: Consumer, newest: int, now: datetime) -> Health:
    held = consumer.pushed_serial
    state: State = "revoked" if consumer.revoked_at is not None else _lag(held, newest, now)
    return Health(consumer, None, "push", max(0, newest - held), state, consumer.pushed_at)


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
    return _lag(held, newest, now)


def _lag(held: int, newest: int, now: datetime) -> State:
    """Say whether who holds a state lacks something that is older than it takes to come over."""
    if held >= newest:
        return "fresh"
    missed = Change.objects.filter(serial=held + 1).values_list("at", flat=True).first()
    return "late" if missed is not None and now - missed > LATE else "fresh"
