"""What was freed lately: a machine never warns for it again by itself."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

import msgspec
from django.db.models import Q
from django.utils import timezone

from dijkwacht.rooms.phishing.judging.knowledge import registrable
from dijkwacht.rooms.phishing.judging.weighing import Candidate
from dijkwacht.rooms.phishing.listing.models import Entry
from dijkwacht.rooms.phishing.listing.rules import LEASE_ENDED

REMEMBERED: Final = timedelta(days=30)
MACHINE: Final = "system:phishing:machine"  # takes names off only to put another scope in their place


def held(candidates: Iterable[Candidate], warned: Iterable[list[str]]) -> list[Candidate]:
    """Hold the candidates of which a warning was taken away. `warned`: kind and name of what is warned for now."""
    found, live = [*candidates], {tuple(one) for one in warned}
    freed = _freed({name for one in found for name in _names(one)})
    return [
        msgspec.structs.replace(one, held=[*one.held, "route-freed-before"])
        if freed.intersection(_names(one)) and (one.scope.kind, one.scope.name) not in live
        else one
        for one in found
    ]


def _names(one: Candidate) -> set[str]:
    """Give the names whose freeing is that of a candidate: its URL, its host with www or without, and those above."""
    host, above = one.place.host, registrable(one.place.host)
    labels = host.split(".")
    parents = {name for start in range(len(labels)) if above and (name := ".".join(labels[start:])).endswith(above)}
    return {one.url, one.scope.name, host, f"www.{host}", *parents} - {""}


def _freed(names: set[str]) -> set[str]:
    by_itself = Q(removed_by=MACHINE) | Q(removed_why=LEASE_ENDED, removed_by__startswith="system:")
    rows = Entry.objects.filter(name__in=names, canary=False, removed_at__gte=timezone.now() - REMEMBERED)
    return set(rows.exclude(by_itself).values_list("name", flat=True))
