"""What organisations are called, for pages of accounts. The registry knows; platform only asks what it registered."""

from collections.abc import Callable, Collection
from typing import Final
from uuid import UUID

from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy

ASKER: Final = system("accounts:names")
Namer = Callable[[Collection[UUID]], dict[UUID, str]]
_namers: list[Namer] = []


def register_namer(namer: Namer) -> None:
    """Let `namer` give the names of the organisations it knows, in the scope of the centre, in one query.

    Called from an AppConfig's `ready`.
    """
    if namer not in _namers:
        _namers.append(namer)


def names(organisations: Collection[UUID]) -> dict[UUID, str]:
    """What each of these is called, those that nobody knows left out. Ask it only about those the asker may know of."""
    found: dict[UUID, str] = {}
    if organisations:
        with tenancy.acting(ASKER):
            for namer in _namers:
                found |= namer(organisations)
    return found


def name(organisation: UUID) -> str:
    """What one is called; its identifier when nobody knows."""
    return names([organisation]).get(organisation, str(organisation))
