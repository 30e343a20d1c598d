"""What was published for everybody, as documents of the search over advisories and knowledge."""

from collections.abc import Iterator

from django.urls import reverse

from dijkwacht.kernel.actor import ANONYMOUS
from dijkwacht.rooms.advisories.writing import reads
from dijkwacht.rooms.advisories.writing.content import Content
from dijkwacht.rooms.knowledge.searching import sources
from dijkwacht.rooms.knowledge.searching.sources import Found


def register() -> None:
    """Let advisories be found."""
    sources.register("advisories", documents)


def documents() -> Iterator[Found]:
    """Yield the newest version of each advisory of TLP:CLEAR in both languages; a withdrawn one is not found."""
    for row in reads.listed(ANONYMOUS).filter(withdrawn=False).iterator():
        content = reads.release_of(row).content
        called = _called(content)
        page = reverse("advisories:public-one", args=[row.number])
        for language in ("nl", "en"):
            courses = (course.text.in_(language) for course in content.courses)
            yield Found(
                key=row.number,
                language="en" if language == "en" else "nl",
                title=content.title.in_(language),
                summary=content.summary.in_(language),
                body="\n\n".join([content.what.in_(language), content.affected.in_(language), *courses]),
                url=page,
                published_at=row.at,
                keywords=f"{row.number} {called}",
            )


def _called(content: Content) -> str:
    """Give the vulnerabilities and products by which somebody looks for it."""
    names = [one.name for one in content.vulnerabilities]
    products = [f"{line.vendor} {line.product}" for one in content.vulnerabilities for line in one.lines]
    return " ".join(dict.fromkeys([*names, *products]))
