"""Who really sent a mail: DKIM (RFC 6376), aligned with From, or what our own mail server found (RFC 8601)."""

import re
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from typing import Final, NamedTuple

import dkim
import dns.exception
import dns.resolver
from django.conf import settings
from dns.nameserver import Do53Nameserver

from dijkwacht.platform.egress.way import resolvers
from dijkwacht.rooms.phishing.intake import rules
from dijkwacht.rooms.phishing.judging.knowledge import registrable

MOST: Final = 3  # signatures of one mail that are tried
LARGEST: Final = 4 << 20  # bytes of a mail whose signature is tried
SECONDS: Final = 3.0  # for all keys of a batch
KEPT: Final = 600.0  # seconds that a key, or that there is none, is remembered
REMEMBERED: Final = 5_000
TAG: Final = re.compile(r"(?:^|;)\s*([a-z]+)\s*=\s*([^;]*)")
NAME: Final = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*")
PASSED: Final = re.compile(r"\b(dkim|spf|dmarc)\s*=\s*pass\b([^;]*)", re.IGNORECASE)
DOMAIN: Final = re.compile(
    r"\b(?:header\.d|header\.i|header\.from|smtp\.mailfrom)\s*=\s*(?:[^\s;@]*@)?([\w.-]+)", re.IGNORECASE
)


class Signed(NamedTuple):
    """Which signatures could prove whom From names: their place and the name of their key in DNS.

    `known`: our own mail server proved it.
    """

    keys: tuple[tuple[int, str], ...] = ()
    known: bool = False


def claimed(header: bytes, sender: str) -> Signed:
    """Give the signatures whose domain is aligned with that of the sender (RFC 7489, relaxed)."""
    domain = registrable(sender.rpartition("@")[2])
    if not domain:
        return Signed()
    if settings.PHISHING_AUTHSERV and _found_by_ours(header, domain):
        return Signed(known=True)
    keys: list[tuple[int, str]] = []
    for place, value in enumerate(rules.values_of(header, "dkim-signature")[:MOST]):
        tags = {name: "".join(found.split()).lower() for name, found in TAG.findall(value)}
        signer, selector = tags.get("d", ""), tags.get("s", "")
        name = f"{selector}._domainkey.{signer}"
        if registrable(signer) == domain and "l" not in tags and NAME.fullmatch(name):
            keys.append((place, name))
    return Signed(tuple(keys))


def _found_by_ours(header: bytes, domain: str) -> bool:
    """Whether the first Authentication-Results is of our own mail server and says that the domain was proven."""
    first = "".join(rules.values_of(header, "authentication-results")[:1])
    server, _, found = first.partition(";")
    if server.split()[:1] != [settings.PHISHING_AUTHSERV]:
        return False
    return any(
        registrable(named.lower()) == domain for _, about in PASSED.findall(found) for named in DOMAIN.findall(about)
    )


def verified(signed: Sequence[Signed], raws: Sequence[bytes]) -> list[bool]:
    """Say of each mail of a batch whether who From names really sent it. Asks for each key once."""
    keys = _keys({name for one in signed for _, name in one.keys})
    return [
        one.known or (len(raw) <= LARGEST and any(_holds(raw, place, keys) for place, _ in one.keys))
        for one, raw in zip(signed, raws, strict=True)
    ]


def _holds(raw: bytes, place: int, keys: dict[str, bytes]) -> bool:
    """Whether one signature is right; dkimpy raises anything for what is none."""

    def key(name: bytes | str, **_: object) -> bytes:
        return keys.get(_plain(name), b"")

    try:
        return bool(dkim.DKIM(raw, minkey=1024).verify(idx=place, dnsfunc=key))
    except Exception:  # noqa: BLE001 - strangers' bytes
        return False


def _plain(name: bytes | str) -> str:
    return (name.decode("ascii", "replace") if isinstance(name, bytes) else name).rstrip(".").lower()


_remembered: dict[str, tuple[float, bytes]] = {}


def _keys(names: set[str]) -> dict[str, bytes]:
    """Look keys up in DNS, all at once and within a bound: a name server that is slow slows no batch."""
    now = time.monotonic()
    known = {name: _remembered[name][1] for name in names if name in _remembered and _remembered[name][0] > now}
    missing = names - known.keys()
    if missing:
        with ThreadPoolExecutor(min(16, len(missing)), "dkim") as pool:
            asked = {pool.submit(_look_up, name): name for name in missing}
            done, _ = wait_for(asked, SECONDS + 1)
            for one in done:
                found = one.result()
                if found is not None:
                    known[asked[one]] = found
                    _remembered[asked[one]] = (now + KEPT, found)
        while len(_remembered) > REMEMBERED:
            del _remembered[next(iter(_remembered))]
    return known


def _look_up(name: str) -> bytes | None:
    """Give a key, b"" where there is none, None where nobody answered."""
    try:
        answer = _resolver().resolve(name, "TXT", lifetime=SECONDS)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return b""
    except dns.exception.DNSException:
        return None
    return b"".join(answer[0].strings)


def _resolver() -> dns.resolver.Resolver:
    """Our resolvers, as the rest of the system uses them."""
    made = dns.resolver.Resolver(configure=False)
    made.nameservers = [Do53Nameserver(host, port) for host, port in resolvers(settings.PROOF_RESOLVER)]
    return made
