"""A list from elsewhere, handed in as a file: much visited hosts, or names of phishing."""

import csv
import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Final, NamedTuple

from django.db import transaction
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.mails.urls import canonical, host_of
from dijkwacht.platform.accounts.permissions import allows
from dijkwacht.platform.audit.record import record
from dijkwacht.platform.database.inserting import insert
from dijkwacht.rooms.phishing.deciding.models import Known, KnownName
from dijkwacht.rooms.phishing.errors import EmptyList, LicenceMissing, ListName, NotAllowed
from dijkwacht.rooms.phishing.judging.knowledge import registrable

MOST: Final = 2_000_000  # rows of one list
AT_ONCE: Final = 10_000
SLUG: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}", re.ASCII)  # as its column is long
DIGITS: Final = 9  # of a rank: more do not fit its column


class Line(NamedTuple):
    """One line that was understood; a rank of 0 where it has none."""

    name: str
    rank: int


@transaction.atomic
def take(*, actor: Actor, slug: str, kind: str, path: Path, licence: str, source: str) -> tuple[Known, int]:
    """Put a list in the place of the one of that name; give it, and how many lines were not understood.

    `kind`: top (lines "rank,host" or "host", the most visited first) or phishing (a host or URL a line). `licence`: of
    the data, as its publisher states it. Raises NotAllowed, ListName, LicenceMissing, EmptyList.
    """
    if not allows(actor, "phishing:steer"):
        raise NotAllowed
    if not SLUG.fullmatch(slug):
        raise ListName
    if not licence.strip() or not source.strip():
        raise LicenceMissing
    content = path.read_bytes()
    found, left = _read(content.decode("utf-8", "replace"), ranked=kind == "top")
    if not found:
        raise EmptyList(file=path.name)
    Known.objects.filter(slug=slug).delete()
    known = Known.objects.create(
        slug=slug,
        kind=kind,
        licence=licence.strip()[:100],
        source=source.strip()[:300],
        digest=sha256(content).hexdigest(),
        rows=len(found),
        at=timezone.now(),
    )
    for start in range(0, len(found), AT_ONCE):
        insert([_row(known, line) for line in found[start : start + AT_ONCE]])
    detail = {"kind": kind, "rows": known.rows, "left": left, "digest": known.digest, "licence": known.licence}
    record(actor=actor, action="phishing:known:import", target=("known", slug), detail=detail)
    return known, left


def _read(text: str, *, ranked: bool) -> tuple[list[Line], int]:
    found: dict[str, int] = {}
    left = 0
    for number, fields in enumerate(_lines(text), 1):
        if len(found) >= MOST:
            left += 1
            continue
        name = _name(fields[-1])
        rank = int(fields[0]) if len(fields) > 1 and fields[0].isdecimal() and len(fields[0]) <= DIGITS else number
        if name:
            found.setdefault(name, rank if ranked else 0)
        else:
            left += 1
    return [Line(name, rank) for name, rank in found.items()], left


def _lines(text: str) -> Iterator[list[str]]:
    for line in text.splitlines():
        plain = line.strip()
        if plain and not plain.startswith(("#", "!")):
            yield _fields(plain)


def _fields(line: str) -> list[str]:
    """Give the fields of a line; nothing that is understood for one that no table holds, such as of a megabyte."""
    try:
        return next(csv.reader([line]))
    except csv.Error:
        return [""]


def _name(field: str) -> str:
    """Give a host in A-labels or a canonical URL, or "" for what is neither."""
    text = field.strip()
    url = canonical(text if "://" in text else f"http://{text}")
    host = host_of(url) if url else ""
    if "." not in host:
        return ""
    return url[:2048] if "://" in text else host


def _row(known: Known, line: Line) -> KnownName:
    host = host_of(line.name) if "://" in line.name else line.name
    return KnownName(known=known, name=line.name, domain=registrable(host), rank=line.rank)
