"""Who really sent a mail: DKIM (RFC 6376), aligned with From, or what our own mail server found (RFC 8601)."""

import re
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from typing import Final, NamedTuple

import dkim.util
import dns.exception
import dns.resolver
from django.conf import settings
from dns.nameserver import Do53Nameserver

from dijkwacht.platform.egress.way import resolvers
from dijkwacht.rooms.phishing.intake import checking, rules
from dijkwacht.rooms.phishing.intake.checking import Checker
from dijkwacht.rooms.phishing.judging.knowledge import registrable

MOST: Final = 3  # signatures of one mail that are tried
SECONDS: Final = 3.0  # for all keys of a batch
KEPT: Final = 600.0  # seconds that a key, or that there is none, is remembered
REMEMBERED: Final = 5_000
SILENT: Final = 60.0  # seconds that a domain whose name servers gave no answer is not asked again
AT_ONCE: Final = 16  # keys
OF_A_DOMAIN: Final = 2  # keys that are asked for in one batch
LARGEST_KEY: Final = 2_000  # bytes of its record: one of RSA with 8,192 bits has 1,400
NAME: Final = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*", re.ASCII)
PASSED: Final = re.compile(r"\b(dkim|spf|dmarc)\s*=\s*pass\b([^;]*)", re.IGNORECASE | re.ASCII)
DOMAIN: Final = re.compile(
    r"\b(?:header\.d|header\.i|header\.from|smtp\.mailfrom)\s*=\s*(?:[^\s;@]*@)?([\w.-]+)", re.IGNORECASE | re.ASCII
)


class Signed(NamedTuple):
    """Which signatures could prove whom From names: their place and the name of their key in DNS.

    `known`: our own mail server proved it.
    """

    keys: tuple[tuple[int, str], ...] = ()
    known: bool = False


def claimed(header: bytes, sender: str, *, ours: bool) -> Signed:
    """Give the signatures whose domain is aligned with that of the sender (RFC 7489, relaxed).

    `ours`: our own mail server handed it in, so that what it wrote of the sender is its word and nobody else's.
    """
    domain = registrable(sender.rpartition("@")[2])
    if not domain:
        return Signed()
    if ours and settings.PHISHING_AUTHSERV and _found_by_ours(header, domain):
        return Signed(known=True)
    keys: list[tuple[int, str]] = []
    for place, value in enumerate(rules.values_of(header, "dkim-signature")[:MOST]):
        tags = _tags(value)
        signer, name = tags.get("d", ""), f"{tags.get('s', '')}._domainkey.{tags.get('d', '')}"
        if registrable(signer) == domain and "l" not in tags and NAME.fullmatch(name):
            keys.append((place, name))
    return Signed(tuple(keys))


def _tags(value: str) -> dict[str, str]:
    """Read a signature as dkimpy will; what it does not take, or a tag that stands twice, gives none."""
    try:
        read = dkim.util.parse_tag_value(value.encode("ascii"))
    except (ValueError, dkim.util.InvalidTagValueList, dkim.util.InvalidTagSpec):
        return {}
    return {name.decode(): b"".join(found.split()).decode().lower() for name, found in read.items()}


def _found_by_ours(header: bytes, domain: str) -> bool:
    """Whether the first Authentication-Results is of our own mail server and says that the domain was proven."""
    first = "".join(rules.values_of(header, "authentication-results")[:1])
    server, _, found = first.partition(";")
    if server.split()[:1] != [settings.PHISHING_AUTHSERV]:
        return False
    return any(
        registrable(named.lower()) == domain for _, about in PASSED.findall(found) for named in DOMAIN.findall(about)
    )


def verified(signed: Sequence[Signed], raws: Sequence[bytes]) -> list[bool | None]:
    """Say of each mail of a batch whether who From names really sent it; None where that was not asked now.

    So it is where a key was not asked for, and for what is left of a batch in which several mails were too dear.
    """
    keys = _keys(Counter(name for one in signed for _, name in one.keys))
    with checking.lent() as checker:
        return [one.known or _proven(one, raw, keys, checker) for one, raw in zip(signed, raws, strict=True)]


def _proven(signed: Signed, raw: bytes, keys: dict[str, bytes], checker: Checker) -> bool | None:
    if not signed.keys or not checking.checkable(raw):
        return False
    claims = [(place, name, keys[name]) for place, name in signed.keys if keys.get(name)]
    if claims and (held := checker.holds(raw, claims)) is not False:
        return held
    return False if all(name in keys for _, name in signed.keys) else None


_remembered: dict[str, tuple[float, bytes]] = {}
_silent: dict[str, float] = {}  # domains whose name servers gave no answer, and until when they are not asked again


def forget() -> None:
    """Forget every key: the next batch asks again."""
    _remembered.clear()
    _silent.clear()


def _keys(names: Counter[str]) -> dict[str, bytes]:
    """Look keys up in DNS, all at once and within a bound: a name server that is slow slows no batch.

    What the name servers of a domain do not answer is as good as no key, for a minute. A name that is missing was not
    asked for: there were others of its domain that more mails need, or the time was over.
    """
    now = time.monotonic()
    known = {name: _remembered[name][1] for name in names if name in _remembered and _remembered[name][0] > now}
    missing = [name for name, _ in names.most_common() if name not in known]
    asked: list[str] = []
    domains: Counter[str] = Counter()
    for name in missing:
        if _silent.get(_domain(name), 0.0) > now:
            known[name] = b""
        elif domains[_domain(name)] < OF_A_DOMAIN:
            domains[_domain(name)] += 1
            asked.append(name)
    known |= _asked(asked, now)
    for remembered in (_remembered, _silent):
        while len(remembered) > REMEMBERED:
            del remembered[next(iter(remembered))]
    return known


def _asked(names: list[str], now: float) -> dict[str, bytes]:
    """Ask for keys, and remember what came: of what did not come in time nothing is known."""
    if not names:
        return {}
    known: dict[str, bytes] = {}
    pool = ThreadPoolExecutor(min(AT_ONCE, len(names)), "dkim")
    try:
        asked = {pool.submit(_look_up, name): name for name in names}
        for one in wait_for(asked, SECONDS + 1).done:
            name, found = asked[one], one.result()
            known[name] = found or b""
            if found is None:
                _silent[_domain(name)] = now + SILENT
            else:
                _remembered[name] = (now + KEPT, found)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    return known


def _domain(name: str) -> str:
    return registrable(name.partition("._domainkey.")[2])


def _look_up(name: str) -> bytes | None:
    """Give a key, b"" where there is none, None where nobody answered."""
    try:
        answer = _resolver().resolve(name, "TXT", lifetime=SECONDS)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return b""
    except dns.exception.DNSException:
        return None
    found = b"".join(answer[0].strings)
    return found if len(found) <= LARGEST_KEY else b""


def _resolver() -> dns.resolver.Resolver:
    """Our resolvers, as the rest of the system uses them."""
    made = dns.resolver.Resolver(configure=False)
    made.nameservers = [Do53Nameserver(host, port) for host, port in resolvers(settings.PROOF_RESOLVER)]
    return made
