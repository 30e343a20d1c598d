"""Whom somebody reads besides the own organisation: the members of a relay, the entities of the sectors watched over.

The registry knows; platform only asks what the registry registered.
"""

from collections.abc import Callable
from typing import NamedTuple
from uuid import UUID


class Relayed(NamedTuple):
    """Of somebody's organisations: which are relays, and which organisations those may read."""

    relays: frozenset[UUID] = frozenset()
    members: frozenset[UUID] = frozenset()
    sectors: frozenset[str] = frozenset()


Resolver = Callable[[frozenset[UUID]], tuple[frozenset[UUID], frozenset[UUID], frozenset[str]]]
_resolvers: list[Resolver] = []


def register_relays(resolver: Resolver) -> None:
    """Let `resolver` say, for a person's organisations: which are relays, their members, and sectors watched over, now.

    Called from an AppConfig's `ready`. The resolver runs in the scope of the centre, with at most one query.
    """
    if resolver not in _resolvers:
        _resolvers.append(resolver)


def resolve(organisations: frozenset[UUID]) -> Relayed:
    """Whom `organisations` read besides themselves; no question is asked for somebody without organisation."""
    relays: frozenset[UUID] = frozenset()
    members: frozenset[UUID] = frozenset()
    sectors: frozenset[str] = frozenset()
    for resolver in _resolvers if organisations else ():
        more_relays, more_members, more_sectors = resolver(organisations)
        relays, members, sectors = relays | more_relays, members | more_members, sectors | more_sectors
    return Relayed(relays, members, sectors)
