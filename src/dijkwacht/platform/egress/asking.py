"""One DNS question, to servers that are named by address, within a time. UDP first, TCP for what is too long."""

import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.query
import dns.rcode
import dns.rdatatype
import dns.rrset

from dijkwacht.platform.egress.way import Server

PATIENCE: Final = 2.0  # seconds for one try
ROUNDS: Final = 2
PAYLOAD: Final = 1232  # bytes over UDP, the flag day of 2020
FINAL: Final = frozenset({dns.rcode.NOERROR, dns.rcode.NXDOMAIN})


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer. `why`: what went wrong when there is none."""

    message: dns.message.Message | None
    server: str = ""
    why: str = ""

    @property
    def authenticated(self) -> bool:
        """The resolver says that DNSSEC proves this answer (AD)."""
        return self.message is not None and bool(self.message.flags & dns.flags.AD)

    @property
    def authoritative(self) -> bool:
        return self.message is not None and bool(self.message.flags & dns.flags.AA)

    @property
    def no_such_name(self) -> bool:
        return self.message is not None and self.message.rcode() == dns.rcode.NXDOMAIN

    def rrset(self, name: dns.name.Name, kind: dns.rdatatype.RdataType) -> dns.rrset.RRset | None:
        """Return what the answer holds at exactly this name."""
        if self.message is None:
            return None
        return next((found for found in self.message.answer if found.rdtype == kind and found.name == name), None)

    def all_of(self, kind: dns.rdatatype.RdataType) -> list[dns.rrset.RRset]:
        """Return what the answer holds of a kind, at whatever name."""
        return [] if self.message is None else [found for found in self.message.answer if found.rdtype == kind]


def parse_name(text: str) -> dns.name.Name | None:
    """Return a name, or None when DNS has no place for it."""
    try:
        return dns.name.from_text(text)
    except (dns.exception.DNSException, UnicodeError):
        return None


def ask(
    name: dns.name.Name,
    kind: dns.rdatatype.RdataType,
    servers: Sequence[Server],
    deadline: float,
    *,
    recursive: bool = True,
) -> Reply:
    """Ask the servers in turn, twice at most. `deadline`: time.monotonic() at which the asking ends. Never raises."""
    if not servers:
        return Reply(None, why="no resolver is configured")
    why = "the time was over"
    for address, port in [*servers] * ROUNDS:
        left = deadline - time.monotonic()
        if left <= 0:
            break
        try:
            found = _once(name, kind, address, port, min(left, PATIENCE), recursive=recursive)
        except (dns.exception.DNSException, OSError, ValueError) as error:
            why = f"{address}: {_reason(error)}"
            continue
        if found.rcode() in FINAL:
            return Reply(found, server=address)
        why = f"{address}: {dns.rcode.to_text(found.rcode())}"
    return Reply(None, why=why)


def _once(
    name: dns.name.Name, kind: dns.rdatatype.RdataType, address: str, port: int, seconds: float, *, recursive: bool
) -> dns.message.Message:
    query = dns.message.make_query(name, kind, use_edns=0, payload=PAYLOAD)
    query.flags |= dns.flags.AD  # asks to be told whether DNSSEC proves the answer (RFC 6840 section 5.7)
    if not recursive:
        query.flags &= ~dns.flags.RD
    until = time.monotonic() + seconds
    with suppress(dns.message.Truncated):
        return dns.query.udp(
            query,
            address,
            timeout=seconds,
            port=port,
            ignore_unexpected=True,
            ignore_errors=True,
            raise_on_truncation=True,
        )
    return dns.query.tcp(query, address, timeout=max(until - time.monotonic(), 0.2), port=port)


def _reason(error: Exception) -> str:
    if isinstance(error, dns.exception.Timeout):
        return "no answer in time"
    return type(error).__name__
