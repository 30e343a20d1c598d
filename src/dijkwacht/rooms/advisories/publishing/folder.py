"""What stands in the folder of a trusted provider: names and contents. Pure functions; no Django.

The folder, below /.well-known/csaf, for both versions of CSAF at the same time (2.1 section 7.4, transition):

    provider-metadata.json              the same bytes as v2.0/provider-metadata.json
    openpgp/FINGERPRINT.asc
    v2.0/provider-metadata.json, service.json
    v2.0/white/  index.txt, changes.csv, feed-tlp-white.json, category-white.json, and for each document
                 2026/dw-2026-0001.json, .json.sha256, .json.sha512, .json.asc
    v2.1/clear/  the same
"""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec

from dijkwacht.rooms.advisories.publishing import csaf
from dijkwacht.rooms.advisories.publishing.csaf import SCHEMAS, Csaf, stamp
from dijkwacht.rooms.advisories.writing.content import TLPS, Publisher, Release

# The label of a document, by the name of the folder that holds it.
FOLDERS: Final[dict[Csaf, dict[str, str]]] = {
    "2.0": {"CLEAR": "white", "GREEN": "green", "AMBER": "amber", "AMBER+STRICT": "amber", "RED": "red"},
    "2.1": {tlp: tlp.lower() for tlp in TLPS},
}
INFORMATION_TYPE: Final = {"scheme": "urn:ietf:params:rolie:category:information-type", "term": "csaf"}
METADATA: Final = "provider-metadata.json"
OPEN: Final = frozenset({"CLEAR"})  # read by anybody
COMPANIONS: Final = ("sha256", "sha512", "asc")


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """A document as a feed names it."""

    id: str
    title: str
    summary: str
    path: str
    published: datetime
    updated: datetime
    terms: tuple[str, ...] = ()


def root(version: Csaf) -> str:
    """Give the folder of a CSAF version."""
    return f"v{version}"


def folders(version: Csaf) -> list[str]:
    """Give the folders of a CSAF version, each once, the open one first."""
    return list(dict.fromkeys(FOLDERS[version].values()))


def labels(version: Csaf, folder: str) -> list[str]:
    """Give the TLP labels whose documents stand in a folder."""
    return [tlp for tlp, name in FOLDERS[version].items() if name == folder]


def is_open(version: Csaf, folder: str) -> bool:
    """Tell whether anybody may read a folder."""
    return set(labels(version, folder)) <= OPEN


def entry_of(release: Release) -> Entry:
    """Give the entry of a version."""
    content, language = release.content, release.language
    lines = [line for one in content.vulnerabilities for line in one.lines]
    terms = sorted({name for line in lines for name in (line.vendor.strip(), line.product.strip()) if name})
    summary = release.history[-1].summary if release.withdrawn else content.summary
    return Entry(
        release.number,
        content.title.in_(language),
        summary.in_(language),
        csaf.path(release),
        release.initial,
        release.current,
        tuple(terms),
    )


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"


def index_txt(entries: Iterable[Entry]) -> bytes:
    """Give the names of all documents, a line each (requirement 12)."""
    return "".join(f"{one.path}\n" for one in entries).encode()


def changes_csv(entries: Iterable[Entry], version: Csaf) -> bytes:
    """Give the names with the time of their last change, the latest first; quoted in 2.0 only (requirement 13)."""
    rows = sorted(entries, key=lambda one: (-one.updated.timestamp(), one.path))
    written = io.StringIO()
    told = ([one.path, stamp(one.updated)] for one in rows)
    if version == "2.0":
        csv.writer(written, quoting=csv.QUOTE_ALL).writerows(told)
    else:
        csv.writer(written, quoting=csv.QUOTE_NONE).writerows(told)
    return written.getvalue().encode()


def feed_name(folder: str) -> str:
    """Give the name of the ROLIE feed of a folder."""
    return f"feed-tlp-{folder}.json"


def feed(entries: Sequence[Entry], version: Csaf, folder: str, where: str, centre: str, empty: datetime) -> bytes:
    """Give the ROLIE feed of a folder at the URL `where` (requirement 15, RFC 8322). `empty`: updated when it is."""
    label = folder.upper()
    made = {
        "id": f"csaf-feed-tlp-{folder}",
        "title": f"{centre}: CSAF {version}, TLP:{label}",
        "link": [
            {"rel": "self", "href": f"{where}/{feed_name(folder)}"},
            {"rel": "service", "href": f"{where.rpartition('/')[0]}/service.json"},
        ],
        "category": [INFORMATION_TYPE],
        "updated": stamp(max((one.updated for one in entries), default=empty)),
        "entry": [_entry(one, version, where) for one in entries],
    }
    return json.dumps({"feed": made}, ensure_ascii=False).encode() + b"\n"


def _entry(one: Entry, version: Csaf, where: str) -> dict[str, Any]:
    url = f"{where}/{one.path}"
    return {
        "id": one.id,
        "title": one.title,
        "link": [
            {"rel": "self", "href": url},
            {"rel": "hash", "href": f"{url}.sha256"},
            {"rel": "hash", "href": f"{url}.sha512"},
            {"rel": "signature", "href": f"{url}.asc"},
        ],
        "published": stamp(one.published),
        "updated": stamp(one.updated),
        "summary": {"content": one.summary},
        "content": {"type": "application/json", "src": url},
        "format": {"schema": SCHEMAS[version], "version": version},
    } | ({"category": [{"term": term} for term in one.terms]} if one.terms else {})


def categories(entries: Iterable[Entry]) -> bytes:
    """Give the vendors and products of a folder as a ROLIE category document (requirement 17)."""
    terms = sorted({term for one in entries for term in one.terms})
    return _json({"categories": {"category": [{"term": term} for term in terms]}})


def service(version: Csaf, wanted: Iterable[str], where: str, centre: str) -> bytes:
    """Give the ROLIE service document with the feeds of these folders (requirement 16). `where`: of the version."""
    collections = [
        {
            "title": f"{centre}: CSAF {version}, TLP:{folder.upper()}",
            "href": f"{where}/{folder}/{feed_name(folder)}",
            "categories": {"category": [INFORMATION_TYPE]},
        }
        for folder in wanted
    ]
    return _json({"service": {"workspace": [{"title": f"{centre}: CSAF", "collection": collections}]}})


def metadata(
    version: Csaf, wanted: Sequence[str], base: str, party: Publisher, keys: Sequence[str], updated: datetime
) -> bytes:
    """Give provider-metadata.json (requirement 7). `base`: URL of the folder; `keys`: fingerprints, in upper case."""
    where = f"{base}/{root(version)}"
    feeds = [
        {
            "summary": f"All advisories of {party.name} with the label TLP:{folder.upper()}.",
            "tlp_label": folder.upper(),
            "url": f"{where}/{folder}/{feed_name(folder)}",
        }
        | ({"last_updated": stamp(updated)} if version == "2.1" else {})
        for folder in wanted
    ]
    rolie: dict[str, Any] = {
        "categories": [f"{where}/{folder}/category-{folder}.json" for folder in wanted],
        "feeds": feeds,
        "services": [f"{where}/service.json"],
    }
    made: dict[str, Any] = {
        "canonical_url": f"{where}/{METADATA}",
        "distributions": [{"rolie": rolie}, *(_directory(version, folder, where) for folder in wanted)],
        "last_updated": stamp(updated),
        "list_on_CSAF_aggregators": True,
        "metadata_version": version,
        "mirror_on_CSAF_aggregators": True,
        "public_openpgp_keys": [{"fingerprint": one, "url": f"{base}/openpgp/{one}.asc"} for one in keys],
        "publisher": csaf.publisher(party, version),
        "role": "csaf_trusted_provider",
    }
    return _json(made | ({"$schema": METADATA_SCHEMA} if version == "2.1" else {}))


METADATA_SCHEMA: Final = "https://docs.oasis-open.org/csaf/csaf/v2.1/schema/provider.json"


def _directory(version: Csaf, folder: str, where: str) -> dict[str, Any]:
    if version == "2.0":
        return {"directory_url": f"{where}/{folder}/"}
    return {"directory": {"tlp_label": folder.upper(), "url": f"{where}/{folder}/"}}


def companion(kind: str, path: str, *, sha256: str, sha512: str, signature: str) -> bytes:
    """Give the content of the file beside a document: its hash with its name (requirement 18), or its signature."""
    if kind == "asc":
        return signature.encode()
    return f"{sha256 if kind == 'sha256' else sha512}  {path.rpartition('/')[2]}\n".encode()
