"""Changes to what stands beside the log. The log itself has none."""

from typing import TYPE_CHECKING

from django.db import transaction

from dijkwacht.kernel.actor import Actor, CentreRole
from dijkwacht.platform.accounts.errors import NotAllowed
from dijkwacht.platform.audit.models import Personal
from dijkwacht.platform.audit.personal import opened
from dijkwacht.platform.audit.record import record
from dijkwacht.platform.crypto.fields import FieldError

if TYPE_CHECKING:
    from uuid import UUID


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


def _holds(row: Personal, value: str) -> bool:
    """True when the row holds `value`. One that does not open is left: verification names it."""
    try:
        return opened(row.id, bytes(row.sealed))[0] == value
    except FieldError:
        return False
