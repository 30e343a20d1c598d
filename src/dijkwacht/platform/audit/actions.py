"""Changes to what stands beside the log. The log itself has none."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from dijkwacht.kernel.actor import Actor, CentreRole, Kind
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts.errors import NotAllowed
from dijkwacht.platform.audit.models import Event, Personal
from dijkwacht.platform.audit.personal import opened
from dijkwacht.platform.audit.record import record
from dijkwacht.platform.crypto.fields import FieldError

if TYPE_CHECKING:
    from uuid import UUID

# The address of a message goes from the log when the message itself goes: 24 months. The rest at the longest term, 60.
SHORT: Final = frozenset({"outbox:message:enqueue"})
KEPT_SHORT: Final = timedelta(days=731)
KEPT: Final = timedelta(days=1827)
AT_ONCE: Final = 5000


@transaction.atomic
def erase_personal(*, actor: Actor, name: str, value: str, reason: str) -> int:
    """Erase every stored personal value `name` (such as "email") equal to `value`, and with it the person; how many.

    What happened stays in the log and the tree stays valid: without its salt a commitment tells nothing.
    Raises NotAllowed unless `actor` is an administrator of the centre.
    """
    if not actor.has(CentreRole.ADMINISTRATOR):
        raise NotAllowed
    found: list[UUID] = [
        row.id for row in Personal.objects.filter(name=name).iterator(chunk_size=10_000) if _holds(row, value)
    ]
    Personal.objects.filter(id__in=found).delete()
    record(
        actor=actor,
        action="audit:personal:erase",
        target=("personal", name),
        detail={"erased": len(found), "reason": reason},
    )
    return len(found)


def erase_old(*, actor: Actor, now: datetime | None = None) -> int:
    """Erase the values about people of events whose term is over, with their salts; a daily job. Returns how many.

    What happened stays in the log, and the tree stays valid. Each step is a transaction of its own. Raises NotAllowed
    unless a job of ours or an administrator asks. Source: Cbb 29, AVG 5(1)(e).
    """
    if actor.kind is not Kind.SYSTEM and not actor.has(CentreRole.ADMINISTRATOR):
        raise NotAllowed
    moment, gone = now or timezone.now(), 0
    while erased := _erase_some(actor, moment):
        gone += erased
    return gone


def _erase_some(actor: Actor, now: datetime) -> int:
    """Erase at most AT_ONCE. Asked from the values that are still there, so that an old log costs nothing."""
    with tenancy.acting(actor):
        event = Event.objects.filter(id=OuterRef("event_id"))
        short = Exists(event.filter(action__in=SHORT, at__lt=now - KEPT_SHORT))
        over = short | Exists(event.filter(at__lt=now - KEPT))
        found = list(Personal.objects.filter(over).values_list("id", flat=True)[:AT_ONCE])
        if found:
            Personal.objects.filter(id__in=found).delete()
            detail = {"erased": len(found)}
            record(actor=actor, action="audit:personal:erase-old", target=("personal", ""), detail=detail)
    return len(found)


def _holds(row: Personal, value: str) -> bool:
    """True when the row holds `value`. One that does not open is left: verification names it."""
    try:
        return opened(row.id, bytes(row.sealed))[0] == value
    except FieldError:
        return False
