"""Entries of every kind and with every odd character that the list lets in, for the tests of its formats."""

import ipaddress
from datetime import UTC, datetime, timedelta
from uuid import UUID

from dijkwacht.rooms.phishing.listing import rules
from dijkwacht.rooms.phishing.listing.about import About
from dijkwacht.rooms.phishing.listing.formats import FORMATS
from dijkwacht.rooms.phishing.listing.items import Item

AT = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)
HOSTILE = "https://t.co/a,b|c$document,domain=x*y'z?q=h&=(1)[2]{3}!~;@:+-_%20=$"
ENTRIES = (
    ("host", "dief.example", False, None),
    ("name", "alles.nl", False, None),
    ("domain", "dief.nl", False, None),
    ("url", "https://t.co/AbC", False, None),
    ("url", HOSTILE, False, None),
    ("url", 'http://dief.example:8080/=1+1,"x"?a=b;c', False, None),
    ("host", "xn--mnchen-dief-thb.example", False, None),
    ("host", "_dief.example", False, None),
    ("host", f"{'.'.join(['a' * 61] * 4)}.nl", False, None),  # too long for a zone
    ("host", "8.8.8.8", False, None),
    ("host", "2a01:4f8::1", False, None),
    ("host", "kanarie.example", True, None),
    ("host", "weg.example", False, AT),
)
ABOUT = About(
    serial=7,
    changed_at=AT,
    centre='Het centrum, "wij" & <u>\n0.0.0.0 ing.nl',
    home="https://dijkwacht.example/phishing/list",
    contact="x@dijkwacht.example",
    zone="rpz.example",
    addresses=[ipaddress.ip_address("192.0.2.1"), ipaddress.ip_address("2001:db8::1")],
)


def items(*, gone: bool):
    """Every entry as the list itself would hold it."""
    for number, (kind, name, canary, removed) in enumerate(ENTRIES, 1):
        if removed is None or gone:
            when = (AT - timedelta(hours=1), AT + timedelta(hours=5), removed)
            identifier = UUID(int=number, version=4)
            yield Item(identifier, kind, rules.canonical(kind, name), canary, *when, ("brand-in-host",))


def written(form: str) -> str:
    """A file of the list, as it is published."""
    return b"".join(FORMATS[form].write(items(gone=FORMATS[form].gone), ABOUT)).decode()
