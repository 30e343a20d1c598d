"""The list as a MISP feed: a manifest, and an event for each day on which something was added."""

import json
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, date
from typing import Any, Final

from dijkwacht.rooms.phishing.listing import rules
from dijkwacht.rooms.phishing.listing.about import About
from dijkwacht.rooms.phishing.listing.items import Item

SPACE: Final = uuid.UUID("0f4f7f0e-5a0b-5c8e-8d0e-b6d7a0b9a4a3")
TAGS: Final = [{"name": "tlp:clear", "colour": "#ffffff"}, {"name": 'rsit:fraud="phishing"', "colour": "#3986a6"}]


def event_of(day: date, about: About) -> str:
    """Give the uuid of the event of a day."""
    return str(uuid.uuid5(SPACE, f"{about.home} {day.isoformat()}"))


def attribute(one: Item) -> dict[str, Any]:
    """Give an entry as an attribute; removed ones are marked as deleted, so that a follower deletes them too."""
    address = rules.address(one.name)
    kind = "url" if one.kind == "url" else "ip-dst" if address else "domain" if one.kind == "domain" else "hostname"
    return {
        "uuid": str(one.id),
        "type": kind,
        "category": "Network activity",
        "value": str(address) if address and one.kind != "url" else one.name,
        "to_ids": not one.canary,
        "deleted": one.removed_at is not None,
        "timestamp": str(int(one.changed_at.timestamp())),
        "first_seen": one.added_at.isoformat(),
        "last_seen": (one.removed_at or one.lease_until).isoformat(),
        "comment": "canary" if one.canary else " ".join(one.reason),
    }


def events(items: Iterable[Item], about: About) -> dict[str, dict[str, Any]]:
    """Give the events by their uuid; a day whose entries are all gone long since is not among them."""
    days: defaultdict[date, list[Item]] = defaultdict(list)
    for one in items:
        days[one.added_at.astimezone(UTC).date()].append(one)
    return {event_of(day, about): _event(day, rows, about) for day, rows in sorted(days.items())}


def _event(day: date, rows: list[Item], about: About) -> dict[str, Any]:
    newest = max((one.changed_at for one in rows), default=about.changed_at)
    return {
        "uuid": event_of(day, about),
        "info": f"Phishing list of {about.centre}, added on {day.isoformat()}",
        "date": day.isoformat(),
        "analysis": "2",
        "threat_level_id": "3",
        "published": True,
        "timestamp": str(int(newest.timestamp())),
        "publish_timestamp": str(int(newest.timestamp())),
        "Orgc": _organisation(about),
        "Tag": TAGS,
        "Attribute": [attribute(one) for one in rows],
    }


def _organisation(about: About) -> dict[str, str]:
    return {"name": about.centre, "uuid": str(uuid.uuid5(SPACE, about.home))}


def manifest(found: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Give the manifest of the feed: each event without its attributes."""
    shown = ("info", "date", "analysis", "threat_level_id", "timestamp", "Orgc", "Tag")
    return {name: {key: event[key] for key in shown} for name, event in found.items()}


def whole(items: Iterator[Item], about: About) -> Iterator[bytes]:
    """Write manifest and events in one file; `apart` gives what is fetched by who follows the feed."""
    found = events(items, about)
    yield b'{"manifest": ' + json.dumps(manifest(found)).encode() + b',\n"events": {'
    before = "\n"
    for name, event in found.items():
        yield f'{before}"{name}": {json.dumps({"Event": event})}'.encode()
        before = ",\n"
    yield b"\n}}\n"


def apart(written: bytes) -> Iterator[tuple[str, bytes]]:
    """Give the files of a feed: its manifest, and an event each."""
    read = json.loads(written)
    yield "manifest.json", json.dumps(read["manifest"]).encode()
    for name, event in read["events"].items():
        yield f"{name}.json", json.dumps(event).encode()
