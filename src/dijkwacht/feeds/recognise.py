"""Which feed and type of report a file is, from its name and header."""

import re
from collections.abc import Sequence

from dijkwacht.feeds.catalogue import catalogue
from dijkwacht.feeds.model import Feed, Recognised, Text, Unknown

# YYYY-MM-DD-<type>-<country or organisation>.csv; the type has no hyphen. Sometimes a network or name follows.
SHADOWSERVER_NAME = re.compile(r"(\d{4}-\d{2}-\d{2})-([a-z0-9_]+)(?:-[^/\\]*)?\.csv\Z", re.ASCII)
PACKED = re.compile(r"\.(gz|zip)\Z", re.IGNORECASE)


def recognise(filename: str, header: Sequence[str], *, feed: str = "") -> Recognised | Unknown:
    """The feed and report type of a file.

    `filename` may carry a folder and .gz or .zip; `header` is the names in the file's first line (empty for formats
    without one); `feed` is the slug the sender chose, which then decides.
    """
    base = PACKED.sub("", re.split(r"[/\\]", filename)[-1])
    if feed:
        chosen = catalogue().get(feed)
        return _of_feed(chosen, base, header) if chosen else _unknown_feed(filename)
    for candidate in catalogue().values():
        if candidate.format == "shadowserver":
            matches = bool(SHADOWSERVER_NAME.match(base)) and {"timestamp", "severity"} <= {*header}
        else:
            matches = bool(candidate.filename) and re.fullmatch(candidate.filename, base) is not None
        if matches:
            return _of_feed(candidate, base, header)
    return _unknown_feed(filename)


def _of_feed(feed: Feed, base: str, header: Sequence[str]) -> Recognised | Unknown:
    if feed.format != "shadowserver":
        return Recognised(feed, next(iter(feed.reports.values())))
    named = SHADOWSERVER_NAME.match(base)
    if named and named[2] in feed.reports:
        return Recognised(feed, feed.reports[named[2]])
    if named is None and (exact := [one for one in feed.reports.values() if one.known == tuple(header)]):
        return Recognised(feed, exact[0])
    kind = named[2] if named else ""
    return Unknown(
        base,
        "unknown-report-type",
        Text(
            nl=f"{feed.title.nl} kent geen rapportsoort “{kind or base}”; het bestand is apart gezet.",
            en=f"{feed.title.en} has no report type “{kind or base}”; the file is quarantined.",
        ),
        feed,
        kind,
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
