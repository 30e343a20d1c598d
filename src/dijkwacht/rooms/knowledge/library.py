"""The files of this room, read: measures, principles, frameworks, sources, scans, what happens. No Django."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from dijkwacht.rooms.knowledge.errors import InvalidKnowledge
from dijkwacht.rooms.knowledge.texts import Measure, Unusable, parse

HERE: Final = Path(__file__).parent
MEASURES: Final = HERE / "measures"
SCANS: Final = HERE / "scans"


@dataclass(frozen=True, slots=True)
class Principle:
    """One of the five. `slug`: in addresses."""

    number: int
    slug: str
    nl: str
    en: str
    text_nl: str
    text_en: str


@dataclass(frozen=True, slots=True)
class Statement:
    """One line of a scan, and the measures that a "no" leads to."""

    code: str
    nl: str
    en: str
    measures: tuple[str, ...]
    group: str = ""


@dataclass(frozen=True, slots=True)
class Instrument:
    """A self-scan. `groups`: code, Dutch, English, in their order; empty where there are none."""

    slug: str
    version: int
    order: int
    nl: str
    en: str
    text_nl: str
    text_en: str
    groups: tuple[tuple[str, str, str], ...]
    statements: tuple[Statement, ...]


def files(*folders: Path, ending: str = "md") -> dict[str, Path]:
    """Return the files of folders by name without ending; a later folder replaces."""
    return {path.stem: path for folder in folders for path in sorted(folder.glob(f"[!.]*.{ending}"))}


def texts(*folders: Path) -> dict[str, str]:
    """Return the text of every measure file by slug. Raises InvalidKnowledge."""
    return {slug: _text(path, path.stat().st_mtime_ns) for slug, path in files(*folders).items()}


@lru_cache(maxsize=512)
def _text(path: Path, _stamp: int) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise InvalidKnowledge(file=path.name, fault="not UTF-8") from error


def measure(slug: str, text: str) -> Measure:
    """Read one. Raises InvalidKnowledge."""
    try:
        return parse(slug, text)
    except Unusable as error:
        raise InvalidKnowledge(file=f"{slug}.md:{error.line}", fault=error.fault) from error


def ordered(found: list[Measure]) -> list[Measure]:
    """Put measures in the order of the principles."""
    return sorted(found, key=lambda one: (one.principle, one.order, one.slug))


def toml(path: Path) -> dict[str, Any]:
    """Read a TOML file. Raises InvalidKnowledge."""
    return _toml(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _toml(path: Path, _stamp: int) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise InvalidKnowledge(file=path.name, fault=str(error)) from error


def principles() -> tuple[Principle, ...]:
    """Return the five, in order."""
    return tuple(Principle(**row) for row in toml(HERE / "principles.toml")["principle"])


def sources() -> list[dict[str, str]]:
    """Return whose work we lean on, with licences."""
    return list(toml(HERE / "sources.toml")["source"])


def happens() -> dict[str, tuple[str, ...]]:
    """Return by RSIT "class/type" the measures that would have prevented it."""
    return {kind: tuple(slugs) for kind, slugs in toml(HERE / "happens.toml").items()}


def instruments(*overlays: Path) -> dict[str, Instrument]:
    """Return the self-scans by slug, in their order. Raises InvalidKnowledge."""
    found = [instrument(slug, toml(path)) for slug, path in files(SCANS, *overlays, ending="toml").items()]
    return {one.slug: one for one in sorted(found, key=lambda one: (one.order, one.slug))}


def instrument(slug: str, row: dict[str, Any]) -> Instrument:
    """Make a self-scan of what its file holds. Raises InvalidKnowledge, naming the field."""
    try:
        statements = tuple(
            Statement(one["code"], one["nl"], one["en"], tuple(one["measures"]), one.get("group", ""))
            for one in row["statement"]
        )
        groups = tuple((one["code"], one["nl"], one["en"]) for one in row.get("group", ()))
        texts = {name: str(row[name]) for name in ("nl", "en", "text_nl", "text_en")}
        return Instrument(slug, int(row["version"]), int(row["order"]), **texts, groups=groups, statements=statements)
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidKnowledge(file=f"{slug}.toml", fault=f"{error!s}") from error
