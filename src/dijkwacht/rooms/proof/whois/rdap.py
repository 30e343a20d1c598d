"""RDAP answers (RFC 9083) kept in a file: one JSON object, a list of them, or one on each line."""

import ipaddress
import json
from collections.abc import Iterator
from typing import Any, BinaryIO, Final

import polars as pl

from dijkwacht.rooms.proof.whois.frames import HOLDERS, NETWORKS, ROUTES, Frames
from dijkwacht.rooms.proof.whois.rpsl import span

LARGEST: Final = 1 << 26  # bytes of a file, or of one line
AT_ONCE: Final = 20_000  # objects in one piece
LOW: Final = (1 << 64) - 1
DEEPEST: Final = 4  # entities within entities
LONGEST: Final = 500  # characters of a text that is kept


def parse(stream: BinaryIO) -> Iterator[Frames]:
    """Yield the file's networks and holders, many objects at a time. Raises ValueError when it is not RDAP in JSON."""
    rows: list[tuple[dict[str, Any] | None, list[dict[str, Any]]]] = []
    for found in _objects(stream):
        rows.append(_read(found))
        if len(rows) >= AT_ONCE:
            yield _frames(rows)
            rows = []
    yield _frames(rows)


def _objects(stream: BinaryIO) -> Iterator[Any]:
    first = stream.readline(LARGEST + 1)
    try:
        yield from _unpacked(json.loads(first))
    except ValueError:  # not one object a line
        rest = stream.read(LARGEST - len(first) + 1)
        if len(first) + len(rest) > LARGEST:
            raise
        yield from _unpacked(json.loads(first + rest))
        return
    while line := stream.readline(LARGEST + 1):
        if line.strip():
            yield from _unpacked(json.loads(line))


def _unpacked(found: Any) -> list[Any]:
    if isinstance(found, list):
        return found
    for results in ("ipSearchResults", "autnumSearchResults"):  # RFC 9910
        if isinstance(found, dict) and isinstance(found.get(results), list):
            return list(found[results])
    return [found]


def _read(found: Any) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
    """Return the row of a network, or None when it is not understood, and the rows of its holders."""
    kind = found.get("objectClassName") if isinstance(found, dict) else None
    if kind == "ip network":
        spanned = _range(found.get("startAddress"), found.get("endAddress"))
        key = f"{found.get('startAddress')} - {found.get('endAddress')}"
    elif kind == "autnum":
        spanned = _numbers(found.get("startAutnum"), found.get("endAutnum"))
        key = f"AS{found.get('startAutnum')}"
    else:
        return None, []
    if spanned is None:
        return None, []
    entities = list(_entities(found.get("entities"), 0))
    registrant = next((one for one in entities if "registrant" in one[0]), None)
    abuse = [mail for roles, _, _, mails in entities if "abuse" in roles for mail in mails]
    row = {
        **dict(zip(("family", "first_hi", "first_lo", "last_hi", "last_lo"), spanned, strict=True)),
        "kind": {0: "aut-num", 4: "inetnum", 6: "inet6num"}[spanned[0]],
        "key": key[:LONGEST],
        "name": _text(found.get("name")),
        "country": _text(found.get("country")),
        "org": registrant[1] if registrant else None,
        "mails": "\n".join(abuse) or None,
    }
    holders = [
        {"kind": "organisation", "key": handle, "name": name, "mails": "\n".join(mails) or None}
        for roles, handle, name, mails in entities
        if "registrant" in roles and handle
    ]
    return row, holders


def _entities(found: Any, depth: int) -> Iterator[tuple[list[str], str, str, list[str]]]:
    """Yield (roles, handle, name, mails) of each entity, those within it too."""
    for one in found if isinstance(found, list) and depth < DEEPEST else []:
        if not isinstance(one, dict):
            continue
        roles = [role for role in one.get("roles") or [] if isinstance(role, str)]
        name, mails = "", []
        card = one.get("vcardArray")
        fields = card[1] if isinstance(card, list) and len(card) > 1 and isinstance(card[1], list) else []
        for entry in fields:
            if isinstance(entry, list) and len(entry) > 3 and isinstance(entry[3], str):  # noqa: PLR2004 - jCard
                name = entry[3][:LONGEST] if entry[0] == "fn" else name
                mails += [entry[3][:LONGEST]] if entry[0] == "email" else []
        yield roles, _text(one.get("handle")).upper(), name, mails
        yield from _entities(one.get("entities"), depth + 1)


def _range(first: Any, last: Any) -> tuple[int, int, int, int, int] | None:
    try:
        start, end = ipaddress.ip_address(first), ipaddress.ip_address(last)
    except ValueError:
        return None
    if start.version != end.version or int(start) > int(end):
        return None
    one = span(f"{start}/{start.max_prefixlen}")
    return one and (one[0], one[1], one[2], int(end) >> 64, int(end) & LOW)


def _numbers(first: Any, last: Any) -> tuple[int, int, int, int, int] | None:
    if not isinstance(first, int) or not isinstance(last, int) or not 0 <= first <= last < 2**32:
        return None
    return 0, 0, first, 0, last


def _text(value: Any) -> str:
    return value[:LONGEST] if isinstance(value, str) else ""


def _frames(rows: list[tuple[dict[str, Any] | None, list[dict[str, Any]]]]) -> Frames:
    networks = [row for row, _ in rows if row is not None]
    holders = [one for _, held in rows for one in held]
    return Frames(
        pl.from_dicts(networks, schema=NETWORKS) if networks else pl.DataFrame(schema=NETWORKS),
        pl.DataFrame(schema=ROUTES),
        pl.from_dicts(holders, schema=HOLDERS) if holders else pl.DataFrame(schema=HOLDERS),
        objects=len(rows),
        set_aside=len(rows) - len(networks),
    )
