"""What the zones hold after any history, against a slow reckoning of the same."""

import ipaddress
import random
from datetime import UTC, datetime, timedelta

import dns.message
import dns.rdatatype
import pytest

from dijkwacht.rooms.phishing.listing.zones.following import Following, LogEvent
from dijkwacht.rooms.phishing.listing.zones.wire import Zone, encoded

ADDRESSES = [ipaddress.ip_address("192.0.2.1"), ipaddress.ip_address("2001:db8::1")]
START = datetime(2026, 11, 1, tzinfo=UTC)
HOT = timedelta(hours=24)


def history(seed, length=300):
    """A log with names that come, go, come again, and stand there as two kinds."""
    chance, live, found = random.Random(seed), set(), []
    at = START
    for serial in range(1, length + 1):
        at += timedelta(minutes=chance.randint(0, 60))
        one = (chance.choice(["host", "name"]), f"n{chance.randint(0, 40)}.example")
        if one in live:
            live.discard(one)
        else:
            live.add(one)
        found.append(LogEvent(serial, one in live, at, *one))
    return found


def owners(events, *, hot):
    """The names in a zone after these events, reckoned from the beginning."""
    live = {}
    for event in events:
        if event.added:
            live[event.kind, event.name] = event.at
        else:
            live.pop((event.kind, event.name), None)
    if hot:
        live = {key: at for key, at in live.items() if at >= events[-1].at - HOT}
    return {owner for kind, name in live for owner in ((name, f"*.{name}") if kind == "name" else (name,))}


def names_of(pieces, zone):
    """The names in rendered pieces, read as a resolver reads them."""
    found = set()
    for count, records in pieces:
        question = zone.wire + b"\0\xfc\0\x01"
        wire = b"\0\0\x84\0\0\x01" + count.to_bytes(2, "big") + b"\0\0\0\0" + question + records
        message = dns.message.from_wire(wire)
        for rrset in message.answer:
            assert rrset.rdtype in {dns.rdatatype.A, dns.rdatatype.AAAA}
            found.add(rrset.name.to_text().removesuffix(f".{zone.name}."))
    return found


@pytest.mark.parametrize("seed", range(6))
def test_every_difference_leads_to_what_the_zone_holds(seed):
    events = history(seed)
    for cut in (0, 150):
        made = Following("rpz.example", ADDRESSES, hot=HOT)
        state = {}
        for event in events[:cut]:
            key = (event.kind, event.name)
            state = {**state, key: None} if event.added else {one: None for one in state if one != key}
        made.begin(cut, list(state), events[:cut])
        for event in events[cut:]:
            made.apply(event)
        for hot, followed in ((False, made.full), (True, made.hot)):
            whole = names_of(followed.whole().pieces, followed.zone)
            assert whole == owners(events, hot=hot)
            for held in range(1, 300, 17):
                difference = followed.difference(held)
                if difference is None:
                    assert held < followed.since
                    continue
                gone, new = names_of(difference.gone, followed.zone), names_of(difference.new, followed.zone)
                before = owners(events[:held], hot=hot)
                assert gone <= before
                assert not new & before
                assert (before - gone) | new == whole


def test_an_event_that_is_missing_is_noticed():
    made = Following("rpz.example", ADDRESSES, hot=HOT)
    with pytest.raises(ValueError, match="after 0 came 2"):
        made.apply(LogEvent(2, True, START, "host", "dief.example"))


def test_a_piece_fits_a_message_and_a_zone_spreads_over_more_of_them():
    zone = Zone("rpz.example", ADDRESSES)
    many = {f"{'a' * 50}.{number}.example" for number in range(6_000)}
    for name in many:
        zone.add("host", name)
    pieces = zone.pieces()
    assert max(len(records) for _, records in pieces) < 16_000
    assert len(zone) == 6_000
    assert len(names_of(pieces, zone)) == 6_000
    assert sum(count for count, _ in pieces) == 12_000
    gone = sorted(many)[:500]
    for name in gone:
        zone.remove("host", name)
    assert len(names_of(zone.pieces(), zone)) == 5_500


def test_a_name_too_long_for_the_zone_is_left_out():
    zone = Zone("rpz.example", ADDRESSES)
    longest = ".".join(["a" * 60] * 4)
    assert zone.add("name", longest) == []
    assert zone.remove("name", longest) == []
    assert encoded("a.bc") == b"\x01a\x02bc"
