"""A source's files from its server: the listing, then what in it changed, each with the hash that the source gives."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256, sha512
from typing import Final

from django.utils import timezone

from dijkwacht.feeds.advisories.bounds import Unreadable
from dijkwacht.feeds.advisories.catalogue import Source, Title
from dijkwacht.feeds.advisories.csaf import listing
from dijkwacht.feeds.advisories.csaf.listing import Listed
from dijkwacht.feeds.advisories.recognise import kind_of
from dijkwacht.platform.egress.way import Egress, from_settings
from dijkwacht.rooms.advisories.sourcing import models
from dijkwacht.rooms.advisories.sourcing.asking import Answer, Known, NotFetched, fetch
from dijkwacht.rooms.advisories.sourcing.reading import File
from dijkwacht.rooms.advisories.sourcing.signatures import Trust, doubt

MOST: Final = 500  # documents of one run; the next run goes on
MOST_BYTES: Final = 256 << 20
PROVIDERS: Final = 200  # of an aggregator
_HASH: Final = re.compile(rb"\b([0-9a-fA-F]{128}|[0-9a-fA-F]{64})\b")


@dataclass(frozen=True, slots=True)
class Had:
    """What we know of an address from the last time."""

    known: Known
    listed: datetime | None


@dataclass(slots=True)
class Run:
    """One asking of one source. `failed`: what could not be fetched; one document that fails stops no other."""

    source: Source
    egress: Egress
    had: dict[str, Had] = field(default_factory=dict)  # by address
    failed: list[str] = field(default_factory=list)
    trust: dict[str, Trust] = field(default_factory=dict)  # by address of a document
    fetched: list[tuple[str, Known, Listed | None]] = field(default_factory=list)  # to be noted once all came in


def files_at(url: str, egress: Egress | None = None) -> Iterator[File]:
    """Give the files at an address that a person names: a document, a listing, a provider, whatever it is.

    Raises NotFetched, Unreadable; what one of many documents lacks stands in the errors of the report.
    """
    source = Source(slug="none", kind="csaf", title=Title(nl="", en=""), publisher="", homepage="", licence="", url=url)
    run = Run(source, egress or from_settings())
    yield from _whatever(url, run, most=None)
    if run.failed:
        raise NotFetched("; ".join(run.failed[:20]))


def files_of_source(run: Run) -> Iterator[File]:
    """Give what a source has that we do not have. Raises NotFetched, Unreadable where its listing cannot be used."""
    yield from _whatever(run.source.url, run, most=MOST)


def _whatever(url: str, run: Run, *, most: int | None) -> Iterator[File]:
    """Fetch an address and go on from what stands there."""
    had = run.had.get(url)
    answer = fetch(url, run.egress, had.known if had else None)
    if not answer.fresh:
        return
    kind = "listing" if url.endswith(("changes.csv", "index.txt")) else kind_of(answer.body, url.rsplit("/", 1)[-1])
    if kind != "listing":
        run.fetched.append((url, answer.known, None))
        yield File(url, answer.body)
        return
    yield from _listed(answer, url, run, most=most)
    # Only a list of documents tells by itself that nothing is new, and only once all of it came in: a provider's page
    # stays the same while the lists behind it change, and a document that failed is to be found in its list again.
    whole = _is_leaf(answer, url) and not run.failed
    run.fetched.append((url, answer.known if whole else Known(), None))


def _listed(answer: Answer, url: str, run: Run, *, most: int | None) -> Iterator[File]:
    """Give the documents of a listing that are new or changed, at most so many and so many bytes."""
    new = [one for one in _documents(answer, url, run) if _is_new(one, run)]
    size = 0
    for number, one in enumerate(new):
        if most is not None and (number >= most or size >= MOST_BYTES):
            raise NotFetched(f"{len(new) - number:,} documents more are listed; the next run goes on with them")
        try:
            file = _document(one, run)
        except NotFetched as error:
            run.failed.append(str(error))
            continue
        size += len(file.raw)
        yield file


def _is_leaf(answer: Answer, url: str) -> bool:
    """Whether what came lists documents itself, rather than lead to lists as a provider and an aggregator do."""
    return url.endswith(("changes.csv", "index.txt")) or b'"feed"' in answer.body[:300]


def _is_new(one: Listed, run: Run) -> bool:
    had = run.had.get(one.url)
    return had is None or (one.updated is not None and had.listed != one.updated)


def _documents(answer: Answer, url: str, run: Run) -> list[Listed]:
    """Give the documents of a listing of any kind. Raises Unreadable."""
    if _is_leaf(answer, url):
        read = listing.index if url.endswith("index.txt") else listing.rolie
        found = (listing.changes if url.endswith("changes.csv") else read)(answer.body, url)
        if run.source.provider:
            vouching = listing.provider(fetch(run.source.provider, run.egress).body, run.source.provider)
            run.trust |= dict.fromkeys((one.url for one in found), Trust(vouching))
        return found
    provider = listing.provider(answer.body, url)
    found = []
    for one in provider.mirrors[:PROVIDERS]:
        found += _of_provider(one, run)
    found += _vouched(provider, run)
    return list({one.url: one for one in reversed(found)}.values())[::-1]  # a feed says more than a folder


def _of_provider(url: str, run: Run) -> list[Listed]:
    """The documents of one provider of an aggregator; one that does not answer stops no other."""
    try:
        provider = listing.provider(fetch(url, run.egress).body, url)
    except (NotFetched, Unreadable) as error:
        run.failed.append(f"{url}: {error}")
        return []
    return _vouched(provider, run)


def _vouched(provider: listing.Provider, run: Run) -> list[Listed]:
    """The documents of a provider, each with by whose keys it is to be signed."""
    ways = (*provider.feeds, *(f"{folder.rstrip('/')}/changes.csv" for folder in provider.directories))
    found = [one for way in ways for one in _tried(way, run)]
    run.trust |= dict.fromkeys((one.url for one in found), Trust(provider))
    return found


def _tried(url: str, run: Run) -> list[Listed]:
    try:
        body = fetch(url, run.egress).body
        return listing.changes(body, url) if url.endswith("changes.csv") else listing.rolie(body, url)
    except (NotFetched, Unreadable) as error:
        run.failed.append(f"{url}: {error}")
        return []


def _document(one: Listed, run: Run) -> File:
    """Fetch a document and hold it against the hash and the signature that the source gives. Raises NotFetched."""
    answer = fetch(one.url, run.egress)
    trust = run.trust.get(one.url)
    unsigned = doubt(one, answer.body, trust, run.egress) if trust else ""
    run.fetched.append((one.url, answer.known, one))
    return File(one.url, answer.body, _mismatch(one, answer.body, run), unsigned)


def _mismatch(one: Listed, body: bytes, run: Run) -> str:
    """Say which hash was expected where it is not that of the bytes; a hash that is not there is no mismatch."""
    for url in sorted(one.hashes, key=lambda name: not name.endswith(".sha512")):
        try:
            said = _HASH.search(fetch(url, run.egress, largest=1 << 16).body)
        except NotFetched:
            continue
        if said:
            expected = said[1].decode().lower()
            made = (sha512 if len(expected) == 128 else sha256)(body).hexdigest()  # noqa: PLR2004 - digits of SHA-512
            return "" if made == expected else expected
    return ""


def begin(source: Source, egress: Egress) -> Run:
    """Begin to ask a source, with what is known of its addresses: nothing is asked of the database meanwhile."""
    rows = models.Fetched.objects.filter(source=source.slug)
    return Run(source, egress, {row.url: Had(Known(row.etag, row.modified), row.listed_at) for row in rows})


def note(run: Run) -> None:
    """Remember what was fetched, once all of it came in: what did not is fetched again."""
    for url, known, listed in run.fetched:
        models.Fetched.objects.update_or_create(
            source=run.source.slug,
            url=url[:2048],
            defaults={
                "etag": known.etag,
                "modified": known.modified,
                "listed_at": listed.updated if listed else None,
                "at": timezone.now(),
            },
        )
