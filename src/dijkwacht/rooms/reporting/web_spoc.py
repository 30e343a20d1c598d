"""The pages of the single point of contact: the quarterly summary for ENISA."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from dijkwacht.kernel.errors import Problem
from dijkwacht.law.incidents.spoc import Summary
from dijkwacht.platform.accounts.permissions import actor_of
from dijkwacht.platform.attachments import attached
from dijkwacht.rooms.registry import history
from dijkwacht.rooms.reporting import actions
from dijkwacht.rooms.reporting.errors import NotAllowed
from dijkwacht.rooms.reporting.forms import told
from dijkwacht.rooms.reporting.quarter import SEVERAL, UNKNOWN, quarterly
from dijkwacht.rooms.reporting.questions import CAUSES, TYPES
from dijkwacht.rooms.reporting.web import door

TABLES = {
    "kind": _("Kind"),
    "sector": _("Sector"),
    "incident_type": _("What it is most like"),
    "cause": _("Cause"),
    "cross_border": _("Effect in another country"),
}
WORDS = {
    "significant": _("significant incident"),
    "incident": _("other incident"),
    "near-miss": _("near miss"),
    "threat": _("threat"),
    "yes": _("yes"),
    "no": _("no"),
    SEVERAL: _("more than one sector"),
    UNKNOWN: _("not known"),
    **{name: label for name, label in (*TYPES, *CAUSES) if name and name != UNKNOWN},
}


@door("incidents:handle")
@require_safe
def quarter(request: HttpRequest) -> HttpResponseBase:
    """The summary for ENISA as the incidents stood on a day, small numbers suppressed."""
    asked = request.GET.get("as_of", "").strip()[:40] or timezone.localdate().isoformat()
    context: dict[str, Any] = {"asked": asked}
    try:
        made = quarterly(actor_of(request), history.parse(asked))
    except NotAllowed:
        raise
    except Problem as problem:
        return render(request, "reporting/officer/quarter.html", {**context, "problem": told(problem)}, status=422)
    context |= {"made": made, "summary": made.summary, "tables": _tables(made.summary)}
    return render(request, "reporting/officer/quarter.html", context)


def _tables(summary: Summary) -> list[tuple[Any, list[tuple[Any, int | None]]]]:
    return [
        (title, [(WORDS.get(key, key), number) for key, number in summary.tables[name].items()])
        for name, title in TABLES.items()
    ]


@door("incidents:handle")
@require_safe
def quarter_json(request: HttpRequest) -> HttpResponseBase:
    """The same as a file; asked again for the same moment it is the same to the byte."""
    try:
        as_of = history.parse(request.GET.get("as_of", "").strip()[:40])
        made = actions.extract_quarter(actor=actor_of(request), as_of=as_of)
    except NotAllowed:
        raise
    except Problem as problem:
        raise Http404(told(problem)) from problem
    return attached(made.content(), "application/json", f"enisa-quarterly-{as_of.stamp}.json")
