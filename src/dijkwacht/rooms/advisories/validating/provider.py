"""Whether somebody is a CSAF trusted provider: requirements 1 to 20 of section 7.1, each with what was found.

It starts at a provider-metadata.json and looks at what that names. Of the documents it looks at a sample, the ones
changed last: their names, years, hashes, signatures and validity.
"""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from .provider_documents import documents
from .schemas import metadata_errors
from .walk import CLOSED, NAMES, OPEN, WELL_KNOWN, Look, Requirement, Walk


def check(url: str, look: Look, *, sample: int = 5) -> list[Requirement]:
    """Walk the requirements of the provider whose metadata is at `url`. Never raises for what it finds."""
    walk = Walk(look, url, sample)
    found = walk.read(7, url)
    if not isinstance(found, dict):
        if found is not None:
            walk.say(7, "it is no JSON object", right=False)
        return list(walk.found.values())
    walk.metadata = found
    _metadata(walk)
    _finding(walk)
    _keys(walk)
    feeds = [one for spread in _spreads(walk) for one in _feeds(walk, spread)]
    _optional(walk)
    directories = [one for spread in _spreads(walk) for one in _directory(walk, spread)]
    documents(walk, dict.fromkeys((*feeds, *directories)))
    return list(walk.found.values())


def _metadata(walk: Walk) -> None:
    version = str(walk.metadata.get("metadata_version"))
    errors = metadata_errors(walk.metadata, version)
    for one in errors[:5]:
        walk.say(7, one, right=False)
    if not errors:
        walk.say(7, f"valid metadata of version {version}, role {walk.metadata.get('role')}", right=True)


def _finding(walk: Walk) -> None:
    """Requirements 8, 9 and 10: one of them is enough, so one that is not there is no fault by itself."""
    host = urlsplit(walk.url).netloc
    urls = {walk.url, str(walk.metadata.get("canonical_url", ""))}
    for place in (f"https://{host}/.well-known/security.txt", f"https://{host}/security.txt"):
        text = walk.look(place)
        lines = text.body.decode("utf-8", "replace").splitlines() if text.ok else []
        named = [line.partition(":")[2].strip() for line in lines if line.lower().startswith("csaf:")]
        if named:
            walk.say(8, f"{place} names {named[0]}", right=bool(urls & set(named)) and named[0].startswith("https://"))
            break
    else:
        _unused(walk, 8, f"https://{host} has no security.txt with a CSAF field")
    same = walk.look(f"https://{host}{WELL_KNOWN}")
    if same.ok and not same.hops:
        walk.say(9, f"https://{host}{WELL_KNOWN} is served", right=True)
    else:
        _unused(walk, 9, f"https://{host}{WELL_KNOWN}: {same.told() if not same.hops else 'redirects'}")
    dns = walk.look(f"https://csaf.data.security.{host}")
    if dns.ok and not dns.hops and b"canonical_url" in dns.body:
        walk.say(10, f"csaf.data.security.{host} serves it", right=True)
    else:
        _unused(walk, 10, f"csaf.data.security.{host}: {dns.told()}")
    if not any(walk.found[one].state == "met" for one in (8, 9, 10)):
        for one in (8, 9, 10):
            walk.say(one, "one of 8, 9 and 10 must be met, and none is", right=False)


def _unused(walk: Walk, number: int, said: str) -> None:
    walk.found[number].found.append(said)
    if walk.found[number].state == "not-checked":
        walk.found[number].state = "not-used"


def _spreads(walk: Walk) -> Iterator[dict[str, Any]]:
    held = walk.metadata.get("distributions")
    yield from (one for one in held if isinstance(one, dict)) if isinstance(held, list) else ()


def _keys(walk: Walk) -> None:
    """Requirement 20: each public key is there, in ASCII armour, with the fingerprint that the metadata gives."""
    import pysequoia

    held = walk.metadata.get("public_openpgp_keys")
    for one in held if isinstance(held, list) else ():
        url = str(one.get("url", "")) if isinstance(one, dict) else ""
        answer = walk.get(url)
        if not answer.ok:
            walk.say(20, f"{url}: {answer.told()}", right=False)
            continue
        try:
            certificate = pysequoia.Cert.from_bytes(answer.body)
        except Exception:  # noqa: BLE001 - the library raises bare exceptions
            walk.say(20, f"{url} is no OpenPGP key", right=False)
            continue
        walk.keys.append(answer.body)
        given = str(one.get("fingerprint", "")).lower()
        armoured = b"BEGIN PGP PUBLIC KEY BLOCK" in answer.body[:100]
        same = not given or given == str(certificate.fingerprint).lower()
        said = (
            f"{url}: {certificate.fingerprint}" + ("" if same else f", not {given}") + ("" if armoured else ", binary")
        )
        walk.say(20, said, right=same and armoured)
    if not walk.keys and walk.found[20].state == "not-checked":
        walk.say(20, "the metadata names no key", right=False)


def _label_of(feed: dict[str, Any]) -> str:
    return str(feed.get("tlp_label", "")).upper()


def _closed(walk: Walk, what: str, url: str) -> None:
    """Requirement 5, for somebody without a key."""
    status = walk.get(url).status
    walk.say(5, f"{what} {url}: status {status}", right=status in {401, 403, 404})


def _feeds(walk: Walk, spread: dict[str, Any]) -> Iterator[str]:
    """Requirement 15: each feed; gives the addresses of its documents, the ones changed last first."""
    rolie = spread.get("rolie")
    feeds = rolie.get("feeds") if isinstance(rolie, dict) else None
    for one in feeds if isinstance(feeds, list) else ():
        if not isinstance(one, dict):
            continue
        url, label = str(one.get("url", "")), _label_of(one)
        if label in CLOSED:
            _closed(walk, f"feed of TLP:{label}", url)
            continue
        if label not in OPEN and walk.get(url).status in {401, 403}:
            walk.say(15, f"{url}: TLP:{label}, closed to us", right=True)
            continue
        made = walk.read(15, url)
        if made is not None:
            yield from _entries(walk, url, label, made)


def _entries(walk: Walk, url: str, label: str, made: Any) -> Iterator[str]:
    feed = made.get("feed") if isinstance(made, dict) else None
    entries = feed.get("entry") if isinstance(feed, dict) else None
    if not isinstance(feed, dict) or not isinstance(entries, list):
        walk.say(15, f"{url} is no ROLIE feed", right=False)
        return
    kinds = [one.get("term") for one in feed.get("category", ()) if isinstance(one, dict)]
    walk.say(15, f"{url}: {len(entries)} documents of TLP:{label}", right="csaf" in kinds)
    if label in OPEN:
        walk.say(4, f"{url} is open to anybody", right=True)
    known = [one for one in entries if isinstance(one, dict) and isinstance(one.get("content"), dict)]
    for one in sorted(known, key=lambda entry: str(entry.get("updated", "")), reverse=True)[: walk.sample]:
        kinds = [link.get("rel") for link in one.get("link", ()) if isinstance(link, dict)]
        if "hash" not in kinds or "signature" not in kinds:
            walk.say(15, f"the entry {one.get('id')} names no hash or no signature", right=False)
        yield str(one["content"].get("src", ""))


def _optional(walk: Walk) -> None:
    """Requirements 16 and 17: optional, but what is named must be there and be right."""
    for number, key, inside in ((16, "services", "service"), (17, "categories", "categories")):
        for spread in _spreads(walk):
            rolie = spread.get("rolie")
            held = rolie.get(key) if isinstance(rolie, dict) else None
            for url in held if isinstance(held, list) else ():
                if number == 17 and walk.get(str(url)).status in {401, 403}:  # noqa: PLR2004 - of a closed folder
                    walk.say(number, f"{url}: closed to us", right=True)
                    continue
                made = walk.read(number, str(url))
                if made is not None:
                    right = isinstance(made, dict) and isinstance(made.get(inside), dict)
                    walk.say(number, f"{url} is {'' if right else 'not '}a {NAMES[number]}", right=right)
        if walk.found[number].state == "not-checked":
            _unused(walk, number, "not used: it is optional")


def _directory(walk: Walk, spread: dict[str, Any]) -> Iterator[str]:
    """Requirements 11 to 14; gives the addresses of the documents changed last."""
    held = spread.get("directory")
    label = _label_of(held) if isinstance(held, dict) else ""
    url = str(held.get("url", "")) if isinstance(held, dict) else str(spread.get("directory_url") or "")
    if not url:
        return
    url = url if url.endswith("/") else f"{url}/"
    changes, index = walk.get(f"{url}changes.csv"), walk.get(f"{url}index.txt")
    if changes.status in {401, 403} and label not in OPEN:
        walk.say(5 if label in CLOSED else 13, f"{url}: closed to us", right=True)
        return
    names = set(index.body.decode("utf-8", "replace").split()) if index.ok else set()
    walk.say(12, f"{url}index.txt: {f'{len(names)} names' if index.ok else index.told()}", right=index.ok)
    rows = _rows(changes.body) if changes.ok else []
    moments = [moment for _, moment in rows]
    sorted_ = changes.ok and moments == sorted(moments, reverse=True) and len(rows) == len(set(rows))
    same = {name for name, _ in rows} == names
    told = changes.told() if not changes.ok else f"{len(rows)} rows" + ("" if same else ", not those of index.txt")
    walk.say(13, f"{url}changes.csv: {told}", right=sorted_ and same)
    listing = walk.get(url)
    listed = listing.ok and "html" in listing.headers.get("content-type", "")
    walk.say(14, f"{url}: {'a listing' if listed else listing.told()}", right=listed)
    yield from (urljoin(url, name) for name, _ in rows[: walk.sample])


def _rows(body: bytes) -> list[tuple[str, datetime]]:
    found = []
    for row in csv.reader(io.StringIO(body.decode("utf-8", "replace"))):
        try:
            found.append((row[0], datetime.fromisoformat(row[1]).astimezone(UTC)))
        except (IndexError, ValueError):
            return []
    return found


__all__ = ["NAMES", "Requirement", "check"]
