"""Which addresses of the network are public: what a stranger's URL may make us connect to.

`ipaddress.is_global` calls some private targets public (an IPv4 address inside 64:ff9b::/96, 2002::/16 or ::/96,
multicast), so the judgement here is a list of what is refused, from the IANA special-purpose registries (RFC 6890),
after embedded IPv4 addresses are taken out. A host name is resolved once, every address is judged, and the caller
connects to the judged address.
"""

import ipaddress
import socket
from collections.abc import Collection
from typing import ClassVar, Final

from dijkwacht.kernel.errors import Problem

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

REFUSED_V4: Final = [
    ipaddress.IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",
        "168.63.129.16/32",  # the host of a virtual machine at one large provider
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",
    )
]
UNICAST_V6: Final = ipaddress.IPv6Network("2000::/3")
REFUSED_V6: Final = [
    ipaddress.IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments: Teredo, ORCHID, benchmarks
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: a way into whatever IPv4 address it holds
        "3fff::/20",  # documentation
    )
]
# An IPv4 address in the last 32 bits, which a translator on the way connects to.
TRANSLATED: Final = [ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("::ffff:0:0/96")]


class NotPublic(Problem):
    """The address {host} is not on the public internet."""

    nl: ClassVar[str] = "Het adres {host} ligt niet op het openbare internet."
    status: ClassVar[int] = 422


class NotFoundByName(Problem):
    """The host name {host} has no address."""

    nl: ClassVar[str] = "De naam {host} heeft geen adres."
    status: ClassVar[int] = 422


def is_public(address: Address) -> bool:
    """True when `address`, or the IPv4 address inside it, is unicast and reachable for everybody."""
    if isinstance(address, ipaddress.IPv6Address):
        plain = ipaddress.IPv6Address(int(address))  # without a scope such as %eth0
        if any(plain in network for network in TRANSLATED):
            return is_public(ipaddress.IPv4Address(int(plain) & 0xFFFFFFFF))
        if plain not in UNICAST_V6 or any(plain in network for network in REFUSED_V6):
            return False
        return not _is_isatap(plain)
    return not any(address in network for network in REFUSED_V4)


def networks(text: str) -> list[Network]:
    """Read prefixes separated by commas, as a setting holds them. Raises ValueError for what is none."""
    return [ipaddress.ip_network(part.strip()) for part in text.split(",") if part.strip()]


def _is_isatap(address: ipaddress.IPv6Address) -> bool:
    """True for an interface identifier 0:5efe or 200:5efe (RFC 5214): a tunnel into the IPv4 address after it."""
    return (int(address) >> 32) & 0xFDFFFFFF == 0x00005EFE  # noqa: PLR2004


def addresses(host: str, port: int, *, allowed: Collection[str] = ()) -> list[Address]:
    """Resolve `host` (name or number in any notation) and give its addresses, all of them public.

    `allowed`: host:port pairs that need not be public. Raises NotPublic when one address is not public, so that a
    name cannot mix good and bad ones; NotFoundByName when there is none.
    """
    try:
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotFoundByName(host=host) from error
    found = [ipaddress.ip_address(str(answer[4][0])) for answer in answers]
    if not found:
        raise NotFoundByName(host=host)
    if f"{host}:{port}" not in allowed and not all(map(is_public, found)):
        raise NotPublic(host=host)
    return list(dict.fromkeys(found))
