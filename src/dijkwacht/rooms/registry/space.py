"""Space that belongs to nobody: the special-purpose registries, as a dated table. Pure: no Django."""

import ipaddress
import itertools
import tomllib
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from dijkwacht.rooms.registry.vocabulary import AssetKind

TABLE: Final = Path(__file__).parent / "tables" / "special_purpose.toml"


@dataclass(frozen=True, slots=True)
class Special:
    """A stretch of numbers, both ends included, that nobody can own from `valid_from` on."""

    first: int
    last: int
    name: str
    source: str
    documentation: bool  # invented organisations may stand in it
    valid_from: date


@dataclass(frozen=True, slots=True)
class Stretches:
    """Disjoint special stretches of one kind of number, sorted."""

    starts: list[int]
    entries: list[Special]

    def touching(self, first: int, last: int, on: date) -> Special | None:
        """Return a special stretch that shares a number with first..last on that date, or None."""
        for entry in reversed(self.entries[: bisect_right(self.starts, last)]):
            if entry.last < first:
                return None
            if entry.valid_from <= on:
                return entry
        return None


def enclosing(kind: str, value: str) -> Iterator[str]:
    """Yield every value that would enclose this prefix or domain, in normal form."""
    if kind == AssetKind.DOMAIN:
        labels = value.split(".")
        yield from (".".join(labels[index:]) for index in range(1, len(labels)))
        return
    network = ipaddress.ip_network(value)
    yield from (str(network.supernet(new_prefix=length)) for length in range(network.prefixlen))


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(TABLE.read_text(encoding="utf-8"))


def _stretches(rows: list[tuple[int, int, dict[str, Any]]]) -> Stretches:
    """Sort the rows; raises ValueError when two of them overlap, because the search relies on it."""
    entries = [
        Special(first, last, row["name"], row["source"], row["use"] == "documentation", row["valid_from"])
        for first, last, row in sorted(rows, key=lambda row: row[0])
    ]
    for before, after in itertools.pairwise(entries):
        if before.last >= after.first:
            raise ValueError(f"{TABLE.name}: {before.name} and {after.name} overlap")
    return Stretches([entry.first for entry in entries], entries)


@cache
def prefixes(version: int) -> Stretches:
    """Return the special address space of IP version 4 or 6."""
    networks = [(ipaddress.ip_network(row["value"]), row) for row in _table()["prefix"]]
    return _stretches(
        [
            (int(network.network_address), int(network.broadcast_address), row)
            for network, row in networks
            if network.version == version
        ]
    )


@cache
def asns() -> Stretches:
    """Return the special AS numbers."""
    bounds = [(row["value"].partition("-"), row) for row in _table()["asn"]]
    return _stretches([(int(first), int(last or first), row) for (first, _, last), row in bounds])


@cache
def domains() -> dict[str, Special]:
    """Return the special-use names, each standing for all below it."""
    return {
        row["value"]: Special(0, 0, row["name"], row["source"], row["use"] == "documentation", row["valid_from"])
        for row in _table()["domain"]
    }
