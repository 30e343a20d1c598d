"""What the folder of a trusted provider holds for one asker: made of the documents that may reach them."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import msgspec
from django.conf import settings
from django.db.models import Count, Max, QuerySet

from dijkwacht.kernel.actor import Actor
from dijkwacht.rooms.advisories.publishing import csaf, folder, signing, standing
from dijkwacht.rooms.advisories.publishing.csaf import Csaf
from dijkwacht.rooms.advisories.publishing.folder import Entry
from dijkwacht.rooms.advisories.writing import reads
from dijkwacht.rooms.advisories.writing.models import Document

NEVER: Final = datetime(2026, 1, 1, tzinfo=UTC)  # of a folder without documents
JSON: Final = "application/json"
TEXT: Final = "text/plain; charset=utf-8"
TYPES: Final = {
    ".json": JSON,
    ".csv": "text/csv; charset=utf-8",
    ".txt": TEXT,
    ".sha256": TEXT,
    ".sha512": TEXT,
    ".asc": "application/pgp-signature",
}


@dataclass(frozen=True, slots=True)
class State:
    """How a folder stands for one asker: it changes with every document that comes or goes."""

    count: int
    latest: datetime | None

    @property
    def updated(self) -> datetime:
        return self.latest or NEVER

    @property
    def tag(self) -> str:
        return hashlib.sha256(f"{self.count} {self.updated.isoformat()}".encode()).hexdigest()[:24]


def documents(actor: Actor, version: Csaf, name: str) -> QuerySet[Document]:
    """Give the documents of a folder that may reach `actor`, the ones changed last first."""
    return reads.documents_for(actor).filter(csaf=version, tlp__in=folder.labels(version, name))


def state(rows: QuerySet[Document]) -> State:
    """Give how a folder stands."""
    found = rows.order_by().aggregate(count=Count("id"), latest=Max("at"))
    return State(found["count"], found["latest"])


def entries(rows: QuerySet[Document]) -> list[Entry]:
    """Give the entries of a folder. One query, and no document is read."""
    return [msgspec.json.decode(bytes(one), type=Entry) for one in rows.values_list("entry", flat=True)]


_kept: dict[tuple[Csaf, str, str], tuple[str, bytes]] = {}  # of open folders: place -> tag, content


def made(rows: QuerySet[Document], version: Csaf, name: str, file: str, *, keep: bool) -> tuple[State, bytes] | None:
    """Give a file of a folder that is made of its entries, or None for another name. `keep`: the same for all."""
    if file not in files(name):
        return None
    now = state(rows)
    place = (version, name, file)
    held = _kept.get(place)
    if keep and held is not None and held[0] == now.tag:
        return now, held[1]
    content = contents(entries(rows), version, name, now.updated)[file]
    if keep:
        _kept[place] = (now.tag, content)
    return now, content


def files(name: str) -> tuple[str, ...]:
    """Give the names of what is made of the entries of a folder."""
    return ("index.txt", "changes.csv", folder.feed_name(name), f"category-{name}.json")


def contents(held: list[Entry], version: Csaf, name: str, updated: datetime) -> dict[str, bytes]:
    """Give every file that is made of the entries of a folder."""
    where = f"{standing.base()}/{folder.root(version)}/{name}"
    return {
        "index.txt": folder.index_txt(held),
        "changes.csv": folder.changes_csv(held, version),
        folder.feed_name(name): folder.feed(held, version, name, where, settings.CENTRE_NAME, updated),
        f"category-{name}.json": folder.categories(held),
    }


def top(version: Csaf, wanted: list[str], updated: datetime) -> dict[str, bytes]:
    """Give the files of a CSAF version beside its folders."""
    where = f"{standing.base()}/{folder.root(version)}"
    keys = [one.fingerprint for one in signing.every()]
    about = folder.metadata(version, wanted, standing.base(), standing.publisher(), keys, updated)
    return {folder.METADATA: about, "service.json": folder.service(version, wanted, where, settings.CENTRE_NAME)}


def public_keys() -> dict[str, bytes]:
    """Give the file of each public key."""
    return {f"{one.fingerprint}.asc": one.public.encode() for one in signing.every()}


def document_files(one: Document) -> Iterator[tuple[str, bytes]]:
    """Give a document and the files beside it, each with its path in the folder."""
    yield one.path, bytes(one.body)
    for kind in folder.COMPANIONS:
        yield f"{one.path}.{kind}", companion(one, kind)


def companion(one: Document, kind: str) -> bytes:
    """Give the content of a file beside a document."""
    return folder.companion(kind, one.path, sha256=one.sha256, sha512=one.sha512, signature=one.signature)


def media_type(name: str) -> str:
    """Give the Content-Type of a file by its name."""
    return TYPES.get(name[name.rfind(".") :], "application/octet-stream")


VERSIONS: Final = {folder.root(version): version for version in csaf.VERSIONS}
