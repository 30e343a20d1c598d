"""Who may do what when registers are merged. Pure: no Django."""

from typing import Final

from dijkwacht.kernel.actor import Actor, CentreRole, Kind
from dijkwacht.rooms.linkage.errors import NotAllowed

WRITE: Final = "linkage:write"
READ: Final = "linkage:read"


def may_read(actor: Actor) -> bool:
    """Officers and auditors see the source records; they may hold people's addresses. No token does."""
    return actor.has(CentreRole.OFFICER, CentreRole.AUDITOR) and actor.kind is not Kind.TOKEN


def may_merge(actor: Actor) -> bool:
    """Officers merge and unmerge."""
    return actor.has(CentreRole.OFFICER) and actor.kind is not Kind.TOKEN


def require(allowed: bool) -> None:
    """Raise NotAllowed unless `allowed`."""
    if not allowed:
        raise NotAllowed
