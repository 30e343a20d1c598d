"""The page on which an officer notes an acknowledgement by telephone."""

from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.accounts.permissions import actor_of
from dijkwacht.rooms.reporting import drafts, showing
from dijkwacht.rooms.reporting.models import Incident
from dijkwacht.rooms.reporting.phoning import actions, reads
from dijkwacht.rooms.reporting.phoning.models import Subject
from dijkwacht.rooms.reporting.submitted import submitted
from dijkwacht.rooms.reporting.web import door

SUBJECTS: Final = {
    Subject.HANDOVER: gettext_lazy("handover"),
    Subject.DISCLOSURE: gettext_lazy("version that was shared"),
    Subject.MESSAGE: gettext_lazy("message to the reporter"),
    Subject.ALARM: gettext_lazy("alarm of whoever is on duty"),
}
NAMES: Final = ("name", "phone", "spoken_at")


@door("incidents:handle")
@require_http_methods(["GET", "HEAD", "POST"])
def phoned(request: HttpRequest, incident: UUID) -> HttpResponseBase:
    """What nobody acknowledged yet, to note who did so by telephone; and what was noted."""
    actor, given = actor_of(request), request.POST
    row = reads.access_noted(actor, incident)

    def change() -> str:
        values = {name: given.get(name, "") for name in NAMES}
        actions.note_by_phone(actor=actor, incident=row.id, subject=given.get("subject", ""), values=values)
        return reverse("reporting:desk-incident", args=[row.id])

    onward, problem, status = submitted(request, change, _("It is noted, and counts as acknowledged."))
    if onward:
        return onward
    context = {
        "row": row,
        "waiting": [(one, _title(one)) for one in reads.waiting(row)],
        "given": given or {"spoken_at": drafts.as_typed(timezone.now())},
        "notes": notes(actor, row),
        "problem": problem,
    }
    return render(request, "reporting/phoning/phoned.html", context, status=status)


def _title(one: reads.Waiting) -> str:
    return ", ".join(part for part in (str(SUBJECTS[one.subject]), one.whose, showing.moment(one.at)) if part)


def notes(actor: Actor, row: Incident) -> list[tuple[Any, Any]]:
    """Return what was noted of an incident, with what each is of, for the page."""
    return [(one, SUBJECTS[Subject(one.subject)]) for one in reads.notes_of(actor, row)]
