"""The version that a text would be if it were published now."""

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.utils import timezone

from dijkwacht.rooms.advisories.publishing import standing
from dijkwacht.rooms.advisories.writing import reads, rules
from dijkwacht.rooms.advisories.writing.content import Release, Revision, Text
from dijkwacht.rooms.advisories.writing.models import Advisory, Counter, Version

FIRST: Final = Text(nl="Eerste versie", en="First version")
SECOND: Final = timedelta(seconds=1)


def next_number(year: int) -> str:
    """Say which number an advisory would get now; another that is published before it takes it."""
    last = Counter.objects.filter(year=year).values_list("last", flat=True).first() or 0
    return rules.number(settings.ADVISORY_PREFIX, year, last + 1)


def release_of(row: Advisory) -> Release:
    """Give the version that the text would be if it were published now; a first one with the next number."""
    before = Version.objects.filter(advisory_id=row.id, newest=True).first()
    content = reads.content_of(row)
    history: tuple[Revision, ...] = ()
    if before is not None:
        earlier = reads.release_of(before)
        history, content = earlier.history, earlier.content if row.withdrawing else content
    # Whole seconds, as documents say them; a next version is later than the one before.
    now = max([timezone.now().replace(microsecond=0), *(one.at + SECOND for one in history[-1:])])
    this = Revision(len(history) + 1, now, Text(nl=row.summary_nl or FIRST.nl, en=row.summary_en or FIRST.en))
    number = row.number or next_number(now.year)
    return Release(
        number,
        content,
        (*history, this),
        standing.publisher(),
        standing.base(),
        standing.page(number),
        row.withdrawing,
        "nl" if settings.CSAF_LANGUAGE == "nl" else "en",
    )
