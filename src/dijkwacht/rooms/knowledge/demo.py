"""What the demo begins with: two organisations that filled a self-scan in, a plan, a revision that waits, a lesson."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform import tenancy
from dijkwacht.rooms.knowledge import published
from dijkwacht.rooms.knowledge.editing import actions as editing
from dijkwacht.rooms.knowledge.editing.actions import Edit
from dijkwacht.rooms.knowledge.editing.models import Revision
from dijkwacht.rooms.knowledge.figures import actions as figures
from dijkwacht.rooms.knowledge.planning import actions as planning
from dijkwacht.rooms.knowledge.planning.actions import Decided
from dijkwacht.rooms.knowledge.planning.models import Scan
from dijkwacht.rooms.knowledge.searching import actions as searching

WEAK: Final = {"q07": "partly", "q11": "no", "q12": "unknown", "q16": "no", "q19": "partly", "q23": "no", "q25": "no"}
WEAKER: Final = {**WEAK, "q01": "no", "q09": "no", "q19": "no", "q22": "partly", "q24": "no"}
LESSON: Final = (
    "Bij een oefening belde iemand de helpdesk en kreeg een nieuwe tweede factor zonder controle van wie hij was. "
    "De stap over het vervangen van een verloren factor mag sterker."
)


def load(*, actor: Actor, people: dict[UUID, Actor]) -> int:
    """Fill it once. `people`: somebody who acts for each of the organisations. Returns how many scans were made."""
    with tenancy.acting(actor):
        searching.keep_all_up(actor=actor)
        if Scan.objects.exists() or Revision.objects.exists():
            return 0
        figures.make_month(actor=actor)
        _desk(actor)
    made = 0
    for number, (organisation, person) in enumerate(people.items()):
        with tenancy.acting(person):
            made += _organisation(person, organisation, small=bool(number))
    return made


def _organisation(person: Actor, organisation: UUID, *, small: bool) -> int:
    codes = [one.code for one in published.instrument("quick").statements]
    size = "micro" if small else "large"
    for days, answers in ((180, WEAKER), (2, WEAK)):
        given = {code: answers.get(code, "yes") for code in codes}
        scan = planning.take_scan(actor=person, organisation=organisation, instrument="quick", size=size, answers=given)
        Scan.objects.filter(id=scan.id).update(taken_at=timezone.now() - timedelta(days=days))
    due = timezone.localdate() + timedelta(days=21)
    plan: dict[str, Any] = {
        "use-mfa": Decided("doing", "Beheer", due, "Eerst de mail en het beheer, dan de rest."),
        "make-backups": Decided("done", "Beheer"),
    }
    for measure, what in plan.items():
        planning.decide(actor=person, organisation=organisation, measure=measure, version=0, what=what)
    return 2


def _desk(actor: Actor) -> None:
    editing.note_lesson(actor=actor, measure="use-mfa", text=LESSON, source="Oefening")
    entry = published.entry("make-reporting-easy")
    old = "Bedank wie meldt, ook als het niets was."
    text = entry.text.replace(old, f"{old} Doe dat dezelfde dag.")
    edit = Edit(text, "Snel bedanken blijkt te helpen", 0, timezone.localdate() + timedelta(days=7))
    row = editing.write(actor=actor, measure="make-reporting-easy", edit=edit)
    editing.propose(actor=actor, revision=row.id)
