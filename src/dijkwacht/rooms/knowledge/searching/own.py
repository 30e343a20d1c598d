"""The measures, the self-scans, and what measures are mapped to, as documents of the search."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time
from typing import Final, Literal

from django.urls import reverse

from dijkwacht.rooms.knowledge import frameworks, markdown
from dijkwacht.rooms.knowledge.library import Instrument
from dijkwacht.rooms.knowledge.searching import sources
from dijkwacht.rooms.knowledge.searching.sources import Found

LANGUAGES: Final[tuple[Literal["nl", "en"], ...]] = ("nl", "en")
SINCE: Final = datetime(2026, 1, 1, tzinfo=UTC)  # the file of a self-scan names no day


def register() -> None:
    """Let measures be found."""
    sources.register("knowledge", documents)


def documents() -> Iterator[Found]:
    """Yield every published measure, every self-scan, and the page of every framework, in both languages."""
    from dijkwacht.rooms.knowledge import published

    yield from _frameworks()
    yield from _scans(published.instruments().values())
    for slug, entry in published.entries().items():
        points = " ".join(point for one in frameworks.mapped(entry.measure) for point in one.points if "." in point)
        for language in LANGUAGES:
            text = entry.measure.text(language)
            body = "\n\n".join([text.body, *dict.fromkeys(text.steps.values())])
            yield Found(
                key=slug,
                language=language,
                title=text.title,
                summary=text.summary,
                body=markdown.plain(body),
                url=reverse("knowledge:measure", args=[language, slug]),
                published_at=entry.changed,
                keywords=f"{' '.join(entry.measure.keywords)} {points}",
            )


def _frameworks() -> Iterator[Found]:
    """Whoever types the name of a law or standard finds the page that says which measures help with it."""
    said = {
        "nl": "Welke maatregelen waarbij helpen, per onderdeel.",
        "en": "Which measures help with what, point by point.",
    }
    for code, one in frameworks.frameworks().items():
        since = datetime.combine(one.checked_on, time(), UTC)
        for language in LANGUAGES:
            title, note = (one.nl, one.note_nl) if language == "nl" else (one.en, one.note_en)
            url = reverse("knowledge:framework", args=[language, code])
            # "ISO/IEC 27001:2022" is asked for as iso 27001
            words = " ".join([code, *one.called, *re.findall(r"\w+", title)])
            yield Found(f"framework-{code}", language, title, said[language], note, url, since, keywords=words)


def _scans(instruments: Iterable[Instrument]) -> Iterator[Found]:
    for one in instruments:
        for language in LANGUAGES:
            title, summary = (one.nl, one.text_nl) if language == "nl" else (one.en, one.text_en)
            body = "\n".join(each.nl if language == "nl" else each.en for each in one.statements)
            url = reverse("knowledge:scan", args=[language, one.slug])
            yield Found(f"scan-{one.slug}", language, title, summary, body, url, SINCE, keywords="zelfscan self-scan")
