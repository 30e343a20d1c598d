"""The small form on the page of an incident: it is over since then. For the reporter, and the officer who hears it."""

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
from dijkwacht.rooms.reporting.models import Incident
from dijkwacht.rooms.reporting.web import door


@door("reports:write")
@require_POST
def handled(request: HttpRequest, incident: UUID) -> HttpResponseBase:
    """Say since when the own incident is over."""
    return _kept(request, reads.access_own(actor_of(request), incident), "reporting:incident")


@door("incidents:handle")
@require_POST
def handled_by_word(request: HttpRequest, incident: UUID) -> HttpResponseBase:
    """Keep since when an incident is over by the word of whoever reported it."""
    return _kept(request, reads.access_incident(actor_of(request), incident), "reporting:desk-incident")


def _kept(request: HttpRequest, row: Incident, leads_to: str) -> HttpResponseBase:
    try:
        say_handled(actor=actor_of(request), incident=row.id, since=_moment(request.POST.get("since", "")))
    except (NotFound, NotAllowed):
        raise
    except Problem as problem:
        messages.error(request, told(problem))
    else:
        messages.success(request, _("It is kept, and the terms that start there run."))
    return HttpResponseRedirect(reverse(leads_to, args=[row.id]))


def _moment(text: str) -> datetime:
    value, wrong = cleaning.READ["moment"](text.strip()[:40])
    if wrong:
        raise InvalidValue(field="handled", reason_nl=wrong[0], reason_en=wrong[1])
    return datetime.fromisoformat(value)
