"""Revisions and lessons of the centre, for the matrix: of no organisation, so both are alike."""

from tests.accounts.people import TESTER
from tests.attacks.objects import makes
from tests.attacks.world import World

from dijkwacht.platform import tenancy
from dijkwacht.rooms.knowledge import published
from dijkwacht.rooms.knowledge.editing.models import Lesson, Revision


@makes("revision")
def a_revision(world: World, owner, mark: str):
    entry = published.entry("use-mfa")
    number = Revision.objects.count() + 1
    with tenancy.acting(TESTER):
        return Revision.objects.create(
            measure="use-mfa",
            number=number,
            base=0,
            text=entry.text,
            why=mark,
            state="proposed",
            publish_on="2026-11-26",
            written_by="somebody",
        ).id


@makes("lesson")
def a_lesson(world: World, owner, mark: str):
    with tenancy.acting(TESTER):
        return Lesson.objects.create(measure="use-mfa", text=mark, written_by="somebody").id
