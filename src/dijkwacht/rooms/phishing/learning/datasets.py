"""The data to learn from: files and URLs of the user's, each with its licence; nothing of them stays here.

A dataset is named LABEL:LICENCE:SOURCE, such as `phishing:MIT:links.csv` or `legitimate:CC0-1.0:https://…/list.json`.
Forms: .csv with the columns url and, where known, day (YYYY-MM-DD); .json of a MISP warning list; else a text with a
URL or a host in each line. Label `own` is the CSV that `phishing confirmed` gives, with its own column label.
"""

import csv
import hashlib
import io
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final, Literal

import msgspec

from dijkwacht.mails.urls import canonical, host_of, without_reporter
from dijkwacht.rooms.phishing.judging.knowledge import is_platform, is_shared, registrable

PERMITTED: Final = frozenset(
    {"CC0-1.0", "MIT", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "CC-BY-4.0", "ODC-By-1.0", "PDDL-1.0", "EUPL-1.2"}
)
LARGEST: Final = 256 << 20  # bytes of one dataset
LONGEST_URL: Final = 65_536  # characters
OWN_WEIGHT: Final = 5.0  # public feeds hold almost no Dutch phishing: what people here confirmed counts more
Kind = Literal["pages", "homepages", "platforms"]
KINDS: Final[tuple[Kind, ...]] = ("pages", "homepages", "platforms")


class UnusableDataError(ValueError):
    """A dataset cannot be used; says which, and what to do."""


class Row(msgspec.Struct, frozen=True):
    """One URL. `domain`: the registrable one, or the host of an address. `day` may be empty."""

    url: str
    domain: str
    phishing: bool
    day: str
    weight: float = 1.0

    @property
    def kind(self) -> Kind:
        """Give what kind of place it is, for the figures: a name that a platform gives out, a homepage, or a page."""
        host = host_of(self.url)
        if is_platform(host) or is_shared(host):
            return "platforms"
        return "homepages" if self.url.partition("://")[2].partition("/")[2] == "" else "pages"


class Source(msgspec.Struct, frozen=True):
    """A dataset as it was read, for the card."""

    name: str
    label: str
    licence: str
    sha256: str
    rows: int


def read(named: str) -> tuple[list[Row], Source]:
    """Read a dataset. Raises UnusableDataError."""
    label, _, rest = named.partition(":")
    licence, _, place = rest.partition(":")
    if label not in {"phishing", "legitimate", "own"} or not place:
        raise UnusableDataError(f"{named}: write LABEL:LICENCE:SOURCE, with LABEL phishing, legitimate or own")
    if licence not in PERMITTED:
        raise UnusableDataError(f"{named}: licence {licence!r} is none of {', '.join(sorted(PERMITTED))}")
    content = _content(place)
    rows = list({row.url: row for found in _texts(content, place, label) if (row := _row(*found))}.values())
    if not rows:
        raise UnusableDataError(f"{named}: holds no URL")
    shown = place if place.startswith("https://") else Path(place).name
    return rows, Source(shown, label, licence, hashlib.sha256(content).hexdigest(), len(rows))


def _content(place: str) -> bytes:
    try:
        if place.startswith("https://"):
            return _downloaded(place)
        if "://" in place:
            raise UnusableDataError(f"{place}: give a file or an https:// address")
        if (size := Path(place).stat().st_size) > LARGEST:
            raise UnusableDataError(f"{place}: {size:,} bytes, at most {LARGEST:,}")
        return Path(place).read_bytes()
    except OSError as error:
        raise UnusableDataError(f"{place}: {error.strerror or error}") from error


def _downloaded(url: str) -> bytes:
    import httpx

    found = bytearray()
    try:
        with httpx.stream("GET", url, follow_redirects=True, timeout=60) as answer:
            answer.raise_for_status()
            for piece in answer.iter_bytes():
                found += piece
                if len(found) > LARGEST:
                    raise UnusableDataError(f"{url}: more than {LARGEST:,} bytes")
    except httpx.HTTPError as error:
        raise UnusableDataError(f"{url}: {error}") from error
    return bytes(found)


def _texts(content: bytes, place: str, label: str) -> Iterator[tuple[str, str, str]]:
    """Give text, day and label of each row of a file."""
    text = content.decode("utf-8-sig", errors="replace")
    if place.endswith(".csv"):
        yield from _table(text, place, label)
        return
    for line in _warning_list(text, place) if place.endswith(".json") else text.splitlines():
        yield str(line).strip().lstrip("."), "", label


def _table(text: str, place: str, label: str) -> Iterator[tuple[str, str, str]]:
    table = csv.DictReader(io.StringIO(text))
    try:
        if "url" not in (table.fieldnames or ()):
            raise UnusableDataError(f"{place}, line 1: there is no column url")
        for row in table:
            day = (row.get("day") or "").strip()[:10]
            if day and not _is_day(day):
                raise UnusableDataError(f"{place}, line {table.line_num}: {day!r} is no day, write YYYY-MM-DD")
            if len(row["url"] or "") > LONGEST_URL:  # csv has one limit for the process, which others set
                raise UnusableDataError(f"{place}, line {table.line_num}: a URL of over {LONGEST_URL:,} characters")
            yield row["url"] or "", day, (row.get("label") or "") if label == "own" else label
    except csv.Error as error:
        raise UnusableDataError(f"{place}, line {table.line_num + 1}: no CSV: {error}") from error


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _warning_list(text: str, place: str) -> list[object]:
    try:
        lines = json.loads(text)["list"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise UnusableDataError(f"{place}: no MISP warning list: {error}") from error
    if not isinstance(lines, list):
        raise UnusableDataError(f"{place}: no MISP warning list: its list is none")
    return lines


def _row(text: str, day: str, label: str) -> Row | None:
    if not text or text.startswith("#") or "." not in text or label not in {"phishing", "legitimate"}:
        return None
    url = canonical(text if "://" in text else f"https://{text}")
    if not url:
        return None
    host = host_of(url)
    clean = without_reporter(url).partition("#")[0]
    return Row(clean, registrable(host) or host, label == "phishing", day)


def together(parts: list[tuple[list[Row], Source]]) -> list[Row]:
    """Join datasets: own confirmed rows win and count more; a URL that two call different is in none; sorted by URL."""
    own = {
        row.url: msgspec.structs.replace(row, weight=OWN_WEIGHT)
        for rows, by in parts
        if by.label == "own"
        for row in rows
    }
    rest: dict[str, Row] = {}
    fought: set[str] = set()
    for rows, source in parts:
        for row in rows if source.label != "own" else ():
            if rest.setdefault(row.url, row).phishing != row.phishing:
                fought.add(row.url)
    kept = {url: row for url, row in rest.items() if url not in fought} | own
    return [kept[url] for url in sorted(kept)]
