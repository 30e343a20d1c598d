"""Which way a look may leave the building: our resolvers, and the addresses that a stranger's name may lead to."""

import ipaddress
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import dns.exception
import dns.resolver
from django.conf import settings

from dijkwacht.platform import network

DNS_PORT: Final = 53
Server = tuple[str, int]  # address, port


@dataclass(frozen=True, slots=True)
class Egress:
    """`resolvers`: ours, trusted. `judge`: whether a stranger's address may be connected to."""

    resolvers: tuple[Server, ...]
    judge: Callable[[network.Address], bool]
    dns_port: int = DNS_PORT
    http_port: int = 80
    https_port: int = 443
    tls: ssl.SSLContext | None = None

    def context(self) -> ssl.SSLContext:
        """Return how TLS is checked: as every client does."""
        return self.tls or ssl.create_default_context()


def from_settings() -> Egress:
    """Return the egress of this installation."""
    return Egress(resolvers=resolvers(settings.PROOF_RESOLVER), judge=allowed)


def allowed(address: network.Address) -> bool:
    """Tell whether an address is public and not in the centre's own network, also when IPv6 carries it."""
    return outside(address, settings.OWN_NETWORKS)


def outside(address: network.Address, own_networks: Sequence[network.Network]) -> bool:
    """Tell whether an address is public and in none of these networks, also when IPv6 carries it."""
    if not network.is_public(address):
        return False
    carried = int(address) & 0xFFFFFFFF  # judged too where it is only a part of an IPv6 address: being strict is free
    forms: list[network.Address] = [address]
    if isinstance(address, ipaddress.IPv6Address) and any(address in known for known in network.TRANSLATED):
        forms.append(ipaddress.IPv4Address(carried))
    return not any(form in own for form in forms for own in own_networks if own.version == form.version)


def resolvers(configured: str) -> tuple[Server, ...]:
    """Return our resolvers: those configured as "address" or "address#port" with commas, else the machine's own."""
    if configured:
        parts = [entry.strip().partition("#") for entry in configured.split(",") if entry.strip()]
        return tuple((address, int(port or DNS_PORT)) for address, _, port in parts)
    try:
        found = dns.resolver.Resolver().nameservers
    except dns.exception.DNSException:  # no resolv.conf: every look will say that there is no resolver
        return ()
    return tuple((str(one), DNS_PORT) for one in found)
