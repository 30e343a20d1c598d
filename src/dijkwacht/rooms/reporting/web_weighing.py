"""Must this be reported? The calculator, and what an organisation decided not to report."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dijkwacht.kernel.errors import Problem
from dijkwacht.platform.accounts.permissions import actor_of, allows_for
from dijkwacht.rooms.registry.models import Organisation
from dijkwacht.rooms.reporting import actions, cleaning, noticing, reads, showing, weighing
from dijkwacht.rooms.reporting.errors import NotAllowed, NotFound
from dijkwacht.rooms.reporting.forms import AskedForm, answers_to, told
from dijkwacht.rooms.reporting.web import door

PAGE = 50


def _whose(request: HttpRequest) -> tuple[Organisation | None, list[Organisation]]:
    """Return for whom it is judged, and for whom it can be. Raises NotFound for somebody else's."""
    can = reads.filable(actor_of(request))
    wanted = request.POST.get("organisation") or request.GET.get("organisation") or ""
    if not wanted:
        return (can[0] if len(can) == 1 else None), can
    found = next((one for one in can if str(one.id) == wanted), None)
    if found is None:
        raise NotFound
    return found, can


@door("reports:write")
@require_http_methods(["GET", "HEAD", "POST"])
def significant(request: HttpRequest) -> HttpResponseBase:
    """Judge an incident by the criteria; keep why it is not reported, or go on to report it."""
    whose, can = _whose(request)
    context: dict[str, Any] = {"whose": whose, "organisations": can, "reason": "", "problem": ""}
    if whose is None:
        unchosen = request.method == "POST"
        shown = {**context, "unchosen": unchosen}
        return render(request, "reporting/significant.html", shown, status=422 if unchosen else 200)
    context["may_add"] = allows_for(actor_of(request), "changes:write", whose.id)
    now = timezone.now()
    asked = weighing.asked(whose, now)
    answers = answers_to(asked, request.POST)
    form, status = AskedForm(asked, answers), 200
    if request.method == "POST":
        cleaned = cleaning.from_answers(asked, answers, now)
        form.refuse(cleaned.refused)
        status = 422 if cleaned.refused else 200
        if not cleaned.refused:
            found = weighing.verdict(whose, cleaned.facts, now)
            context["verdict"] = _shown(noticing.as_json(found))
            context["own_fired"] = [one for one in found.fired if one.confidential]
            if request.POST.get("do") == "keep":
                context["reason"] = request.POST.get("reason", "")
                try:
                    made = actions.keep_unreported(
                        actor=actor_of(request), organisation=whose.id, facts=cleaned.facts, reason=context["reason"]
                    )
                except (NotAllowed, NotFound):
                    raise
                except Problem as problem:
                    context["problem"], status = told(problem), problem.status
                else:
                    messages.success(request, _("It is kept, with the day and the criteria."))
                    return HttpResponseRedirect(reverse("reporting:unreported", args=[made.id]))
    return render(request, "reporting/significant.html", {**context, "form": form}, status=status)


def _shown(verdict: dict[str, Any]) -> dict[str, Any]:
    """Return a verdict for a page: what is missing by the questions that ask it."""
    return {**verdict, "missing": [showing.label(name) for name in verdict["missing"]]}


@door("reports:read")
@require_safe
def unreported(request: HttpRequest, unreported: UUID) -> HttpResponseBase:
    """One incident that was not reported: why, when, the verdict and the facts."""
    row = reads.access_unreported(actor_of(request), unreported)
    context = {
        "row": row,
        "verdict": _shown(row.verdict),
        "whose": reads.names_of([row.organisation_id]).get(row.organisation_id, ""),
        "facts": showing.rows(row.facts or {}),
    }
    return render(request, "reporting/unreported.html", context)


@door("incidents:read")
@require_safe
def all_unreported(request: HttpRequest) -> HttpResponseBase:
    """What organisations decided not to report, newest first; for the centre."""
    shown = Paginator(reads.all_unreported(actor_of(request)), PAGE).get_page(request.GET.get("page"))
    names = reads.names_of(row.organisation_id for row in shown)
    rows = [(row, names.get(row.organisation_id, "")) for row in shown]
    return render(request, "reporting/officer/unreported.html", {"rows": rows, "page": shown})
