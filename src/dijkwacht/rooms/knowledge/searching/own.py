"""The measures, and what they are mapped to, as documents of the search."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, time
from typing import Literal

from django.urls import reverse

from dijkwacht.rooms.knowledge import frameworks, markdown
from dijkwacht.rooms.knowledge.searching import sources
from dijkwacht.rooms.knowledge.searching.sources import Found


def register() -> None:
    """Let measures be found."""
    sources.register("knowledge", documents)


def documents() -> Iterator[Found]:
    """Yield every published measure, and the page of every framework, in both languages."""
    from dijkwacht.rooms.knowledge import published

    yield from _frameworks()
    for slug, entry in published.entries().items():
        points = " ".join(point for one in frameworks.mapped(entry.measure) for point in one.points if "." in point)
        for language in ("nl", "en"):
            text = entry.measure.text(language)
            body = "\n\n".join([text.body, *dict.fromkeys(text.steps.values())])
            yield Found(
                key=slug,
                language="en" if language == "en" else "nl",
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
        languages: tuple[Literal["nl"], Literal["en"]] = ("nl", "en")
        for language in languages:
            title, note = (one.nl, one.note_nl) if language == "nl" else (one.en, one.note_en)
            url = reverse("knowledge:framework", args=[language, code])
            words = " ".join([code, *re.findall(r"\w+", title)])  # "ISO/IEC 27001:2022" is asked for as iso 27001
            yield Found(f"framework-{code}", language, title, said[language], note, url, since, keywords=words)
