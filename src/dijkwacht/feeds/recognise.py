"""Which feed and type of report a file is, from its name and header."""

import re
from collections.abc import Sequence

from dijkwacht.feeds.catalogue import catalogue
from dijkwacht.feeds.model import Feed, Recognised, Text, Unknown
from dijkwacht.feeds.sniffing import list_feed

# YYYY-MM-DD-<type>-<country or organisation>.csv; the type has no hyphen. Sometimes a network or name follows.
SHADOWSERVER_NAME = re.compile(r"(\d{4}-\d{2}-\d{2})-([a-z0-9_]+)(?:-[^/\\]*)?\.csv\Z", re.ASCII)
PACKED = re.compile(r"\.(gz|zip)\Z", re.IGNORECASE)


def recognise(filename: str, header: Sequence[str], *, feed: str = "", start: bytes = b"") -> Recognised | Unknown:
    """The feed and report type of a file.

    `filename` may carry a folder and .gz or .zip; `header` is the names in the file's first line (empty for formats
    without one); `feed` is the slug the sender chose, which then decides; `start` is the file's first bytes, by which
    a plain list is known that no name tells of.
    """
    base = PACKED.sub("", re.split(r"[/\\]", filename)[-1])
    if feed:
        chosen = catalogue().get(feed)
        return _of_feed(chosen, base, header) if chosen else _unknown_feed(filename)
    for candidate in catalogue().values():
        if candidate.format == "shadowserver":
            named = _named_type(candidate, base)
            matches = named in candidate.reports or bool(named and {"timestamp", "severity"} <= {*header})
        else:
            matches = bool(candidate.filename) and re.fullmatch(candidate.filename, base) is not None
        if matches:
            return _of_feed(candidate, base, header)
    return _by_contents(filename, base, header, start)


def _by_contents(filename: str, base: str, header: Sequence[str], start: bytes) -> Recognised | Unknown:
    """A file whose name says nothing: by the columns of one report alone, or as a plain list."""
    for candidate in catalogue().values():
        if candidate.format == "shadowserver" and isinstance(found := _of_feed(candidate, base, header), Recognised):
            return found
    listed = catalogue().get(list_feed(start))
    return _of_feed(listed, base, header) if listed else _unknown_feed(filename)


def _named_type(feed: Feed, base: str) -> str:
    """The report type that a file name names; empty when it names none."""
    if match := SHADOWSERVER_NAME.match(base):
        return match[2]
    return next((word for word in re.split(r"[^a-z0-9_]+", base) if word in feed.reports), "")


def _of_feed(feed: Feed, base: str, header: Sequence[str]) -> Recognised | Unknown:
    if feed.format != "shadowserver":
        return Recognised(feed, next(iter(feed.reports.values())))
    named = _named_type(feed, base)
    if named in feed.reports:
        return Recognised(feed, feed.reports[named])
    fitting = [] if named else [one for one in feed.reports.values() if {*one.known} == {*header}]
    if fitting and len({one.kind.slug for one in fitting}) == 1:
        return Recognised(feed, fitting[0])
    return Unknown(
        base,
        "unknown-report-type",
        Text(
            nl=f"{feed.title.nl} kent geen rapportsoort “{named or base}”; het bestand is apart gezet.",
            en=f"{feed.title.en} has no report type “{named or base}”; the file is quarantined.",
        ),
        feed,
        named,
    )


def _unknown_feed(filename: str) -> Unknown:
    return Unknown(
        filename,
        "unknown-feed",
        Text(
            nl=f"Van “{filename}” is niet te zien van welke bron het komt; kies de bron.",
            en=f"“{filename}” does not show which feed it comes from; choose the feed.",
        ),
    )
