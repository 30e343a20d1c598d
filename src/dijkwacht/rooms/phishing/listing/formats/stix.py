"""The list as a STIX 2.1 bundle: an indicator for each entry, revoked when it was removed."""

import json
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from dijkwacht.rooms.phishing.listing import rules
from dijkwacht.rooms.phishing.listing.about import About
from dijkwacht.rooms.phishing.listing.items import Item

SPACE: Final = uuid.UUID("5d9b3c4e-7c1e-5d0a-9f53-2f2c1f0a7b11")
SHORTEST: Final = timedelta(milliseconds=1)  # valid_until must be later than valid_from
TLP_CLEAR: Final = "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487"  # STIX 2.1 with TLP 2.0


def moment(at: datetime) -> str:
    """Give a time as STIX writes it: UTC, milliseconds, a Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def pattern(kind: str, name: str) -> str:
    """Give the STIX pattern of an entry."""
    text = name.replace("\\", "\\\\").replace("'", "\\'")
    if kind == "url":
        return f"[url:value = '{text}']"
    if (address := rules.address(name)) is not None:
        return f"[ipv{address.version}-addr:value = '{address}']"
    liked = text.replace("_", "\\_")
    below = f" OR domain-name:value LIKE '%.{liked}'" if kind in rules.WITH_ALL_BELOW else ""
    return f"[domain-name:value = '{text}'{below}]"


def indicator(one: Item, identity: str) -> dict[str, Any]:
    """Give an entry as an indicator."""
    until = max(one.removed_at or one.lease_until, one.added_at + SHORTEST)
    return {
        "type": "indicator",
        "spec_version": "2.1",
        "id": f"indicator--{one.id}",
        "created_by_ref": identity,
        "created": moment(one.added_at),
        "modified": moment(one.changed_at),
        "name": one.name[:200],
        "description": "Canary of the centre" if one.canary else f"Phishing. Evidence: {', '.join(one.reason)}",
        "indicator_types": ["benign"] if one.canary else ["malicious-activity"],
        "pattern": pattern(one.kind, one.name),
        "pattern_type": "stix",
        "valid_from": moment(one.added_at),
        "valid_until": moment(until),
        "revoked": one.removed_at is not None,
        "labels": ["canary" if one.canary else "phishing"],
        "object_marking_refs": [TLP_CLEAR],
    }


def bundle(items: Iterator[Item], about: About) -> Iterator[bytes]:
    """Write the bundle, an object a line."""
    identity = f"identity--{uuid.uuid5(SPACE, about.home)}"
    at = moment(about.changed_at)
    whose = {
        "type": "identity",
        "spec_version": "2.1",
        "id": identity,
        "created": at,
        "modified": at,
        "name": about.centre,
        "identity_class": "organization",
    }
    name = f"bundle--{uuid.uuid5(SPACE, f'{about.home} {about.serial}')}"
    yield f'{{"type": "bundle", "id": "{name}", "objects": [\n{json.dumps(_clear())},\n{json.dumps(whose)}'.encode()
    for one in items:
        yield f",\n{json.dumps(indicator(one, identity))}".encode()
    yield b"\n]}\n"


def _clear() -> dict[str, Any]:
    """Give the marking TLP:CLEAR as the OASIS extension for TLP 2.0 has it."""
    extension = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"
    return {
        "type": "marking-definition",
        "spec_version": "2.1",
        "id": TLP_CLEAR,
        "created": "2022-10-01T00:00:00.000Z",
        "name": "TLP:CLEAR",
        "extensions": {extension: {"extension_type": "property-extension", "tlp_2_0": "clear"}},
    }
