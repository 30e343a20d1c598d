"""The list as a response policy zone in a file: A and AAAA of the warning page, never a CNAME.

A CNAME would make each resolver ask once more, and shows whom it is for; it also loops when the target is on the list.
"""

from collections.abc import Iterator
from typing import Final

from dijkwacht.rooms.phishing.listing import rules
from dijkwacht.rooms.phishing.listing.about import About
from dijkwacht.rooms.phishing.listing.items import Item

TTL: Final = 60  # seconds: whoever is free again is so everywhere within a minute
# Of the SOA and the NS. A name below the zone would need an address there, which would be a policy for that name;
# without one BIND refuses to load the file. Nobody is sent there: consumers know their primary.
SERVER: Final = "localhost"
REFRESH, RETRY, EXPIRE, MINIMUM = 60, 30, 86_400, 60  # seconds, of the SOA; NOTIFY comes before the refresh
LONGEST: Final = 255  # octets of a name on the wire, RFC 1035


def owners(kind: str, name: str) -> tuple[str, ...]:
    """Give the names, relative to the zone, that an entry makes: its own, and with all below it the wildcard."""
    return (name, f"*.{name}") if kind in rules.WITH_ALL_BELOW else (name,)


def fits(owner: str, zone: str) -> bool:
    """Whether a name still fits in a DNS message when the zone stands behind it."""
    return len(owner) + len(zone) + 3 <= LONGEST


def hot_of(zone: str) -> str:
    """Give the name of the zone that holds only what is new."""
    return f"hot.{zone}"


def rpz(items: Iterator[Item], about: About) -> Iterator[bytes]:
    """Write the zone with everything."""
    return _zone(items, about, about.zone)


def rpz_hot(items: Iterator[Item], about: About) -> Iterator[bytes]:
    """Write the zone with what is new."""
    return _zone(items, about, hot_of(about.zone))


def _zone(items: Iterator[Item], about: About, zone: str) -> Iterator[bytes]:
    serial = about.serial % rules.SERIALS
    soa = f"{SERVER}. hostmaster.{zone}. {serial} {REFRESH} {RETRY} {EXPIRE} {MINIMUM}"
    yield f"$ORIGIN {zone}.\n$TTL {TTL}\n@ IN SOA {soa}\n@ IN NS {SERVER}.\n".encode()
    names = {owner for one in items if rules.in_dns(one.kind, one.name) for owner in owners(one.kind, one.name)}
    records = [f"{'A' if address.version == 4 else 'AAAA'} {address}" for address in about.addresses]  # noqa: PLR2004
    for owner in sorted(names):
        if fits(owner, zone):
            yield "".join(f"{owner} {record}\n" for record in records).encode()
