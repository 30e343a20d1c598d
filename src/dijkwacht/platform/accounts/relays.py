"""Which members somebody reads for as a relay. The registry knows; platform only asks what the registry registered."""

from collections.abc import Callable
from typing import NamedTuple
from uuid import UUID


class Relayed(NamedTuple):
    """Of somebody's organisations: which are relays, and which organisations those may read."""

    relays: frozenset[UUID] = frozenset()
    members: frozenset[UUID] = frozenset()


Resolver = Callable[[frozenset[UUID]], tuple[frozenset[UUID], frozenset[UUID]]]
_resolvers: list[Resolver] = []


def register_relays(resolver: Resolver) -> None:
    """Let `resolver` say, for a person's organisations, which are relays and who their members are now.

    Called from an AppConfig's `ready`. The resolver runs in the scope of the centre, with at most one query.
    """
    if resolver not in _resolvers:
        _resolvers.append(resolver)


def resolve(organisations: frozenset[UUID]) -> Relayed:
    """The relays among `organisations` and their members; no question is asked for somebody without organisation."""
    relays: frozenset[UUID] = frozenset()
    members: frozenset[UUID] = frozenset()
    for resolver in _resolvers if organisations else ():
        more_relays, more_members = resolver(organisations)
        relays, members = relays | more_relays, members | more_members
    return Relayed(relays, members)
