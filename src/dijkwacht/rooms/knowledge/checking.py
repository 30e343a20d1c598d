"""`dijkwacht knowledge check`: every file of the room and of the overlay, with file and line. No Django."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from dijkwacht.kernel import rsit
from dijkwacht.rooms.knowledge import library
from dijkwacht.rooms.knowledge.errors import InvalidKnowledge
from dijkwacht.rooms.knowledge.frameworks import frameworks
from dijkwacht.rooms.knowledge.markdown import plain
from dijkwacht.rooms.knowledge.texts import LANGUAGES, SIZES, Measure, Unusable, parse

LINK: Final = re.compile(r"\]\(([^)\s]*)[^)]*\)|!\[")
HTML: Final = re.compile(r"<[a-zA-Z/!]")
INFORMAL: Final = re.compile(r"\b(je|jij|jou|jouw|jullie)\b", re.IGNORECASE)
HARDEST: Final = 60  # Flesch-Douma: below it a text is harder than a reader of B1 likes
VOWELS: Final = re.compile(r"[aeiouyáéíóúàèìòùäëïöü]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, where. A warning does not fail the check."""

    file: str
    line: int
    text: str
    warning: bool = False

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {'warning: ' if self.warning else ''}{self.text}"


def check(today: date, *overlays: Path) -> list[Fault]:
    """Return all that is wrong. `overlays`: folders of an installation, with `measures` and `scans` below them."""
    folders = (library.MEASURES, *(one / "measures" for one in overlays))
    found: list[Fault] = []
    known: dict[str, Measure] = {}
    for slug, path in library.files(*folders).items():
        try:
            known[slug] = parse(slug, path.read_text(encoding="utf-8"))
        except UnicodeDecodeError:
            found.append(Fault(path.name, 1, "not UTF-8"))
        except Unusable as error:
            found.append(Fault(path.name, error.line, error.fault))
    for slug, measure in known.items():
        text = library.files(*folders)[slug].read_text(encoding="utf-8")
        found += of_measure(measure, text, today, known.keys())
    found += _principles(known)
    found += _happens(known)
    found += _scans(known, *(one / "scans" for one in overlays))
    return sorted(found, key=lambda one: (one.warning, one.file, one.line, one.text))


def of_measure(measure: Measure, text: str, today: date, known: Iterable[str]) -> Iterator[Fault]:
    """Yield what is wrong with one measure: dates, mappings, links, words."""
    file, lines = f"{measure.slug}.md", measure.lines
    if measure.review_by <= measure.reviewed:
        yield Fault(file, lines.get("review_by", 1), "review_by: must come after reviewed")
    if measure.review_by < today:
        yield Fault(file, lines.get("review_by", 1), f"review_by: {measure.review_by} is past; look at it again")
    if measure.reviewed > today:
        yield Fault(file, lines.get("reviewed", 1), "reviewed: lies in the future")
    yield from _mappings(measure, file)
    yield from _lines(text, file, set(known))
    yield from _steps(measure, file)
    for code in LANGUAGES:
        written = measure.text(code)
        shown = plain("\n\n".join([written.body, *dict.fromkeys(written.steps.values())]))
        if code == "nl" and (ease := reading_ease(shown)) < HARDEST:
            yield Fault(
                file, 1, f"reading ease {ease:.0f}, under {HARDEST}: shorter sentences, shorter words", warning=True
            )


def _mappings(measure: Measure, file: str) -> Iterator[Fault]:
    known = frameworks()
    for name, rows in (("map", measure.maps), ("unverified", measure.unverified)):
        line = measure.lines.get(name, 1)
        for code, points in rows.items():
            if code not in known or known[code].derived:
                yield Fault(file, line, f"{name}: no framework {code} to map to")
                continue
            for point in points:
                if point not in known[code].points:
                    yield Fault(file, line, f"{name}: {code} has no point {point}")
    if not measure.maps.get("nis2"):
        yield Fault(file, measure.lines.get("map", 1), "map: names no point of NIS2 article 21")


def _lines(text: str, file: str, known: set[str]) -> Iterator[Fault]:
    dutch, front = True, 0
    for number, line in enumerate(text.split("\n"), 1):
        front += line.rstrip() == "+++"
        dutch = dutch and line.rstrip() != "+++ en"
        if front < 2:  # noqa: PLR2004 - the front matter is TOML
            continue
        if HTML.search(line):
            yield Fault(file, number, "HTML: it would be shown as text")
        if dutch and (match := INFORMAL.search(line)):
            yield Fault(file, number, f"{match[1]}: say u")
        for match in LINK.finditer(line):
            yield from _link(match, file, number, known)


def _link(match: re.Match[str], file: str, number: int, known: set[str]) -> Iterator[Fault]:
    target = match[1]
    if target is None:
        yield Fault(file, number, "an image: pages hold none")
    elif target.startswith("measure:"):
        if target.removeprefix("measure:") not in known:
            yield Fault(file, number, f"links to a measure that is not there: {target}")
    elif not target.startswith(("https://", "mailto:", "/")) or target.startswith("//"):
        yield Fault(file, number, f"link must begin with https://, mailto:, / or measure: {target}")


def _steps(measure: Measure, file: str) -> Iterator[Fault]:
    for size in SIZES:
        nl, en = measure.nl.steps[size], measure.en.steps[size]
        if nl.count("\n- ") != en.count("\n- "):
            yield Fault(file, 1, f"the steps for {size} differ in number between Dutch and English")


def reading_ease(text: str) -> float:
    """Return the reading ease of a Dutch text (Flesch, Douma 1960): 206.84, less 77 a syllable, less 0.93 a word."""
    words = re.findall(r"[^\W\d_]+", text)
    sentences = max(1, len(re.findall(r"[.!?:](?:\s|$)", text)))
    if not words:
        return 100.0
    syllables = sum(max(1, len(VOWELS.findall(word))) for word in words)
    return 206.84 - 77 * syllables / len(words) - 0.93 * len(words) / sentences


def _principles(known: dict[str, Measure]) -> Iterator[Fault]:
    for one in library.principles():
        orders = [measure.order for measure in known.values() if measure.principle == one.number]
        if not orders:
            yield Fault("principles.toml", 1, f"principle {one.number} has no measure")
        if len(set(orders)) != len(orders):
            yield Fault("principles.toml", 1, f"two measures of principle {one.number} have the same order")


def _happens(known: dict[str, Measure]) -> Iterator[Fault]:
    lines = (library.HERE / "happens.toml").read_text(encoding="utf-8").split("\n")
    for kind, slugs in library.happens().items():
        at = next((number for number, line in enumerate(lines, 1) if line.startswith(f'"{kind}"')), 1)
        klass, _, type_ = kind.partition("/")
        if not rsit.is_known(klass, type_):
            yield Fault("happens.toml", at, f"RSIT has no {kind}")
        for slug in slugs:
            if slug not in known:
                yield Fault("happens.toml", at, f"no measure {slug}")


def _scans(known: dict[str, Measure], *overlays: Path) -> Iterator[Fault]:
    for slug, path in library.files(library.SCANS, *overlays, ending="toml").items():
        lines = path.read_text(encoding="utf-8").split("\n")
        try:
            scan = library.instrument(slug, library.toml(path))
        except InvalidKnowledge as problem:
            yield Fault(path.name, 1, str(problem.fields["fault"]))
            continue
        codes = [one.code for one in scan.statements]
        for one in scan.statements:
            at = next((number for number, line in enumerate(lines, 1) if line == f'code = "{one.code}"'), 1)
            if codes.count(one.code) > 1:
                yield Fault(path.name, at, f"{one.code} stands twice")
            for missing in [name for name in one.measures if name not in known]:
                yield Fault(path.name, at, f"no measure {missing}")
            if scan.groups and one.group not in {code for code, _, _ in scan.groups}:
                yield Fault(path.name, at, f"no group {one.group}")
