"""What the list looks like to those who follow it: each format is made from the same entries of the one log."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from dijkwacht.rooms.phishing.listing.about import About
from dijkwacht.rooms.phishing.listing.formats import machine, misp, names, stix, zone
from dijkwacht.rooms.phishing.listing.items import Item

Write = Callable[[Iterator[Item], About], Iterator[bytes]]


@dataclass(frozen=True, slots=True)
class Format:
    """How a format is written; `gone`: it tells what was removed lately, and until when each entry is meant to last.

    `hot`: it holds what is new only.

    `youngest`: seconds; it is not made anew more often than that, whatever it costs to make a large list. `apart`:
    gives by name the files as which who follows it fetches it in parts.
    """

    file: str
    media_type: str
    write: Write
    gone: bool = False
    hot: bool = False
    youngest: float = 10.0
    apart: Callable[[bytes], Iterator[tuple[str, bytes]]] | None = None


FORMATS: Final = {
    "rpz": Format("rpz.zone", "text/dns; charset=utf-8", zone.rpz),
    "rpz-hot": Format("rpz-hot.zone", "text/dns; charset=utf-8", zone.rpz_hot, hot=True, youngest=1.0),
    "hosts": Format("hosts.txt", "text/plain; charset=utf-8", names.hosts),
    "ublock": Format("ublock.txt", "text/plain; charset=utf-8", names.ublock),
    "txt": Format("list.txt", "text/plain; charset=utf-8", names.txt),
    "csv": Format("list.csv", "text/csv; charset=utf-8; header=present", machine.csv_rows, gone=True, youngest=60.0),
    "json": Format("list.json", "application/json", machine.json_rows, gone=True, youngest=60.0),
    "stix": Format("list.stix.json", "application/stix+json;version=2.1", stix.bundle, gone=True, youngest=300.0),
    "misp": Format("misp.json", "application/json", misp.whole, gone=True, youngest=300.0, apart=misp.apart),
    "suricata": Format("suricata.lst", "text/plain; charset=utf-8", machine.suricata),
}
BY_FILE: Final = {one.file: name for name, one in FORMATS.items()}
