"""Attribution as a person would do it with paper: every observation against every asset. For comparison only."""

import ipaddress
from dataclasses import dataclass

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True)
class Asset:
    organisation: str
    kind: str
    value: str
    fallback: bool = False


@dataclass(frozen=True)
class Seen:
    ip: str | None = None
    host: str | None = None
    asn: int | None = None


def unmapped(address: Address) -> Address:
    return getattr(address, "ipv4_mapped", None) or address


def network(value: str) -> Network:
    read = ipaddress.ip_network(value)
    mapped = getattr(read.network_address, "ipv4_mapped", None)
    return ipaddress.ip_network((mapped, read.prefixlen - 96)) if mapped and read.prefixlen >= 96 else read


def prefixes(seen: Seen, assets: dict[int, Asset]) -> set[int]:
    if seen.ip is None:
        return set()
    address = unmapped(ipaddress.ip_address(seen.ip))
    held = {row: network(asset.value) for row, asset in assets.items() if asset.kind == "prefix"}
    around = {row: net.prefixlen for row, net in held.items() if net.version == address.version and address in net}
    return {row for row, length in around.items() if length == max(around.values())}


def domains(seen: Seen, assets: dict[int, Asset]) -> set[int]:
    labels = seen.host.split(".") if seen.host else []
    for start in range(len(labels)):
        name = ".".join(labels[start:])
        if rows := {row for row, one in assets.items() if one.kind == "domain" and folded(one.value) == name}:
            return rows
    return set()


def folded(value: str) -> str:
    return value.rstrip(".").lower().encode("idna").decode()


def asns(seen: Seen, assets: dict[int, Asset]) -> set[int]:
    if seen.asn is None:
        return set()
    return {row for row, one in assets.items() if one.kind == "asn" and int(one.value.removeprefix("AS")) == seen.asn}


def receivers(seen: Seen, assets: dict[int, Asset]) -> dict[int, str]:
    found = dict.fromkeys(prefixes(seen, assets), "prefix") | dict.fromkeys(domains(seen, assets), "domain")
    return found or dict.fromkeys(asns(seen, assets), "asn")


def attribute(seen: Seen, assets: list[Asset]) -> dict[int, str]:
    """Give how each asset (by its row) matched."""
    owned = {row: asset for row, asset in enumerate(assets) if not asset.fallback}
    owners = {row: asset for row, asset in enumerate(assets) if asset.fallback}
    return receivers(seen, owned) or dict.fromkeys(receivers(seen, owners), "network-owner")
