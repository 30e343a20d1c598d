"""The small form on the page of an incident: it is over since then."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dijkwacht.kernel.errors import Problem
from dijkwacht.platform.accounts.permissions import actor_of
from dijkwacht.rooms.reporting import cleaning, reads
from dijkwacht.rooms.reporting.ending.actions import say_handled
from dijkwacht.rooms.reporting.errors import InvalidValue, NotAllowed, NotFound
from dijkwacht.rooms.reporting.forms import told
from dijkwacht.rooms.reporting.web import door


@door("reports:write")
@require_POST
def handled(request: HttpRequest, incident: UUID) -> HttpResponseBase:
    """Say since when the incident is over."""
    actor = actor_of(request)
    row = reads.access_own(actor, incident)
    try:
        say_handled(actor=actor, incident=row.id, since=_moment(request.POST.get("since", "")))
    except (NotFound, NotAllowed):
        raise
    except Problem as problem:
        messages.error(request, told(problem))
    else:
        messages.success(request, _("It is kept, and the terms that start there run."))
    return HttpResponseRedirect(reverse("reporting:incident", args=[row.id]))


def _moment(text: str) -> datetime:
    value, wrong = cleaning.READ["moment"](text.strip()[:40])
    if wrong:
        raise InvalidValue(field="handled", reason_nl=wrong[0], reason_en=wrong[1])
    return datetime.fromisoformat(value)
