"""Which way a look at a page may leave the building. Read from the environment: the command line has no Django."""

import ipaddress
import os
import socket
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

import msgspec

from dijkwacht.platform import network
from dijkwacht.platform.egress.way import Egress, outside, resolvers

PORTS: Final = frozenset({80, 443})


class Way(msgspec.Struct, frozen=True):
    """What bounds a look. `own`: networks of the centre. `never`: hosts that are ours, such as the portal's.

    `allowed`: host:port pairs that need not be public nor have a usual port; for tests. `proxy`: host:port of an HTTP
    proxy in another network, which is asked to connect to the address that was judged; empty: directly.
    """

    resolvers: list[tuple[str, int]]
    own: list[str] = []
    never: list[str] = []
    allowed: list[str] = []
    proxy: str = ""
    seconds: float = 15.0  # for one hop
    largest: int = 4 << 20  # bytes of a body, after decompression

    def permits(self, host: str, port: int) -> bool:
        """Whether tests allowed this host and port aloud."""
        return f"{host}:{port}" in self.allowed

    def judges(self, address: network.Address) -> bool:
        """Whether an address may be connected to."""
        return outside(address, [ipaddress.ip_network(one) for one in self.own])

    def egress(self, host: str, port: int) -> Egress:
        """Give the way to one host in the form that names are resolved with."""
        known = tuple((address, number) for address, number in self.resolvers)
        return Egress(resolvers=known, judge=(lambda _: True) if self.permits(host, port) else self.judges)


def from_environment(given: Mapping[str, str] = os.environ) -> Way:
    """Read the way out from the environment; docs/reference/settings.md explains each variable."""
    database = urlsplit(given.get("DATABASE_URL", "")).hostname or ""
    never = {urlsplit(given.get("DIJKWACHT_BASE_URL", "")).hostname or "", database, socket.gethostname().lower()}
    return Way(
        resolvers=[*resolvers(given.get("DIJKWACHT_PROOF_RESOLVER", ""))],
        own=[str(one) for one in network.networks(given.get("DIJKWACHT_OWN_NETWORKS", ""))],
        never=sorted(never - {""}),
        allowed=[*filter(None, given.get("DIJKWACHT_PAGES_ALLOW", "").split(","))],
        proxy=given.get("DIJKWACHT_PAGES_PROXY", ""),
    )
