"""Makes frames of the data path from short descriptions."""

import ipaddress
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import polars as pl
from slow_reference import Asset, Seen

from dijkwacht.data.attribution import attribute
from dijkwacht.data.index import Index, build_index
from dijkwacht.data.schema import HOW, OBSERVATION, REGISTRY


def registry(*assets: tuple[Any, ...] | Asset) -> pl.DataFrame:
    rows = [(a.organisation, a.kind, a.value, a.fallback) if isinstance(a, Asset) else a for a in assets]
    return pl.DataFrame([(*row, False)[:4] for row in rows], REGISTRY, orient="row")


def words(ip: str | None) -> tuple[int | None, int | None]:
    if ip is None:
        return None, None
    address = ipaddress.ip_address(ip)
    number = int(address) | (0xFFFF << 32 if address.version == 4 else 0)
    return number >> 64, number & (1 << 64) - 1


def observations(seen: Sequence[Seen], **columns: Iterable[Any]) -> pl.DataFrame:
    halves = [words(one.ip) for one in seen]
    facts: dict[str, Any] = {
        "line": range(1, len(seen) + 1),
        "time": [datetime(2026, 11, 21, 12)] * len(seen),  # noqa: DTZ001 - the data path is UTC without a zone
        "kind": ["scan-http"] * len(seen),
        "ip": [one.ip for one in seen],
        "ip_high": [high for high, _ in halves],
        "ip_low": [low for _, low in halves],
        "asn": [one.asn for one in seen],
        "host": [one.host for one in seen],
        "port": [80] * len(seen),
        "protocol": ["tcp"] * len(seen),
        "severity": [1] * len(seen),
        "key": ["tcp/80"] * len(seen),
    }
    return pl.DataFrame(facts | {name: list(values) for name, values in columns.items()}, schema=OBSERVATION)


def found(seen: Sequence[Seen], assets: pl.DataFrame | Index) -> list[dict[int, str]]:
    """Give per observation how each asset matched; a pair that comes twice is an error."""
    index = assets if isinstance(assets, Index) else build_index(assets)
    result: list[dict[int, str]] = [{} for _ in seen]
    for row, asset, how in attribute(observations(seen), index).iter_rows():
        assert asset not in result[row]
        result[row][asset] = HOW[how]
    return result
