"""How a provider lists its documents: provider-metadata.json, ROLIE, changes.csv, index.txt, aggregator.json.

Source: CSAF 2.0, section 7 (requirements 7 to 23), RFC 8322. Addresses are only what is listed: whoever fetches them
judges each again, and every document must pass the check whatever listed it.
"""

import csv
import io
from datetime import datetime
from typing import Any, Final
from urllib.parse import urljoin

import msgspec

from dijkwacht.feeds.advisories.bounds import Unreadable, listed, moment, one_line, read_json, table, web_address

MOST: Final = 200_000  # documents of one listing
LARGEST: Final = 64 << 20
MOST_KEYS: Final = 20


class Listed(msgspec.Struct, frozen=True):
    """One document of a listing. `hashes`, `signature`: addresses, where the listing names them or the standard does.

    `promised`: the listing itself says that the signature is there.
    """

    url: str
    updated: datetime | None = None
    hashes: tuple[str, ...] = ()
    signature: str = ""
    promised: bool = False


class Provider(msgspec.Struct, frozen=True):
    """Where a provider keeps its documents. `mirrors`: of an aggregator, the metadata of the providers it lists.

    `role`: such as csaf_trusted_provider; `keys`: address and fingerprint ("" for none) of each OpenPGP key.
    """

    publisher: str = ""
    namespace: str = ""
    feeds: tuple[str, ...] = ()  # ROLIE
    directories: tuple[str, ...] = ()
    mirrors: tuple[str, ...] = ()
    role: str = ""
    keys: tuple[tuple[str, str], ...] = ()


def provider(raw: bytes, base: str) -> Provider:
    """Read provider-metadata.json or aggregator.json. `base`: its own address. Raises Unreadable."""
    whole = table(read_json(raw, 8 << 20))
    if "csaf_providers" in whole or "csaf_publishers" in whole:
        return _aggregator(whole, base)
    if "canonical_url" not in whole or "publisher" not in whole:
        raise Unreadable("it is no provider-metadata.json: canonical_url or publisher is missing; give that address")
    who, ways = table(whole.get("publisher")), [table(one) for one in listed(whole.get("distributions"))]
    feeds = [one.get("url") for way in ways for one in map(table, listed(table(way.get("rolie")).get("feeds")))]
    folders = [way.get("directory_url") or table(way.get("directory")).get("url") for way in ways]
    return Provider(
        one_line(who.get("name"), 200),
        one_line(who.get("namespace"), 200),
        _addresses(feeds, base),
        _addresses(folders, base),
        role=one_line(whole.get("role"), 40),
        keys=_keys(whole, base),
    )


def _keys(whole: dict[str, Any], base: str) -> tuple[tuple[str, str], ...]:
    """The OpenPGP keys that a provider publishes (CSAF 2.0 requirement 20), at most so many."""
    found = []
    for one in map(table, listed(whole.get("public_openpgp_keys"))[:MOST_KEYS]):
        fingerprint = one_line(one.get("fingerprint"), 64).lower()
        found += [(url, fingerprint) for url in _addresses([one.get("url")], base)]
    return tuple(dict.fromkeys(found))


def _aggregator(whole: dict[str, Any], base: str) -> Provider:
    entries = [table(one) for which in ("csaf_providers", "csaf_publishers") for one in listed(whole.get(which))]
    # Our copy at the aggregator is preferred: it is what the aggregator vouches for.
    found = [next(iter(listed(one.get("mirrors"))), None) or table(one.get("metadata")).get("url") for one in entries]
    return Provider(one_line(table(whole.get("aggregator")).get("name"), 200), mirrors=_addresses(found, base))


def _addresses(values: list[Any], base: str) -> tuple[str, ...]:
    joined = [web_address(urljoin(base, one)) for one in values if isinstance(one, str)]
    return tuple(dict.fromkeys(one for one in joined if one))


def rolie(raw: bytes, base: str) -> list[Listed]:
    """Read a ROLIE feed as JSON. Raises Unreadable."""
    whole = table(table(read_json(raw, LARGEST)).get("feed"))
    if not whole:
        raise Unreadable('it is no ROLIE feed: "feed" is missing; give the address of the feed document')
    return list(filter(None, (_entry(table(one), base) for one in listed(whole.get("entry"))[:MOST])))


def _entry(entry: dict[str, Any], base: str) -> Listed | None:
    links = [table(one) for one in listed(entry.get("link"))]
    own = table(entry.get("content")).get("src") or next((x.get("href") for x in links if x.get("rel") == "self"), None)
    urls = _addresses([own], base)
    hashes, signed = (
        _addresses([one.get("href") for one in links if one.get("rel") == rel], base) for rel in ("hash", "signature")
    )
    if not urls:
        return None
    signature = signed[0] if signed else f"{urls[0]}.asc"
    return Listed(urls[0], moment(entry.get("updated")), hashes, signature, bool(signed))


def changes(raw: bytes, base: str) -> list[Listed]:
    """Read changes.csv: a path below the folder and a moment a line, newest first. Raises Unreadable with the line."""
    found = []
    for number, row in enumerate(csv.reader(io.StringIO(_text(raw))), 1):
        if not row or number > MOST:
            continue
        at = moment(row[1].strip()) if len(row) > 1 else None
        url = _below(row[0], base)
        if not url or at is None:
            raise Unreadable(f"line {number} of changes.csv is no path and moment: {row[0][:80]!r}; tell the provider")
        found.append(_beside(url, at))
    return found


def index(raw: bytes, base: str) -> list[Listed]:
    """Read index.txt: a path below the folder a line. Raises Unreadable."""
    lines = [one.strip() for one in _text(raw).splitlines() if one.strip()][:MOST]
    urls = [_below(one, base) for one in lines]
    if not all(urls):
        raise Unreadable(f"index.txt names what is not below its folder: {lines[urls.index('')][:80]!r}")
    return [_beside(url, None) for url in urls]


def _beside(url: str, at: datetime | None) -> Listed:
    """A document of a folder: hashes and signature stand beside it (requirements 18 and 19)."""
    return Listed(url, at, (f"{url}.sha512", f"{url}.sha256"), f"{url}.asc")


def _below(path: str, base: str) -> str:
    """Give the address of a path below a folder; nothing for one that leads elsewhere."""
    folder = base if base.endswith("/") else base.rsplit("/", 1)[0] + "/"
    url = web_address(urljoin(folder, path.strip()))
    return url if url.startswith(folder) and ".json" in url else ""


def _text(raw: bytes) -> str:
    if len(raw) > LARGEST:
        raise Unreadable(f"it has more than {LARGEST:,} bytes")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(f"it is not UTF-8 at byte {error.start}") from error
