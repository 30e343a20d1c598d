"""The zones as a resolver gets them: whole, by difference, signed, and refused to strangers. Against real sockets."""

import contextlib
import socket
import threading
import time
from datetime import timedelta

import dns.flags
import dns.message
import dns.name
import dns.query
import dns.rcode
import dns.rdatatype
import dns.tsig
import dns.xfr
import dns.zone
import pytest
from django.db import connection
from tests.phishing.listed import DESK, block, own_database, unblock
from tests.ports import free_port

from dijkwacht.platform import tenancy
from dijkwacht.rooms.phishing.listing import consumers, reads
from dijkwacht.rooms.phishing.listing.models import Change, Entry, ZoneUse
from dijkwacht.rooms.phishing.listing.zones import serving as sockets
from dijkwacht.rooms.phishing.listing.zones.process import Zones

FULL, HOT = "rpz.dijkwacht.example.", "hot.rpz.dijkwacht.example."
committed = pytest.fixture(own_database, name="committed")


@contextlib.contextmanager
def serving():
    """The process of the zones, in a thread; gives its port."""
    port, stop, ready = free_port(), threading.Event(), threading.Event()

    def run():
        zones = Zones("127.0.0.1", port)
        ready.set()
        zones.run(stop)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        assert ready.wait(10)
        yield port
    finally:
        stop.set()
        thread.join()


def consumer(name="provider", **how):
    with tenancy.acting(DESK):
        made = consumers.add(actor=DESK, name=name, **how)
    return made.row, dns.tsig.Key(dns.name.from_text(made.row.key_name), made.secret, dns.tsig.HMAC_SHA256)


def transferred(port, zone, key, *, held=None, serial=0):
    """The zone by a transfer; with `held`, a zone to bring up to date, as of `serial` when that is not its own."""
    made = held if held is not None else dns.zone.Zone(zone, relativize=False)
    query, _serial = dns.xfr.make_query(made, serial=serial, keyring=key)
    dns.query.inbound_xfr("127.0.0.1", made, query, port=port, timeout=5, lifetime=10)
    return made


def names(zone):
    ends = f".{zone.origin.to_text()}"
    return {
        node.to_text().removesuffix(ends): sorted(rdata.to_text() for rdataset in found for rdata in rdataset)
        for node, found in zone.items()
        if node != zone.origin
    }


def soa(port, zone, key=None, *, tcp=False):
    query = dns.message.make_query(zone, "SOA")
    if key:
        query.use_tsig(key)
    return (dns.query.tcp if tcp else dns.query.udp)(query, "127.0.0.1", port=port, timeout=5)


def serial_of(zone):
    return zone.get_soa().serial


def until(check, seconds=5.0):
    end = time.monotonic() + seconds
    while not (found := check()):
        assert time.monotonic() < end
        time.sleep(0.02)
    return found


WARNING = ["127.0.0.1", "::1"]


def test_a_zone_is_given_whole_and_then_by_what_changed(committed):
    _, key = consumer()
    block("dief.example")
    block("alles.nl", "name")
    block("https://t.co/abc", "url")
    block("8.8.8.8")
    with serving() as port:
        zone = transferred(port, FULL, key)
        assert names(zone) == {"dief.example": WARNING, "alles.nl": WARNING, "*.alles.nl": WARNING}
        assert serial_of(zone) == 4
        block("later.example")
        unblock("alles.nl")
        until(lambda: soa(port, FULL, key).answer[0][0].serial == 6)
        transferred(port, FULL, key, held=zone)
        assert names(zone) == {"dief.example": WARNING, "later.example": WARNING}
        assert serial_of(zone) == 6
        assert names(transferred(port, HOT, key)) == names(zone)
        use = until(lambda: _use("full", transferred_how="ixfr"))
        assert (use.held_serial, use.transferred_serial) == (4, 6)


def _use(zone, **what):
    with tenancy.acting(DESK):
        return ZoneUse.objects.filter(zone=zone, **what).first()


def test_a_stranger_and_a_wrong_key_get_nothing(committed):
    row, key = consumer()
    block("dief.example")
    wrong = dns.tsig.Key(key.name, b"x" * 32, dns.tsig.HMAC_SHA256)
    other = dns.tsig.Key(dns.name.from_text("nobody."), b"x" * 32, dns.tsig.HMAC_SHA256)
    with serving() as port:
        assert soa(port, FULL, key).rcode() == dns.rcode.NOERROR
        assert soa(port, FULL).rcode() == dns.rcode.REFUSED
        assert soa(port, "other.example.", key).rcode() == dns.rcode.REFUSED
        for bad in (wrong, other):
            for tcp in (False, True):
                with pytest.raises((dns.message.UnknownTSIGKey, dns.tsig.PeerError, dns.exception.DNSException)):
                    assert soa(port, FULL, bad, tcp=tcp).rcode() == dns.rcode.NOERROR
            with pytest.raises((dns.xfr.TransferError, dns.exception.DNSException)):
                transferred(port, FULL, bad)
        with tenancy.acting(DESK):
            consumers.revoke(actor=DESK, consumer=row.id)
        until(lambda: _refused(port, key))


def _refused(port, key):
    try:
        return soa(port, FULL, key).rcode() != dns.rcode.NOERROR
    except dns.exception.DNSException:
        return True


def test_who_cannot_sign_may_ask_from_its_own_address(committed):
    consumer("resolver", from_networks="127.0.0.0/8")
    block("dief.example")
    with serving() as port:
        assert names(transferred(port, FULL, None)) == {"dief.example": WARNING}


def test_only_soa_and_transfers_are_answered(committed):
    _, key = consumer()
    block("dief.example")
    with serving() as port:
        query = dns.message.make_query(f"dief.example.{FULL}", "A")
        query.use_tsig(key)
        assert dns.query.udp(query, "127.0.0.1", port=port, timeout=5).rcode() == dns.rcode.REFUSED
        query = dns.message.make_query(FULL, "AXFR")
        query.use_tsig(key)
        assert dns.query.udp(query, "127.0.0.1", port=port, timeout=5).flags & dns.flags.TC
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.settimeout(5)
            for rubbish in (b"", b"x", b"\0" * 11, b"\xff" * 40, b"\x12\x34\x01\x00\xff\xff\xff\xff\0\0\0\0"):
                sock.sendto(rubbish, ("127.0.0.1", port))
            assert sock.recv(512)[:2] == b"\x12\x34"
        assert soa(port, FULL, key).rcode() == dns.rcode.NOERROR


def test_who_missed_too_much_gets_the_whole(committed):
    _, key = consumer()
    block("dief.example")
    with serving() as port:
        zone = transferred(port, FULL, key)
        block("later.example")
        until(lambda: soa(port, FULL, key).answer[0][0].serial == 2)
        transferred(port, FULL, key, held=zone, serial=4_000_000_000)
        assert set(names(zone)) == {"dief.example", "later.example"}
        assert until(lambda: _use("full", transferred_how="axfr", transferred_serial=2))


def test_after_a_restart_the_differences_are_known_again_and_the_hot_zone_forgets_what_is_old(committed):
    _, key = consumer()
    old = block("oud.example")
    with tenancy.acting(DESK):
        Change.objects.filter(entry=old).update(at=old.added_at - timedelta(hours=30))
        Entry.objects.filter(id=old.id).update(added_at=old.added_at - timedelta(hours=30))
    block("nieuw.example")
    with serving() as port:
        full, hot = transferred(port, FULL, key), transferred(port, HOT, key)
        assert set(names(full)) == {"oud.example", "nieuw.example"}
        assert set(names(hot)) == {"nieuw.example"}
        unblock("oud.example")
        block("nog.example")
    with serving() as port:
        transferred(port, FULL, key, held=full)
        transferred(port, HOT, key, held=hot)
        assert set(names(full)) == {"nieuw.example", "nog.example"}
        assert names(hot) == names(transferred(port, HOT, key)) == names(full)
        assert until(lambda: _use("full", transferred_how="ixfr"))
    connection.close()
    with tenancy.acting(DESK):
        assert reads.serial() == 4


def test_one_address_that_drips_its_questions_in_leaves_places_for_others(committed, monkeypatch):
    monkeypatch.setattr(sockets, "IDLE", 1.0)
    with serving() as port, contextlib.ExitStack() as held:
        slow = [held.enter_context(socket.create_connection(("127.0.0.1", port))) for _ in range(sockets.EACH_PEER)]
        turned_away = held.enter_context(socket.create_connection(("127.0.0.1", port)))
        turned_away.settimeout(5)
        assert turned_away.recv(1) == b""
        for one in slow:
            one.send(b"\x01\x00")
        for _ in range(14):
            for one in slow:
                with contextlib.suppress(OSError):
                    one.send(b"x")
            time.sleep(0.1)
        last = held.enter_context(socket.create_connection(("127.0.0.1", port)))
        last.settimeout(0.3)
        with pytest.raises(TimeoutError):  # it is let in: nobody closes it
            last.recv(1)
