"""What the public reads: the files, and in their place the approved revisions whose day has come."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.rooms.knowledge import library
from dijkwacht.rooms.knowledge.editing.models import Revision
from dijkwacht.rooms.knowledge.errors import NotFound
from dijkwacht.rooms.knowledge.library import Instrument
from dijkwacht.rooms.knowledge.texts import Measure

READER = system("knowledge:published")


@dataclass(frozen=True, slots=True)
class Entry:
    """A measure as it is published. `number`: of its revision, 0 for the file; `owner`: who looks at it again."""

    measure: Measure
    text: str
    number: int
    changed: datetime
    owner: str


def overlay() -> Path:
    """Return the folder in which an installation keeps its own."""
    return Path(settings.HOME) / "overlay"


def entries(on: date | None = None) -> dict[str, Entry]:
    """Return every published measure by slug, in the order of the principles."""
    day = on or timezone.localdate()
    found = {}
    for slug, text in library.texts(library.MEASURES, overlay() / "measures").items():
        measure = library.measure(slug, text)
        owner = measure.owner if "@" in measure.owner else settings.KNOWLEDGE_MAIL
        found[slug] = Entry(measure, text, 0, _midnight(measure.published), owner)
    with tenancy.acting(READER):
        rows = Revision.objects.filter(state=Revision.State.APPROVED, publish_on__lte=day)
        for row in rows.order_by("number"):  # a later revision was made of this one: whatever their days, it goes on
            measure = library.measure(row.measure, row.text)
            changed = max(row.decided_at or row.written_at, _midnight(row.publish_on))
            found[row.measure] = Entry(measure, row.text, row.number, changed, row.owner or settings.KNOWLEDGE_MAIL)
    ordered = library.ordered([one.measure for one in found.values()])
    return {one.slug: found[one.slug] for one in ordered}


def entry(slug: str) -> Entry:
    """Return one. Raises NotFound."""
    found = entries().get(slug)
    if found is None:
        raise NotFound(what="measure", what_nl="maatregel")
    return found


def measures() -> list[Measure]:
    """Return every published measure, in the order of the principles."""
    return [one.measure for one in entries().values()]


def instruments() -> dict[str, Instrument]:
    """Return the self-scans."""
    return library.instruments(overlay() / "scans")


def instrument(slug: str) -> Instrument:
    """Return one. Raises NotFound."""
    found = instruments().get(slug)
    if found is None:
        raise NotFound(what="self-scan", what_nl="zelfscan")
    return found


def last_changed(found: dict[str, Entry]) -> datetime:
    """Return when anything of it changed last."""
    return max((one.changed for one in found.values()), default=datetime(2026, 1, 1, tzinfo=UTC))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
