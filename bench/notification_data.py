"""Makes the registry and the report that the notification bench reads: invented, but shaped like the real ones."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

SEED: Final = 20261122
BLOCK: Final = 250_000
PREFIX_SHARE, DOMAIN_SHARE, ASN_SHARE = 0.55, 0.40, 0.05
ASSETS_PER_ORGANISATION: Final = 10
COLUMNS: Final = (
    "timestamp",
    "severity",
    "ip",
    "protocol",
    "port",
    "hostname",
    "tag",
    "asn",
    "geo",
    "region",
    "city",
    "naics",
    "hostname_source",
    "sector",
    "http",
    "http_code",
    "http_reason",
    "content_type",
    "connection",
    "www_authenticate",
    "set_cookie",
    "server",
    "content_length",
    "transfer_encoding",
    "http_date",
    "version",
)  # fmt: skip - the columns of Shadowserver's scan_http, in its order
PORTS: Final = np.array([80, 443, 8080, 8443, 81, 8000, 8888, 7547, 5000, 10443])
PORT_ODDS: Final = np.array([0.4, 0.25, 0.1, 0.06, 0.05, 0.04, 0.04, 0.03, 0.02, 0.01])
CITIES: Final = ("AMSTERDAM", "ROTTERDAM", "UTRECHT", "EINDHOVEN", "GRONINGEN", "ZWOLLE", "MIDDELBURG")
SERVERS: Final = ("nginx", "Apache/2.4.62 (Debian)", "Microsoft-IIS/10.0", "lighttpd/1.4.69", "cloudflare", "")
REASONS: Final = ("OK", "Moved Permanently", "Found", "Unauthorized", "Forbidden", "Not Found")
CODES: Final = ("200", "301", "302", "401", "403", "404")

Numbers = npt.NDArray[np.int64]


def ipv4(number: int) -> str:
    """Write an IPv4 address."""
    return f"{number >> 24}.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def registry_rows(organisations: int) -> Iterator[tuple[str, str, str]]:
    """Give about ten assets an organisation: nested and shared prefixes of both families, domains, AS numbers."""
    random = np.random.default_rng(SEED)
    assets = organisations * ASSETS_PER_ORGANISATION
    owner = random.integers(0, organisations, assets)
    kinds = random.choice(4, assets, p=[PREFIX_SHARE * 0.9, PREFIX_SHARE * 0.1, DOMAIN_SHARE, ASN_SHARE])
    lengths = random.choice(
        [16, 20, 22, 24, 26, 28, 29, 32], assets, p=[0.002, 0.008, 0.04, 0.35, 0.1, 0.15, 0.15, 0.2]
    )
    addresses = random.integers(0x0B000000, 0xDF000000, assets)
    for row in range(assets):
        organisation = f"org-{owner[row]:06d}"
        if kinds[row] == 0:
            length = int(lengths[row])
            yield organisation, "prefix", f"{ipv4(int(addresses[row]) >> (32 - length) << (32 - length))}/{length}"
        elif kinds[row] == 1:
            yield organisation, "prefix", f"2001:{row >> 16:x}:{row & 0xFFFF:x}::/48"
        elif kinds[row] == 2:
            yield organisation, "domain", f"{'dienst' if row % 3 else 'gemeente-noord'}-{row}.example{row % 50}.nl"
        else:
            yield organisation, "asn", str(4_200_000_000 + row % 90_000)


def write_registry(path: Path, organisations: int) -> None:
    """Write REGISTRY.csv once."""
    if path.exists():
        return
    draft = path.with_suffix(".draft")
    with draft.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["organisation", "kind", "value"])
        writer.writerows(registry_rows(organisations))
    draft.replace(path)


def _addresses(random: np.random.Generator, number: Numbers, asset: Numbers, ipv6_share: float) -> pl.DataFrame:
    """IPv4 addresses are anywhere; IPv6 ones lie in or near the prefixes of the registry."""
    v4 = pl.DataFrame({"n": random.integers(0x0B000000, 0xDF000000, number.size)}).select(
        v4=pl.concat_str([(pl.col("n") // 2**shift % 256).cast(pl.String) for shift in (24, 16, 8, 0)], separator=".")
    )
    if not ipv6_share:
        return v4.rename({"v4": "ip"})
    prefix = pl.Series("prefix", [f"{row >> 16:x}:{row & 0xFFFF:x}" for row in asset.tolist()])
    host = pl.Series("host", [f"{row % 9_999:x}" for row in number.tolist()])
    v6 = pl.format("2001:{}::{}", prefix, host)
    pick = pl.Series("pick", random.random(number.size))
    return v4.select(ip=pl.when(pick >= ipv6_share).then("v4").otherwise(v6))


def block(first: int, rows: int, assets: int, ipv6_share: float) -> pl.DataFrame:
    """Make rows of a report: six in ten with a host name, half of those known; hits as skewed as in real networks."""
    random = np.random.default_rng([SEED, first])
    number = np.arange(first, first + rows)
    asset = (random.pareto(1.2, rows) * 20_000).astype(np.int64) % assets
    facts = _addresses(random, number, asset, ipv6_share).with_columns(
        pl.Series("number", number),
        pl.Series("asset", asset),
        pl.Series("second", random.integers(0, 86_400, rows)),
        pl.Series("pick", random.random(rows)),
        pl.Series("port", random.choice(PORTS, rows, p=PORT_ODDS)),
        pl.Series("city", random.choice(CITIES, rows)),
        pl.Series("server", random.choice(SERVERS, rows)),
        pl.Series("code", random.integers(0, len(CODES), rows)),
    )
    pick, number_, asset_ = pl.col("pick"), pl.col("number"), pl.col("asset")
    registered = pl.when(asset_ % 3 == 0).then(pl.lit("gemeente-noord")).otherwise(pl.lit("dienst"))
    known = pl.format("www{}.{}-{}.example{}.nl", number_ % 97, registered, asset_, asset_ % 50)
    unknown = pl.format("h{}.customer{}.provider{}.example", number_ % 99_991, asset_ % 997, asset_ % 89)
    return facts.select(
        timestamp=(pl.datetime(2026, 11, 21) + pl.duration(seconds="second")).dt.strftime("%Y-%m-%d %H:%M:%S"),
        severity=pl.when(pick < 0.02).then(pl.lit("medium")).otherwise(pl.lit("info")),
        ip="ip",
        protocol=pl.lit("tcp"),
        port=pl.col("port").cast(pl.String),
        hostname=pl.when(pick < 0.3).then(known).when(pick < 0.6).then(unknown).otherwise(pl.lit("")),
        tag=pl.lit("http"),
        asn=(4_200_000_000 + asset_ % 180_000).cast(pl.String),
        geo=pl.lit("NL"),
        region=pl.lit("NOORD-HOLLAND"),
        city="city",
        naics=pl.lit("518210"),
        hostname_source=pl.when(pick < 0.6).then(pl.lit("ptr")).otherwise(pl.lit("")),
        sector=pl.lit("Communications, Service Provider, and Hosting Service"),
        http=pl.lit("HTTP/1.1"),
        http_code=pl.col("code").replace_strict(dict(enumerate(CODES))),
        http_reason=pl.col("code").replace_strict(dict(enumerate(REASONS))),
        content_type=pl.lit("text/html; charset=utf-8"),
        connection=pl.lit("keep-alive"),
        www_authenticate=pl.when(pl.col("code") == 3).then(pl.lit('Basic realm="router"')).otherwise(pl.lit("")),
        set_cookie=pl.format("session={}{}; Path=/; HttpOnly", number_ * 7_919 % 1_000_003, asset_),
        server="server",
        content_length=(number_ % 60_000).cast(pl.String),
        transfer_encoding=pl.lit(""),
        http_date=pl.lit("Sat, 21 Nov 2026 10:11:12 GMT"),
        version=pl.lit(""),
    ).select(COLUMNS)


def write_report(path: Path, rows: int, assets: int, ipv6_share: float) -> None:
    """Write a report of so many rows once, every field quoted, about 400 bytes a row."""
    if path.exists():
        return
    draft = path.with_suffix(".draft")
    with draft.open("wb") as file:
        for first in range(0, rows, BLOCK):
            part = block(first, min(BLOCK, rows - first), assets, ipv6_share)
            part.write_csv(file, include_header=first == 0, quote_style="always")
    draft.replace(path)


def registry_path(folder: Path, organisations: int) -> Path:
    """Where the registry of so many organisations is."""
    return folder / f"registry-{organisations}.csv"


def report_path(folder: Path, rows: int, organisations: int, ipv6_share: float) -> Path:
    """Where the report of so many rows is, in a folder of its own because the name of a report is fixed."""
    place = folder / f"{rows}-{organisations}-{ipv6_share:g}"
    place.mkdir(exist_ok=True)
    return place / "2026-11-21-scan_http-nl.csv"
