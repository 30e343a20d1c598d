"""A draft from what the sources say of a matter: what can be filled in, is. Pure: no Django."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from dijkwacht.rooms.advisories.facts import MatterFacts, Said, VulnerabilityFacts
from dijkwacht.rooms.advisories.statements import ProductStatement, Status
from dijkwacht.rooms.advisories.writing.content import (
    CWE,
    Content,
    Course,
    Line,
    Link,
    Scored,
    Text,
    Vulnerability,
)
from dijkwacht.rooms.advisories.writing.library import courses
from dijkwacht.rooms.advisories.writing.rules import TO_FILL_IN, is_web

MOST_LINES: Final = 2000  # of one vulnerability
MOST_LINKS: Final = 20
LONGEST: Final = 4000  # characters of a source's text


def draft(facts: MatterFacts) -> Content:
    """Give the beginning of an advisory. The words are the sources' own; a writer makes them fit.

    Where a source says nothing in a language, that language stays empty: no text is passed off as a translation.
    """
    by_name: dict[str, list[Line]] = {one.name: [] for one in facts.vulnerabilities}
    statements = [*facts.statements, *_only_listed(facts)]
    by_name |= _lines(statements)
    known = {one.name for one in facts.vulnerabilities}
    vulnerabilities = [_vulnerability(one, by_name[one.name]) for one in facts.vulnerabilities]
    vulnerabilities += [Vulnerability(name, lines=tuple(held)) for name, held in by_name.items() if name not in known]
    exploited = [one.exploited_since for one in facts.vulnerabilities if one.exploited_since]
    described = [said for one in facts.vulnerabilities for said in one.descriptions]
    return Content(
        title=_both([Said("", facts.title, "en"), *(said for one in facts.vulnerabilities for said in one.titles)]),
        what=_both(described),
        affected=_affected(statements),
        since=min(exploited, default=None),
        vulnerabilities=tuple(vulnerabilities),
        courses=tuple(_courses(facts)),
        references=tuple(Link(one.url, one.title or one.source) for one in facts.references if is_web(one.url))[
            :MOST_LINKS
        ],
    )


def _both(said: Iterable[Said]) -> Text:
    """The first text in each language."""
    found: dict[str, str] = {}
    for one in said:
        language = "nl" if one.language.lower().startswith("nl") else "en"
        if one.text.strip():
            found.setdefault(language, one.text.strip()[:LONGEST])
    return Text(**found)


def _only_listed(facts: MatterFacts) -> Iterator[ProductStatement]:
    """The products that only the list of what is exploited names: their versions are the writer's to fill in."""
    named: dict[str, list[set[str]]] = {}
    for one in facts.statements:
        named.setdefault(one.vulnerability, []).append(_words(f"{one.vendor} {one.product}"))
    for one in facts.listed:
        if not any(_words(one.product) <= known for known in named.get(one.vulnerability, ())):
            yield replace(one, version=TO_FILL_IN)


def _words(name: str) -> set[str]:
    return set(re.findall(r"\w+", name.casefold()))


def _lines(statements: Iterable[ProductStatement]) -> dict[str, list[Line]]:
    found: dict[str, dict[Line, None]] = {}
    for one in statements:
        line = Line(
            one.vendor, one.product, one.version, one.notation, one.status, one.cpe, one.purl, tuple(one.models)
        )
        held = found.setdefault(one.vulnerability, {})
        if len(held) < MOST_LINES:
            held[line] = None
    return {name: list(held) for name, held in found.items()}


def _vulnerability(one: VulnerabilityFacts, lines: list[Line]) -> Vulnerability:
    return Vulnerability(
        one.name,
        one.titles[0].text[:300] if one.titles else "",
        _both(one.descriptions),
        next((weakness for weakness in one.weaknesses if CWE.fullmatch(weakness)), ""),
        tuple(Scored(score.vector, score.version, score.base, score.source) for score in one.scores),
        tuple(lines),
        one.exploited_since,
    )


def _affected(statements: Iterable[ProductStatement]) -> Text:
    names = dict.fromkeys(
        f"{one.vendor} {one.product}".strip() for one in statements if one.status is Status.AFFECTED and one.product
    )
    if not names:
        return Text()
    shown, more = list(names)[:20], max(0, len(names) - 20)
    listed = ", ".join(shown)
    return Text(
        nl=f"Wie een van deze producten gebruikt: {listed}{f', en {more} andere' if more else ''}.",
        en=f"Whoever uses one of these products: {listed}{f', and {more} more' if more else ''}.",
    )


def _courses(facts: MatterFacts) -> list[Course]:
    """What the sources advise, each as it wrote it; else the library's, as there is a fixed version or not."""
    library = courses()
    said = [one for one in facts.remedies if one.text.strip()][:5]
    if said:
        return [
            Course(Text(**{"nl" if one.language.lower().startswith("nl") else "en": one.text.strip()[:LONGEST]}))
            for one in said
        ]
    fixed = any(one.status is Status.FIXED for one in facts.statements)
    return [library["update"], library["supplier"]] if fixed else [library["off-the-internet"], library["wait"]]
