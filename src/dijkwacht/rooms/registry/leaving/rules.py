"""When an organisation leaves the register by itself, and which step follows which. Pure: no Django.

Registering is a duty of an essential or important entity and of a registrar of domain names (Cbw 44(1), 47), and it is
the Minister who ends a registration, together with the competent authority (Cbw 43). So of those an officer confirms
that the facts are such; nobody ends its own duty by asking. Of anybody else a registration is voluntary, and is over on
the day that is asked, unless others depend on it: the members of a relay, the customers of a network owner, a sector.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from dijkwacht.rooms.registry.vocabulary import Classification, Declaration, Kind, LeaveState

GROUND: Final = "Cbw 43"
FURTHEST: Final = 366  # days ahead that a deregistration can be asked for


class Obstacle(StrEnum):
    """Why an officer must confirm."""

    UNDER_THE_LAW = "under-the-law"  # Cbw 43, 44(1)
    DECLARED = "declared"  # it says itself that it is under the law
    IN_THE_ANNEXES = "in-the-annexes"  # it has a type of entity of the law
    DEPENDED_ON = "depended-on"  # a relay, a network owner or a foreign CSIRT
    WATCHES = "watches"  # it is the CSIRT or authority of a sector


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What decides whether a person must look."""

    classification: str
    declaration: str
    entity_types: Collection[str]
    kind: str
    watches: bool


def obstacles(facts: Facts) -> tuple[Obstacle, ...]:
    """Return why an officer must confirm; nothing when the registration is voluntary and nobody depends on it."""
    met = {
        Obstacle.UNDER_THE_LAW: facts.classification in {Classification.ESSENTIAL, Classification.IMPORTANT},
        Obstacle.DECLARED: facts.declaration != Declaration.NONE,
        Obstacle.IN_THE_ANNEXES: bool(facts.entity_types),
        Obstacle.DEPENDED_ON: facts.kind != Kind.ORGANISATION,
        Obstacle.WATCHES: facts.watches,
    }
    return tuple(obstacle for obstacle, holds in met.items() if holds)


STEPS: Final[Mapping[LeaveState, frozenset[LeaveState]]] = {
    LeaveState.CONFIRMED: frozenset({LeaveState.ASKED}),
    LeaveState.REFUSED: frozenset({LeaveState.ASKED}),
    LeaveState.WITHDRAWN: frozenset({LeaveState.ASKED, LeaveState.CONFIRMED}),
    LeaveState.DONE: frozenset({LeaveState.CONFIRMED}),
}
OPEN: Final = (LeaveState.ASKED.value, LeaveState.CONFIRMED.value)
