"""How much one network may bring: connections at a time, mails in a minute."""

from collections import Counter
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Final

from dijkwacht.api.limits import Buckets

Network = IPv4Network | IPv6Network
CONNECTIONS: Final = 50  # of one network at a time
MAILS: Final = 600  # of one network in a minute: a large provider sends from many networks
OPEN: Final = 1000  # connections at a time


@dataclass
class Crowd:
    """Who is here, by /24 or /48. `trusted`: networks of our own mail servers, without bounds. Of one event loop."""

    trusted: tuple[Network, ...] = ()
    mails: int = MAILS
    connections: int = CONNECTIONS
    _open: Counter[str] = field(default_factory=Counter)
    _total: int = 0
    _minute: Buckets = field(init=False)

    def __post_init__(self) -> None:
        self._minute = Buckets("mails-of-a-network", self.mails)

    def enter(self, network: str) -> bool:
        """Count a connection in; False when there are too many."""
        if not self._is_trusted(network) and (self._total >= OPEN or self._open[network] >= self.connections):
            return False
        self._open[network] += 1
        self._total += 1
        return True

    def leave(self, network: str) -> None:
        """Count a connection out."""
        self._total -= 1
        self._open[network] -= 1
        if not self._open[network]:
            del self._open[network]

    def take(self, network: str) -> bool:
        """Count a mail; False when the network brought too many within a minute."""
        return self._is_trusted(network) or not self._minute.take(network).exceeded

    def _is_trusted(self, network: str) -> bool:
        if not network:
            return True  # a socket of this machine
        asked = ip_network(network)
        return any(asked.version == one.version and asked.overlaps(one) for one in self.trusted)
