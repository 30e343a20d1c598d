"""The only way to revisions and lessons, for the desk."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.accounts.permissions import allows
from dijkwacht.rooms.knowledge import published
from dijkwacht.rooms.knowledge.editing.models import Lesson, Revision
from dijkwacht.rooms.knowledge.errors import NotAllowed, NotFound
from dijkwacht.rooms.knowledge.published import Entry

WRITE, APPROVE = "knowledge:write", "knowledge:approve"


@dataclass(frozen=True, slots=True)
class Shelf:
    """A measure as the desk sees it: as it is published, and what is in the making."""

    entry: Entry
    waiting: int
    lessons: int
    due: bool


def require(actor: Actor, permission: str) -> None:
    """Raise NotAllowed unless the actor holds a permission."""
    if not allows(actor, permission):
        raise NotAllowed


def revisions_for(actor: Actor) -> QuerySet[Revision]:
    """Return every revision. Raises NotAllowed."""
    require(actor, WRITE)
    return Revision.objects.all()


def access_revision(actor: Actor, identifier: UUID) -> Revision:
    """Return one. Raises NotAllowed, NotFound."""
    row = revisions_for(actor).filter(id=identifier).first()
    if row is None:
        raise NotFound(what="revision", what_nl="herziening")
    return row


def lessons_for(actor: Actor) -> QuerySet[Lesson]:
    """Return every lesson. Raises NotAllowed."""
    require(actor, WRITE)
    return Lesson.objects.all()


def latest(actor: Actor, measure: str) -> Revision | None:
    """Return the newest revision of a measure, in whatever state. Raises NotAllowed."""
    return revisions_for(actor).filter(measure=measure).order_by("-number").first()


def is_known(actor: Actor, measure: str) -> bool:
    """Return whether a measure is published, or in the making. Raises NotAllowed."""
    return latest(actor, measure) is not None or measure in published.entries()


def access_measure(actor: Actor, measure: str) -> Entry | None:
    """Return a measure as it is published; None while its first text is in the making. Raises NotAllowed, NotFound."""
    found = published.entries().get(measure)
    if found is None and latest(actor, measure) is None:
        raise NotFound(what="measure", what_nl="maatregel")
    return found


def approved_after(actor: Actor, revision: Revision) -> int:
    """Return the number of the newest approved revision of its measure after this one, 0 for none. Raises NotAllowed.

    It was written upon this one, refused or forgotten as it was: to publish the older now would undo the newer.
    """
    rows = revisions_for(actor).filter(measure=revision.measure, number__gt=revision.number)
    return rows.filter(state=Revision.State.APPROVED).order_by("-number").values_list("number", flat=True).first() or 0


def shelf(actor: Actor, today: date) -> list[Shelf]:
    """Return every measure, what is due for another look first. Raises NotAllowed."""
    waiting = list(revisions_for(actor).filter(state=Revision.State.PROPOSED).values_list("measure", flat=True))
    lessons = list(lessons_for(actor).filter(state=Lesson.State.OPEN).values_list("measure", flat=True))
    rows = [
        Shelf(entry, waiting.count(slug), lessons.count(slug), entry.measure.review_by <= today)
        for slug, entry in published.entries().items()
    ]
    return sorted(rows, key=lambda row: (not row.due, row.entry.measure.review_by))
