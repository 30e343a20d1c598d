"""The phishing list at size: a zone of 500,000 names transferred, with the CPU of the primary; files made and fetched.

    .venv/bin/python bench/phishing_list.py [--names 500000]

Needs no database: the zone is filled from invented names. Printed beside each figure is its floor: the same bytes sent
by nothing but `sendall`, and HMAC-SHA256 over them, which a signed transfer cannot do without.
"""

import argparse
import datetime as dt
import gzip
import hashlib
import hmac
import io
import ipaddress
import random
import resource
import socket
import struct
import threading
import time
from collections.abc import Callable
from uuid import UUID, uuid4

import dns.message
import dns.name
import dns.query
import dns.tsig

from dijkwacht.rooms.phishing.listing.about import About
from dijkwacht.rooms.phishing.listing.formats import FORMATS
from dijkwacht.rooms.phishing.listing.items import Item
from dijkwacht.rooms.phishing.listing.zones.answering import Answerer, Consumers, Known, Uses
from dijkwacht.rooms.phishing.listing.zones.following import Following, LogEvent
from dijkwacht.rooms.phishing.listing.zones.serving import Primary

ADDRESSES = [ipaddress.ip_address("192.0.2.80"), ipaddress.ip_address("2001:db8::80")]
ZONE = "rpz.dijkwacht.example"
NOW = dt.datetime(2026, 11, 26, 3, tzinfo=dt.UTC)
BOUND = 1.0  # seconds of CPU of the primary for one transfer


def names(number: int) -> list[str]:
    """Invented hosts of the length that phishing hosts have."""
    chance = random.Random(7)
    words = [
        "login",
        "secure",
        "betaal",
        "pakket",
        "bank",
        "mijn",
        "id",
        "verify",
        "post",
        "update",
        "service",
        "klant",
    ]
    ends = ["nl", "com", "xyz", "top", "online", "info", "shop", "app"]
    return [f"{chance.choice(words)}-{chance.choice(words)}{one:x}.{chance.choice(ends)}" for one in range(number)]


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def thread_cpu(run: Callable[[], None]) -> float:
    """Run in a thread of its own; give what it used of the CPU."""
    found = {}

    def measured() -> None:
        before = time.thread_time()
        run()
        found["cpu"] = time.thread_time() - before

    thread = threading.Thread(target=measured)
    thread.start()
    thread.join()
    return found["cpu"]


def receive(port: int, wire: bytes, *, last: int) -> tuple[int, int]:
    """Take a transfer in without reading it: bytes and messages until one with the SOA at its end."""
    with socket.create_connection(("127.0.0.1", port)) as sock:
        sock.sendall(struct.pack("!H", len(wire)) + wire)
        sock.shutdown(socket.SHUT_WR)
        size = 0
        while part := sock.recv(1 << 20):
            size += len(part)
    return size, last


def floor(size: int) -> tuple[float, float]:
    """CPU seconds to send so many bytes over loopback, and to sign them."""
    piece = b"x" * 256 * 1024
    server = socket.create_server(("127.0.0.1", 0))

    def take() -> None:
        with socket.create_connection(server.getsockname()) as sock:
            while sock.recv(1 << 20):
                pass

    taker = threading.Thread(target=take)
    taker.start()
    connection, _ = server.accept()

    def send() -> None:
        for _ in range(size // len(piece)):
            connection.sendall(piece)
        connection.close()

    sending = thread_cpu(send)
    taker.join()
    server.close()
    before = time.process_time()
    for _ in range(size // 15_500):
        hmac.digest(b"k" * 32, piece[:15_500], hashlib.sha256)
    return sending, time.process_time() - before


def transfers(count: int) -> bool:
    found = names(count)
    before = cpu()
    following = Following(ZONE, ADDRESSES, hot=dt.timedelta(hours=24), expected=count)
    following.begin(1, (("host", name) for name in found), [])
    loaded = cpu() - before
    before = cpu()
    following.full.whole()
    print(f"zone of {count:,} names: {loaded:.2f} s CPU to take in, {cpu() - before:.2f} s to render, once")
    key = dns.tsig.Key(dns.name.from_text("bench."), b"k" * 32, dns.tsig.HMAC_SHA256)
    consumers = Consumers({key.name: Known(UUID(int=1), "bench", key, (), "")})
    answerer = Answerer(following, consumers, Uses())
    query = dns.message.make_query(f"{ZONE}.", "AXFR")
    query.use_tsig(key)
    wire = query.to_wire()
    worst, size = 0.0, 0
    for signed in (True, False):
        used, size = served(answerer, wire if signed else unsigned(answerer), signed=signed)
        worst = max(worst, used)
    sending, signing = floor(size)
    print(f"  floor for the same {size / 1e6:.1f} MB: {sending:.2f} s to send, {signing:.2f} s to sign")
    changes(following)
    return worst < BOUND and size > 40 * count  # the whole zone came


def unsigned(answerer: Answerer) -> bytes:
    known = next(iter(answerer.consumers.known.values()))
    networks = (ipaddress.ip_network("127.0.0.0/8"),)
    answerer.consumers.known = {known.key.name: Known(known.id, known.name, known.key, networks, "")}
    return dns.message.make_query(f"{ZONE}.", "AXFR").to_wire()


def served(answerer: Answerer, wire: bytes, *, signed: bool) -> tuple[float, int]:
    """One transfer from the real server, in this process; the receiver reads in another process."""
    import multiprocessing

    port = free_port()
    primary = Primary("127.0.0.1", port, answerer)
    primary.start()
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        pool.apply(time.sleep, (0,))
        used, start = cpu(), time.monotonic()
        size, _ = pool.apply(receive, (port, wire), {"last": 0})
        took, used = time.monotonic() - start, cpu() - used
    primary.stop()
    how = "signed" if signed else "unsigned"
    print(f"  AXFR {how}: {used:.2f} s CPU of the primary, {took:.2f} s by the clock, {size / 1e6:.1f} MB")
    return used, size


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def changes(following: Following) -> None:
    """What a change costs when the zone is large: to take in, to give as a difference."""
    before = cpu()
    for serial in range(2, 1002):
        following.apply(LogEvent(serial, True, NOW, "host", f"nieuw-{serial}.example"))
    taken = cpu() - before
    before = cpu()
    for _ in range(100):
        following.full.difference(following.serial - 10)
    print(f"  a change: {taken:.3f} ms CPU to take in; a difference of ten: {(cpu() - before) * 10:.2f} ms")


def files(count: int) -> None:
    """Every format made once, and its size."""
    hour = dt.timedelta(hours=1)
    items = [Item(uuid4(), "host", name, False, NOW, NOW + hour, None, ("brand-in-host",)) for name in names(count)]
    about = About(1, NOW, "Bench", "https://dijkwacht.example/phishing/list", "x@dijkwacht.example", ZONE, ADDRESSES)
    print(f"files of {count:,} names: CPU to make and zip, size, zipped")
    for name, form in FORMATS.items():
        before = cpu()
        plain, zipped = 0, io.BytesIO()
        with gzip.GzipFile(fileobj=zipped, mode="wb", compresslevel=5) as small:
            for piece in form.write(iter(items), about):
                plain += len(piece)
                small.write(piece)
        print(f"  {name:<9} {cpu() - before:5.1f} s {plain / 1e6:7.1f} MB {zipped.tell() / 1e6:6.1f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--names", type=int, default=500_000)
    count = parser.parse_args().names
    kept = transfers(count)
    files(count)
    if not kept:
        raise SystemExit(f"A transfer took more than {BOUND} s of the primary's CPU.")


if __name__ == "__main__":
    main()
