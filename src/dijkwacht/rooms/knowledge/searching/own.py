"""The measures as documents of the search."""

from collections.abc import Iterator

from django.urls import reverse

from dijkwacht.rooms.knowledge import frameworks, markdown
from dijkwacht.rooms.knowledge.searching import sources
from dijkwacht.rooms.knowledge.searching.sources import Found


def register() -> None:
    """Let measures be found."""
    sources.register("knowledge", documents)


def documents() -> Iterator[Found]:
    """Yield every published measure in both languages."""
    from dijkwacht.rooms.knowledge import published

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
