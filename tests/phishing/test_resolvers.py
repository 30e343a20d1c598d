"""A block reaches whoever asks a resolver of the distribution within five seconds, and so does its end."""

import contextlib
import tempfile
import threading
import time
from pathlib import Path

import dns.edns
import dns.exception
import dns.message
import dns.query
import dns.rcode
import pytest
from tests.phishing import resolvers
from tests.phishing.listed import DESK, block, own_database, unblock
from tests.phishing.resolvers import FULL, HOT, RESOLVERS, Setting
from tests.ports import free_port
from tests.proof.dns_server import NameServer
from tests.proof.dns_server import serving as upstream

from dijkwacht.platform import tenancy
from dijkwacht.rooms.phishing.listing import consumers, publishing
from dijkwacht.rooms.phishing.listing.zones.process import Zones

EXTENDED_ERRORS = {"unbound": None, "bind": None, "powerdns": 15, "knot": 4}  # of these versions, with an address
SECONDS = 5.0  # from the block until the resolver warns
NAME, OTHER = "dief.voorbeeld.nl", "goed.voorbeeld.nl"
REAL, WARNING = "198.51.100.7", "192.0.2.80"
committed = pytest.fixture(own_database, name="committed")


@contextlib.contextmanager
def primary(port):
    stop, ready = threading.Event(), threading.Event()

    def run():
        zones = Zones("127.0.0.1", port)
        ready.set()
        zones.run(stop)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        assert ready.wait(10)
        yield
    finally:
        stop.set()
        thread.join()


@contextlib.contextmanager
def fetching(files):
    """What a timer with curl does: fetch the files each second, put them in place at once."""
    stop = threading.Event()

    def fetch():
        from django.db import connection

        while not stop.is_set():
            _fetch(files)
            stop.wait(0.5)
        connection.close()

    _fetch(files)
    thread = threading.Thread(target=fetch)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _fetch(files):
    for name, path in files.items():
        found = publishing.publish("rpz-hot" if name == HOT else "rpz").path.read_bytes()
        if not path.exists() or path.read_bytes() != found:
            draft = path.with_suffix(".draft")
            draft.write_bytes(found)
            draft.replace(path)


def ask(port, name):
    """The addresses that a resolver gives, or the code of its refusal."""
    query = dns.message.make_query(name, "A")
    try:
        answer = dns.query.udp(query, "127.0.0.1", port=port, timeout=1)
    except (dns.exception.Timeout, OSError):
        return "silent"
    if answer.rcode() != dns.rcode.NOERROR:
        return dns.rcode.to_text(answer.rcode())
    return sorted(rdata.to_text() for rrset in answer.answer for rdata in rrset)


def extended_error(port, name):
    """The code of RFC 8914 that a resolver gives with an answer; None when it gives none."""
    query = dns.message.make_query(name, "A", use_edns=0)
    answer = dns.query.udp(query, "127.0.0.1", port=port, timeout=2)
    return next((int(one.code) for one in answer.options if isinstance(one, dns.edns.EDEOption)), None)


def waited(port, name, wanted, seconds):
    """How long it took until a resolver answered this."""
    start = time.monotonic()
    while (found := ask(port, name)) != wanted:
        assert time.monotonic() - start < seconds, f"after {seconds} s {name} is {found}, not {wanted}"
        time.sleep(0.05)
    return time.monotonic() - start


@pytest.fixture
def warned(settings, tmp_path, committed):
    settings.WARNING_ADDRESSES = [WARNING]
    settings.HOME = tmp_path / "home"
    settings.HOME.mkdir()


@pytest.fixture
def short():
    """A folder with a short name: PowerDNS has a socket in it, whose path has at most 107 characters."""
    with tempfile.TemporaryDirectory(prefix="resolver-") as folder:
        yield Path(folder)


def setting(short, name, upstream_port):
    """A consumer for this resolver, and where it finds everything."""
    folder = short / name
    folder.mkdir()
    port = free_port()
    with tenancy.acting(DESK):
        unsigned = {"from_networks": "127.0.0.1/32"} if name == "unbound" else {}
        notify = {} if name in {"knot", "powerdns"} else {"notify": f"127.0.0.1#{port}"}
        made = consumers.add(actor=DESK, name=name, **unsigned, **notify)
    files = {zone: folder / f"{zone}.zone" for zone in (FULL, HOT)}
    return Setting(folder, port, free_port(), upstream_port, made.row.key_name, made.secret, files)


@pytest.mark.slow
@pytest.mark.parametrize("name", RESOLVERS)
def test_a_block_reaches_a_resolver_within_five_seconds_and_so_does_its_end(name, warned, short):
    block("iets-anders.example")
    server = NameServer({(one, "A"): [REAL] for one in (NAME, OTHER, f"onder.{NAME}")})
    with upstream(server):
        at = setting(short, name, server.port)
        files = fetching(at.files) if name == "knot" else contextlib.nullcontext()
        with primary(at.primary), files, resolvers.running(RESOLVERS[name](at), at.folder):
            waited(at.port, NAME, [REAL], 20)
            waited(at.port, "iets-anders.example", [WARNING], 20)  # it has the zones
            block(NAME)
            blocked = waited(at.port, NAME, [WARNING], SECONDS)
            assert ask(at.port, OTHER) == [REAL]
            assert extended_error(at.port, NAME) == EXTENDED_ERRORS[name]
            unblock(NAME)
            freed = waited(at.port, NAME, [REAL], SECONDS)
            block("alles.voorbeeld.nl", "name")
            waited(at.port, "onder.alles.voorbeeld.nl", [WARNING], SECONDS)
    print(f"{name}: warned after {blocked:.2f} s, free after {freed:.2f} s")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["bind", "powerdns"])
def test_a_resolver_with_a_wrong_key_gets_no_zone(name, warned, short):
    block(NAME)
    server = NameServer({(NAME, "A"): [REAL]})
    with upstream(server):
        at = setting(short, name, server.port)
        at.secret = "d3Jvbmcga2V5IHdyb25nIGtleSB3cm9uZyBrZXkgd3I="
        with primary(at.primary), resolvers.running(RESOLVERS[name](at), at.folder):
            waited(at.port, NAME, [REAL], 20)
            time.sleep(3)
            assert ask(at.port, NAME) == [REAL]
