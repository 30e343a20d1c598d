"""The TXT record: what our resolver says and, where that may be old, what the domain's own servers say."""

import ipaddress
import time
from collections.abc import Iterator
from typing import Final

import dns.name
import dns.rdatatype
import dns.rrset

from dijkwacht.platform.egress.asking import Reply, ask, parse_name
from dijkwacht.platform.egress.way import Egress, Server
from dijkwacht.rooms.proof import rules
from dijkwacht.rooms.proof.looking.finding import SHOWN, Finding, shown
from dijkwacht.rooms.proof.vocabulary import Outcome

SECONDS: Final = 10.0  # for everything together
SERVERS: Final = 3  # of the domain that are asked
TXT, CNAME, NS, SOA = (dns.rdatatype.TXT, dns.rdatatype.CNAME, dns.rdatatype.NS, dns.rdatatype.SOA)
RESERVED: Final = frozenset(
    {"example", "invalid", "localhost", "test", "local", "onion", "arpa", "internal"}
)  # RFC 6761


def reserved(domain: str) -> bool:
    """Tell whether a name is kept for documentation or for inside use, so that nobody is asked about it."""
    return domain.rpartition(".")[2] in RESERVED


def look(domain: str, token: str, egress: Egress) -> Finding:
    """Look for our token at `_dijkwacht-challenge.<domain>`. Never raises."""
    name = parse_name(rules.record_name(domain))
    if reserved(domain) or name is None:
        return Finding(Outcome.REFUSED, "reserved", {"name": domain})
    deadline = time.monotonic() + SECONDS
    reply = ask(name, TXT, egress.resolvers, deadline)
    if reply.message is None:
        return Finding(Outcome.TEMPORARY, "dns-failed", {"name": rules.record_name(domain), "why": reply.why})
    found = judge(reply, name, token)
    if found.outcome is Outcome.MATCH or reply.authenticated:
        return found
    fresh = _authoritative(name, reply, egress, deadline)  # what the resolver says may be as old as its cache
    return judge(fresh, name, token) if fresh is not None else found


def judge(reply: Reply, name: dns.name.Name, token: str) -> Finding:
    """Say what an answer means for the token."""
    facts = {
        "name": name.to_text(omit_final_dot=True),
        "server": reply.server,
        "dnssec": reply.authenticated,
        "fresh": reply.authoritative,
    }
    alias = reply.rrset(name, CNAME)
    if alias is not None:
        return Finding(Outcome.REFUSED, "dns-alias", {**facts, "target": shown(str(alias[0].target))})
    if reply.no_such_name:
        return Finding(Outcome.ABSENT, "dns-no-name", facts)
    held = reply.rrset(name, TXT)
    if not held:
        return Finding(Outcome.ABSENT, "dns-no-record", facts)
    wanted, texts = rules.line(token).encode(), [b"".join(one.strings) for one in held]
    facts |= {"count": len(texts), "values": [_masked(text) for text in texts[:SHOWN]]}
    if wanted in texts:
        return Finding(Outcome.MATCH, "dns-match", {**facts, "values": []})
    return Finding(Outcome.ABSENT, "dns-other", facts)


def _masked(text: bytes) -> str:
    """Return a record as it may be kept: of a token, which may be another organisation's, its beginning only."""
    seen = shown(text)
    return f"{seen[: len(rules.PREFIX) + 6]}…" if seen.startswith(rules.PREFIX) else seen


def _authoritative(name: dns.name.Name, reply: Reply, egress: Egress, deadline: float) -> Reply | None:
    """Ask the domain's own servers; None when they give no answer of their own."""
    zone = _zone(name, reply, egress, deadline)
    if zone is None:
        return None
    servers = list(_servers(zone, egress, deadline))[:SERVERS]
    if not servers:
        return None
    found = ask(name, TXT, servers, deadline, recursive=False)
    return found if found.authoritative else None


def _zone(name: dns.name.Name, reply: Reply, egress: Egress, deadline: float) -> dns.name.Name | None:
    """Return the zone in which the name stands: a negative answer says so itself (RFC 2308)."""
    for answer in (reply, ask(name, SOA, egress.resolvers, deadline)):
        sections = (answer.message.authority + answer.message.answer) if answer.message else []
        for found in sections:
            if found.rdtype == SOA and name.is_subdomain(found.name):
                return found.name
    return None


def _servers(zone: dns.name.Name, egress: Egress, deadline: float) -> Iterator[Server]:
    """Yield the addresses of the zone's servers that may be asked; a stranger may have written that they are inside."""
    hosts = ask(zone, NS, egress.resolvers, deadline).rrset(zone, NS)
    for host in list(hosts or ())[:SERVERS]:
        for kind in (dns.rdatatype.A, dns.rdatatype.AAAA):
            for held in ask(host.target, kind, egress.resolvers, deadline).all_of(kind):
                address = ipaddress.ip_address(held[0].address)
                if egress.judge(address):
                    yield str(address), egress.dns_port
                    break
