"""Loads every feed's folder. A table that is wrong stops the start: a feed is never half understood."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Any

import msgspec

from dijkwacht.feeds.model import Columns, Feed, Kind, Report
from dijkwacht.kernel import rsit

KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")


class FeedTableError(ValueError):
    """A feed's table is wrong; the message names the feed, the kind and the field."""


@cache
def catalogue() -> Mapping[str, Feed]:
    """Every feed by slug, read from `feeds/*/feed.toml` and the tables beside it.

    Raises FeedTableError when a table is wrong.
    """
    folders = sorted(files("dijkwacht.feeds").iterdir(), key=lambda folder: folder.name)
    feeds = [load_feed(folder) for folder in folders if folder.joinpath("feed.toml").is_file()]
    return MappingProxyType({feed.slug: feed for feed in feeds})


def load_feed(folder: Traversable) -> Feed:
    """One feed from its folder: `feed.toml`, and any further `*.toml` with kinds and known columns.

    `kinds-of` names feeds of one report each whose kinds this one gives too.

    Raises FeedTableError when a table is wrong.
    """
    try:
        table: dict[str, Any] = tomllib.loads(folder.joinpath("feed.toml").read_text(encoding="utf-8"))
        own: dict[str, Any] = {key: table.pop(key) for key in ("family", "kinds", "known") if key in table}
        parts = [own, *_beside(folder)]
        others: list[str] = table.pop("kinds-of", [])
        known = {name: columns for part in parts for name, columns in _known(part.get("known", {})).items()}
        reports = {report.name: report for part in parts for report in _reports(part, known)}
        reports |= {slug: _only_report(slug) for slug in others}
        feed = msgspec.convert(table | {"reports": {}}, Feed)
    except (msgspec.ValidationError, tomllib.TOMLDecodeError, KeyError) as error:
        raise FeedTableError(f"feed {folder.name}: {error}") from error
    _check(folder.name, feed, reports, known)
    return msgspec.structs.replace(feed, reports=MappingProxyType(reports))


def _only_report(slug: str) -> Report:
    """The one report of another feed, under the name of that feed."""
    feed = load_feed(files("dijkwacht.feeds").joinpath(slug.replace("-", "_")))
    (report,) = feed.reports.values()
    return msgspec.structs.replace(report, name=slug)


def _beside(folder: Traversable) -> Iterator[dict[str, Any]]:
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        if path.name.endswith(".toml") and path.name != "feed.toml":
            yield tomllib.loads(path.read_text(encoding="utf-8"))


def _known(table: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Columns of each report type; a word `+name` stands for the columns of that group, `-name` takes one out."""
    groups: Mapping[str, str] = table.get("groups", {})

    def expand(words: str) -> Iterator[str]:
        for word in words.split():
            if word.startswith("+"):
                yield from expand(groups[word[1:]])
            else:
                yield word

    return {
        name: tuple(dict.fromkeys(word for word in expand(words) if word[0] != "-" and f"-{word}" not in words.split()))
        for name, words in table.get("reports", {}).items()
    }


def _reports(part: Mapping[str, Any], known: Mapping[str, tuple[str, ...]]) -> Iterator[Report]:
    family: Mapping[str, Any] = part.get("family", {})
    for slug, own in part.get("kinds", {}).items():
        entry: dict[str, Any] = {**family, **own, "slug": slug}
        columns = msgspec.convert({**family.get("columns", {}), **own.get("columns", {})}, Columns)
        entry.pop("columns", None)
        names = entry.pop("reports", [slug])
        try:
            kind = msgspec.convert(entry, Kind)
        except msgspec.ValidationError as error:
            raise msgspec.ValidationError(f"kind {slug}: {error}") from error
        for name in names:
            yield Report(name=name, kind=kind, columns=columns, known=known.get(name, ()))


def _check(folder: str, feed: Feed, reports: Mapping[str, Report], known: Mapping[str, Any]) -> None:
    problems = [f"slug {feed.slug} is not the folder's name"] * (feed.slug.replace("-", "_") != folder)
    problems += [f"columns of {name}, which no kind has" for name in known.keys() - reports.keys()]
    problems += ["no kinds"] * (not reports)
    problems += [f"{name}: {problem}" for name, report in reports.items() for problem in _problems(report)]
    if problems:
        raise FeedTableError(f"feed {folder}: " + "; ".join(problems))


def _problems(report: Report) -> Iterator[str]:
    kind, columns = report.kind, report.columns
    if not KEBAB.match(kind.slug):
        yield f"{kind.slug} is not in kebab-case"
    if not rsit.is_known(kind.rsit_class, kind.rsit_type):
        yield f"RSIT has no {kind.rsit_class}/{kind.rsit_type}"
    if both := set(kind.evidence) & set(kind.secret):
        yield f"both evidence and secret: {sorted(both)}"
    if leaked := (set(kind.key) - {"account"}) & set(kind.secret):
        yield f"a secret column in the key: {sorted(leaked)}"
    if not (columns.ip or columns.hosts or columns.account):
        yield "no subject: neither an address nor a host nor an account"
    named = {*report.required, *kind.key, *kind.evidence, *kind.secret} - {"account"}
    if report.known and (strange := named - set(report.known)) & set(report.required):
        yield f"required columns it is not known to have: {sorted(strange)}"
