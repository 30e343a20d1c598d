"""Which organisation's asset each observation belongs to."""

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from .index import Index, Tables
from .registry import Rows
from .schema import HOW, PAIR

PREFIX, DOMAIN, ASN, NETWORK_OWNER = (np.uint8(HOW.index(how)) for how in ("prefix", "domain", "asn", "network-owner"))
NEEDED: Final = ("ip_high", "ip_low", "asn", "host")


class Found(NamedTuple):
    """Pairs of observation and asset, with what matched."""

    rows: Rows
    assets: Rows
    how: npt.NDArray[np.uint8]


def attribute(frame: pl.DataFrame, index: Index) -> pl.DataFrame:
    """Attribute a frame of OBSERVATION to assets; gives a frame of PAIR in no particular order.

    The longest prefix that covers the address wins, and all its owners count. The longest domain above the host wins
    too, and all its owners count as well: an address and a name may belong to different organisations. The autonomous
    system counts only where neither matched. Where no organisation matched at all, the network owners are looked up
    in the same way and given as "network-owner".
    """
    owned = match(frame, index.owned)
    hit = np.zeros(frame.height, np.bool_)
    hit[owned.rows] = True
    left = np.flatnonzero(~hit).astype(np.uint32)
    others = match(frame[left], index.fallback) if left.size and _any(index.fallback) else _join([])
    owner = np.full(others.rows.size, NETWORK_OWNER, np.uint8)
    pairs = _join([owned, Found(left[others.rows], others.assets, owner)])
    return pl.DataFrame(dict(zip(PAIR.names(), pairs, strict=True)), schema=PAIR)


def once_per_organisation(pairs: pl.DataFrame, organisations: npt.NDArray[np.uint32]) -> pl.DataFrame:
    """Leave out a domain where the same organisation's prefix covers the same observation: it is one thing to tell.

    `organisations` gives a number per asset that is equal for the assets of one organisation.
    """
    rows, assets, how = (pairs[name].to_numpy() for name in PAIR.names())
    by_prefix = np.flatnonzero(how == PREFIX)
    covered = np.zeros(int(rows.max(initial=0)) + 1, np.bool_)
    covered[rows[by_prefix]] = True
    doubtful = np.flatnonzero((how == DOMAIN) & covered[rows])
    if not doubtful.size:
        return pairs
    who = rows.astype(np.uint64) << np.uint64(32) | organisations[assets]
    keep = np.ones(pairs.height, np.bool_)
    keep[doubtful] = ~np.isin(who[doubtful], who[by_prefix])
    return pairs.filter(pl.Series(keep))


def match(frame: pl.DataFrame, tables: Tables) -> Found:
    """Match one class of receivers: prefix and domain first, the autonomous system where neither matched."""
    prefix, domain = _by_prefix(frame, tables), _by_domain(frame, tables)
    hit = np.zeros(frame.height, np.bool_)
    hit[prefix.rows] = True
    hit[domain.rows] = True
    return _join([prefix, domain, _by_asn(frame, tables, ~hit)])


def _by_prefix(frame: pl.DataFrame, tables: Tables) -> Found:
    rows = _present(frame["ip_low"])
    high, low = _values(frame["ip_high"], rows), _values(frame["ip_low"], rows)
    groups = tables.intervals.find(high, low)
    known = np.flatnonzero(groups >= 0)
    owned, assets = tables.intervals.owners.fan_out(_rows(rows, known), groups[known])
    return Found(owned, assets, np.full(owned.size, PREFIX, np.uint8))


def _by_domain(frame: pl.DataFrame, tables: Tables) -> Found:
    rows, groups = tables.domains.find(frame["host"])
    owned, assets = tables.domains.owners.fan_out(rows, groups)
    return Found(owned, assets, np.full(owned.size, DOMAIN, np.uint8))


def _by_asn(frame: pl.DataFrame, tables: Tables, wanted: npt.NDArray[np.bool_]) -> Found:
    rows = np.flatnonzero(wanted & frame["asn"].is_not_null().to_numpy())
    at, groups = tables.asns.find(_values(frame["asn"], rows))
    owned, assets = tables.asns.owners.fan_out(_rows(rows, at), groups)
    return Found(owned, assets, np.full(owned.size, ASN, np.uint8))


def _present(column: pl.Series) -> npt.NDArray[np.int64] | None:
    """Give the rows that have a value; None means all of them, which saves a copy."""
    return np.flatnonzero(column.is_not_null().to_numpy()) if column.null_count() else None


def _values(column: pl.Series, rows: npt.NDArray[np.int64] | None) -> npt.NDArray[Any]:
    values: npt.NDArray[Any] = column.fill_null(0).to_numpy() if column.null_count() else column.to_numpy()
    return values if rows is None else values[rows]


def _rows(rows: npt.NDArray[np.int64] | None, at: npt.NDArray[np.integer]) -> Rows:
    return (at if rows is None else rows[at]).astype(np.uint32)


def _any(tables: Tables) -> bool:
    return bool(tables.intervals.owners.assets.size or not tables.domains.empty or tables.asns.owners.assets.size)


def _join(found: list[Found]) -> Found:
    none = np.empty(0, np.uint32)
    return Found(
        np.concatenate([none, *(f.rows for f in found)]),
        np.concatenate([none, *(f.assets for f in found)]),
        np.concatenate([np.empty(0, np.uint8), *(f.how for f in found)]),
    )
