"""What another room knows about who shows what: the registry shows it beside a conflict without knowing the room."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from dijkwacht.kernel.actor import Actor
from dijkwacht.rooms.registry.models import Asset


class Evidence(NamedTuple):
    """One thing that speaks for, or against, an asset being its organisation's. Texts in the reader's language.

    `file`: the address of a file to download, or nothing.
    """

    at: datetime
    how: str
    what: str
    file: str = ""


Source = Callable[[Actor, Sequence[Asset], str], dict[int, list[Evidence]]]
_sources: list[Source] = []


def register_evidence(source: Source) -> None:
    """Let a room add what it knows: (actor, assets, "nl" or "en") → evidence by the asset's number."""
    _sources.append(source)


def evidence_for(actor: Actor, assets: Sequence[Asset], language: str) -> dict[int, list[Evidence]]:
    """Return what all rooms know about these assets."""
    found: dict[int, list[Evidence]] = defaultdict(list)
    for source in _sources:
        for asset, known in source(actor, assets, language).items():
            found[asset] += known
    return dict(found)
