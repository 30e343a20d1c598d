"""Writes invented reports of any Shadowserver type: for the demo, for benches and for tests."""

import ipaddress
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from dijkwacht.feeds.catalogue import catalogue
from dijkwacht.feeds.model import Report

# Ranges and names reserved for documentation and benchmarking: RFC 5737, 2544, 3849, 9637, 2606.
ADDRESSES: Final = ("198.18.0.0/15", "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20")
HOSTS: Final = ("bakkerij.example", "gemeente.example", "waterschap.example", "ziekenhuis.example")
DAY: Final = date(2026, 11, 1)
BATCH: Final = 200_000
VALUES: Final = {
    "protocol": ("tcp", "udp"),
    "port": ("80", "443", "8080", "3389"),
    "src_port": ("40022", "51820", "60001"),
    "dst_port": ("80", "443", "22"),
    "infection": ("andromeda", "mirai", "qsnatch", "avalanche"),
    "family": ("mirai", "gafgyt"),
    "ransomware": ("voorbeeldbende", "testgroep"),
    "service": ("ssh", "telnet", "webmail"),
    "http_code": ("200", "301", "403"),
    "server": ("nginx", "Apache/2.4.1", "lighttpd"),
    "geo": ("NL",),
    "asn": ("64496", "64499", "64510"),
}
SERVICES: Final = {  # of what is found in one place only
    "scan_exchange": {"port": ("443",), "protocol": ("tcp",)},
    "scan_rdp": {"port": ("3389",), "protocol": ("tcp",)},
}
Random = np.random.Generator


def write_report(
    path: Path,
    report_type: str,
    rows: int,
    *,
    seed: int = 1,
    addresses: Sequence[str] = ADDRESSES,
    hosts: Sequence[str] = HOSTS,
    day: date = DAY,
) -> Path:
    """Writes `rows` invented rows of a Shadowserver report type to `path`, every field quoted as in real ones.

    `addresses` are prefixes to draw from, of the family the type is about; `hosts` are domains. Equal arguments give
    equal bytes. Returns the path. Raises KeyError for a type that does not exist.
    """
    report = catalogue()["shadowserver"].reports[report_type]
    random = np.random.default_rng(seed)
    six = report_type.endswith("6") or "6_" in report_type
    networks = [net for net in map(ipaddress.ip_network, addresses) if (net.version == 6) == six]  # noqa: PLR2004
    with path.open("wb") as file:
        for start in range(0, max(rows, 1), BATCH):
            count = min(BATCH, rows - start)
            columns = {name: _column(name, report, count, random, networks, hosts, day) for name in report.known}
            pl.DataFrame(columns).write_csv(file, include_header=start == 0, quote_style="always")
    return path


def _column(
    name: str,
    report: Report,
    count: int,
    random: Random,
    networks: Sequence[ipaddress.IPv4Network | ipaddress.IPv6Network],
    hosts: Sequence[str],
    day: date,
) -> pl.Series:
    if name == "timestamp":
        midnight = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
        seconds = pl.Series(midnight + random.integers(0, 86_400, count))
        return pl.from_epoch(seconds).dt.strftime("%Y-%m-%d %H:%M:%S")
    if name == "severity":
        return pl.repeat(report.kind.severity, count, dtype=pl.String, eager=True)
    if name.endswith("ip"):
        return _addresses(count, random, networks)
    if host := _host(name, count, random, hosts):
        return pl.select(pl.concat_str(host)).to_series()
    base = name.removeprefix("src_").removeprefix("dst_").removeprefix("http_referer_")
    service = SERVICES.get(report.name, {})
    choices = (
        service.get(name)
        or VALUES.get(name)
        or VALUES.get(base)
        or tuple(f"{name[:12]} {number}" for number in range(9))
    )
    return pl.Series(np.array(choices, dtype=object)[random.integers(0, len(choices), count)], dtype=pl.String)


def _host(name: str, count: int, random: Random, hosts: Sequence[str]) -> list[pl.Series | pl.Expr]:
    """The parts of a host name, URL or e-mail address; nothing for a column that holds none of them."""
    domain = pl.Series(np.array(hosts, dtype=object)[random.integers(0, len(hosts), count)], dtype=pl.String)
    number = pl.Series(random.integers(0, 1_000_000, count)).cast(pl.String)
    if name.endswith("hostname") or name == "http_host":
        return [pl.lit("host"), number, pl.lit("."), domain]
    if name == "email":
        return [pl.lit("medewerker"), number, pl.lit("@"), domain]
    if name == "website":
        return [pl.lit("www."), domain]
    if name in {"url", "cc_url", "http_referer"}:
        return [pl.lit("http://www."), domain, pl.lit("/pad/"), number]
    if name in {"entity_name", "request"}:
        return [domain]
    return []


def _addresses(
    count: int, random: Random, networks: Sequence[ipaddress.IPv4Network | ipaddress.IPv6Network]
) -> pl.Series:
    if not networks:
        return pl.repeat("", count, dtype=pl.String, eager=True)
    which = random.integers(0, len(networks), count)
    first = np.array([int(net.network_address) for net in networks], dtype=object)[which]
    size = np.array([min(net.num_addresses, 1 << 62) for net in networks], dtype=np.int64)[which]
    offset = (random.random(count) * size).astype(np.int64)
    if networks[0].version == 6:  # noqa: PLR2004
        values = [str(ipaddress.IPv6Address(int(start) + int(step))) for start, step in zip(first, offset, strict=True)]
        return pl.Series(values, dtype=pl.String)
    whole = first.astype(np.int64) + offset
    octets = [pl.Series((whole >> shift) & 255).cast(pl.String) for shift in (24, 16, 8, 0)]
    return pl.select(pl.concat_str(octets, separator=".")).to_series()
