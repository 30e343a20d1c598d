"""IntelMQ on the same report: its own Shadowserver parser, deduplication and prefix look-up, in one process.

Started by notification.py with the Python that has IntelMQ 3.5 and pytricia; nothing of Dijkwacht is imported here.
Deduplication is IntelMQ's own cache on a Redis server, whose CPU counts; where no redis-server is installed a Python
set takes its place, and the line says so. Left out in IntelMQ's favour: its broker, its pipeline of bots, and the
look-up of domains. Prints one line of JSON.
"""

import csv
import json
import logging
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytricia
from intelmq.bots.parsers.shadowserver.parser import ShadowserverParserBot
from intelmq.lib.bot import BotLibSettings
from intelmq.lib.cache import Cache
from intelmq.lib.message import Event, MessageFactory, Report
from intelmq.version import __version__

# How scan_http's columns become IntelMQ's fields. IntelMQ downloads this table; written here after its form, since the
# bench has no network: each column with the field it fills and the conversion that IntelMQ uses for its kind.
MAPPING = {
    "url": "https://www.shadowserver.org/what-we-do/network-reporting/accessible-http-report/",
    "required_fields": [
        ["time.source", "timestamp", "add_UTC_to_timestamp"],
        ["source.ip", "ip", "validate_ip"],
        ["source.port", "port", "convert_int"],
    ],
    "optional_fields": [
        ["protocol.transport", "protocol"],
        ["source.reverse_dns", "hostname"],
        ["source.asn", "asn", "invalidate_zero"],
        ["source.geolocation.cc", "geo"],
        ["source.geolocation.region", "region"],
        ["source.geolocation.city", "city"],
        ["extra.source.naics", "naics", "convert_int"],
        ["extra.source.sector", "sector", "validate_to_none"],
        ["extra.", "http_code", "convert_int"],
        ["extra.", "content_length", "convert_int"],
        *(
            ["extra.", name, "validate_to_none"]
            for name in (
                "severity", "tag", "hostname_source", "http", "http_reason", "content_type", "connection", "server",
                "www_authenticate", "set_cookie", "transfer_encoding", "http_date", "version",
            )
        ),
    ],
    "constant_fields": {
        "classification.identifier": "accessible-http",
        "classification.taxonomy": "other",
        "classification.type": "other",
        "protocol.application": "http",
    },
}  # fmt: skip
FILTER_KEYS = {"raw", "time.observation", "feed.name", "extra"}


def cpu_seconds() -> float:
    """User and system time of this process and its children."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in both)


def prefixes(registry: str) -> pytricia.PyTricia:
    """Read the prefixes of the registry, 10,000 of them: the size of the run in the published comparison."""
    tree = pytricia.PyTricia(128)
    with open(registry, newline="") as file:  # noqa: PTH123 - as plain as can be
        for row in csv.DictReader(file):
            if row["kind"] == "prefix" and ":" not in row["value"]:
                tree[row["value"]] = row["organisation"]
            if len(tree) == 10_000:
                break
    return tree


@contextmanager
def known_before() -> Iterator[tuple[str, Callable[[str], bool]]]:
    """Where hashes are kept, and whether one was seen before; as IntelMQ's deduplicator asks and tells its cache."""
    server = shutil.which("redis-server")
    if server is None:
        held: set[str] = set()
        yield "a Python set", lambda key: key in held or bool(held.add(key))
        return
    with tempfile.TemporaryDirectory() as folder:
        socket = f"{folder}/redis.sock"
        words = [server, "--port", "0", "--unixsocket", socket, "--save", "", "--appendonly", "no", "--dir", folder]
        running = subprocess.Popen(words, stdout=subprocess.DEVNULL)
        while not Path(socket).exists():
            time.sleep(0.05)
        cache = Cache(socket, 0, "6", 86_400)

        def seen(key: str) -> bool:
            if cache.exists(key):
                return True
            cache.set(key, "hash")
            return False

        yield "Redis", seen
        running.terminate()
        running.wait()


def main() -> None:
    """Parse, deduplicate, look up and write."""
    path, registry = Path(sys.argv[1]), sys.argv[2]
    tree = prefixes(registry)
    bot = ShadowserverParserBot("bench", settings=BotLibSettings | {"test_mode": True})
    bot.feedname, bot._sparser_config, bot._mode = "Accessible-HTTP", MAPPING, "fixed"  # noqa: SLF001 - no table is shipped
    logging.disable(logging.WARNING)
    before = cpu_seconds()
    report = Report(
        {"extra.file_name": path.name, "feed.name": "bench", "time.observation": "2026-11-22T00:00:00+00:00"}
    )
    report.add("raw", path.read_text())
    queues = bot.process_message(report)
    distinct = found = 0
    with known_before() as (kept_in, known), path.with_suffix(".intelmq").open("w") as out:
        for event in queues["output"]:
            message = event if isinstance(event, Event) else MessageFactory.from_dict(dict(event), default_type="Event")
            if known(message.hash(filter_keys=FILTER_KEYS, filter_type="blacklist")):
                continue
            distinct += 1
            address = message.get("source.ip")
            if address and ":" not in address and address in tree:
                message.add("extra.organisation", tree[address])
                found += 1
            out.write(message.to_json() + "\n")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    events = len(queues["output"])
    facts = {"IntelMQ": __version__, "events": events, "distinct": distinct, "found": found, "kept in": kept_in}
    print(json.dumps({"cpu": cpu_seconds() - before, "peak": peak} | facts))


if __name__ == "__main__":
    main()
