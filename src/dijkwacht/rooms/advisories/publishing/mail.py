"""An advisory as the text of a plain mail. Every text stands as it is: a mail of plain text has no markup."""

import textwrap
from collections.abc import Iterator
from typing import Final

from dijkwacht.rooms.advisories.publishing.pdf import words
from dijkwacht.rooms.advisories.publishing.showing import Shown, show
from dijkwacht.rooms.advisories.writing.content import Release

WIDTH: Final = 72


def subject(release: Release, language: str) -> str:
    """Give the subject: number, version, title, on one line."""
    title = " ".join(release.content.title.in_(language).split())
    return f"{release.number} [{release.version}] {title}"[:200]


def text(release: Release, language: str) -> str:
    """Give the body in Dutch or English."""
    shown, told = show(release, language), words(language)
    parts = [_heading(shown.title, "="), *_head(shown, told)]
    if shown.courses:
        listed = [f"{at}. {text}" + (f"\n   {url}" if url else "") for at, (text, url) in enumerate(shown.courses, 1)]
        parts += [_heading(told["courses"]), "\n".join(map(_wrapped, listed))]
    for name, said in (("what", shown.what), ("affected", shown.affected)):
        if said:
            parts += [_heading(told[name]), _wrapped(said)]
    for one in _problems(shown, told):
        parts.append(one)
    if shown.references:
        parts += [_heading(told["references"]), "\n".join(f"- {title}\n  {url}" for title, url in shown.references)]
    if shown.thanks:
        parts += [_heading(told["thanks"]), "\n".join(f"- {one}" for one in shown.thanks)]
    history = "\n".join(f"{version}  {at}  {said}" for version, at, said in shown.history)
    return "\n\n".join([*parts, _heading(told["history"]), history, shown.page]) + "\n"


def _head(shown: Shown, told: dict[str, str]) -> Iterator[str]:
    if shown.withdrawn:
        yield _wrapped(f"{told['withdrawn']} {shown.withdrawn}")
    longest = max(len(name) for name, _ in shown.facts)
    yield "\n".join(f"{name + ':':{longest + 1}} {value}" for name, value in shown.facts)
    yield _wrapped(shown.summary)


def _problems(shown: Shown, told: dict[str, str]) -> Iterator[str]:
    for one in shown.problems:
        lines = [_heading(f"{one.name} {one.title}".strip())]
        lines += [_wrapped(said) for said in (one.text, *one.scores, one.exploited) if said]
        lines += [
            "\n".join(f"- {vendor} {product}, {version}: {status}" for vendor, product, version, status in one.products)
        ]
        if one.more:
            lines.append(f"{told['more']} {one.more}")
        yield "\n\n".join(filter(None, lines))


def _heading(text: str, line: str = "-") -> str:
    shown = " ".join(text.split())
    return f"{shown}\n{line * min(len(shown), WIDTH)}"


def _wrapped(text: str) -> str:
    return "\n".join(
        textwrap.fill(one, WIDTH, break_long_words=False, break_on_hyphens=False) if one.strip() else ""
        for one in text.splitlines()
    )
