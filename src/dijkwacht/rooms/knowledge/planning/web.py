"""The pages of a plan: the order with its reasons, a self-scan, one line, the benchmark, the exports."""

import json
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dijkwacht.kernel.errors import Problem
from dijkwacht.platform.accounts.permissions import actor_of, page, where
from dijkwacht.platform.refusals import FORBIDDEN, NOT_FOUND, attempt, language, refusals_as_pages
from dijkwacht.rooms.knowledge import published, rules
from dijkwacht.rooms.knowledge.figures import reads as figures
from dijkwacht.rooms.knowledge.planning import actions, exports, forms, reads
from dijkwacht.rooms.registry import reads as registry

READ, WRITE = "plans:read", "plans:write"


@require_safe
@page(READ)
@refusals_as_pages
def plan(request: HttpRequest, organisation: UUID) -> HttpResponseBase:
    """The plan of an organisation in its order, with why."""
    actor = actor_of(request)
    found = reads.plan_of(actor, organisation)
    known = published.instruments()
    context = {
        "plan": found,
        "instruments": known.values(),
        "progress": _progress(reads, actor, organisation),
        "may_write": rules.may_write(actor, organisation),
        "history": reads.history_of(actor, organisation)[:20],
        "titles": {one.slug: one for one in published.measures()},
    }
    return render(request, "knowledge/plan.html", context)


def _progress(reading: Any, actor: Any, organisation: UUID) -> list[dict[str, Any]]:
    """Return every scan with how far it was, the latest first."""
    known = published.instruments()
    rows = reading.scans_of(actor, organisation)[:24]
    return [
        {"scan": row, "instrument": known[row.instrument], "done": rules.progress(row.answers)}
        for row in rows
        if row.instrument in known
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@page(WRITE)
@refusals_as_pages
def scan(request: HttpRequest, organisation: UUID, scan: str) -> HttpResponseBase:
    """Fill in a self-scan for an organisation; it begins with the answers of the last time."""
    actor = actor_of(request)
    row = reads.access_organisation(actor, organisation, write=True)
    instrument = published.instrument(scan)
    given = request.POST if request.method == "POST" else {}
    last = reads.latest(actor, organisation).get(scan)
    answers = {one.code: str(given[one.code]) for one in instrument.statements if given.get(one.code)}
    size = str(given.get("size", "")) or (last.size if last else rules.size_of(row.staff))
    fault = ""
    if request.method == "POST":
        try:
            actions.take_scan(actor=actor, organisation=organisation, instrument=scan, size=size, answers=answers)
            return redirect("knowledge:plan", organisation=organisation)
        except Problem as problem:
            if problem.status in {NOT_FOUND, FORBIDDEN}:
                raise
            fault = problem.text(language())
    elif last:
        answers = dict(last.answers)
    context = {"organisation": row, "instrument": instrument, "answers": answers, "size": size, "fault": fault}
    return render(request, "knowledge/scan_own.html", context, status=422 if fault else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@page(WRITE)
@refusals_as_pages
def item(request: HttpRequest, organisation: UUID, measure: str) -> HttpResponseBase:
    """What an organisation does about one measure; somebody else's change meanwhile is shown, not overwritten."""
    actor = actor_of(request)
    row = reads.access_organisation(actor, organisation, write=True)
    entry = published.entry(measure)
    held = reads.item_of(actor, organisation, measure)
    form = forms.ItemForm(request.POST or None, initial=forms.initial(held))
    fault, status = "", 200
    if request.method == "POST" and form.is_valid():
        try:
            actions.decide(
                actor=actor,
                organisation=organisation,
                measure=measure,
                version=form.cleaned_data["version"],
                what=form.decided(),
            )
            return redirect("knowledge:plan", organisation=organisation)
        except Problem as problem:
            if problem.status in {NOT_FOUND, FORBIDDEN}:
                raise
            fault, status = problem.text(language()), problem.status
    elif request.method == "POST":
        status = 422
    context = {
        "organisation": row,
        "measure": entry.measure,
        "form": form,
        "held": held,
        "fault": fault,
        "history": held.changes.all() if held else (),
        "steps": entry.measure.text(language()).steps[reads.plan_of(actor, organisation).size],
    }
    return render(request, "knowledge/item.html", context, status=status)


@require_safe
@page(READ)
@refusals_as_pages
def benchmark(request: HttpRequest, organisation: UUID, scan: str) -> HttpResponseBase:
    """The answers of an organisation beside those of its sector, which reveal nobody."""
    actor = actor_of(request)
    row = reads.access_organisation(actor, organisation)
    instrument = published.instrument(scan)
    found = figures.benchmark(scan, row.sectors)
    last = reads.latest(actor, organisation).get(scan)
    context = {
        "organisation": row,
        "instrument": instrument,
        "benchmark": found,
        "answers": last.answers if last else {},
    }
    return render(request, "knowledge/benchmark.html", context)


@require_safe
@page(READ)
@refusals_as_pages
def pdf(request: HttpRequest, organisation: UUID) -> HttpResponse:
    """The plan as an accessible PDF."""
    made = exports.pdf(reads.plan_of(actor_of(request), organisation), language())
    return _file(made, "application/pdf", "plan.pdf")


@require_safe
@page(READ)
@refusals_as_pages
def as_json(request: HttpRequest, organisation: UUID) -> HttpResponse:
    """The plan as JSON."""
    return _json(exports.as_json(reads.plan_of(actor_of(request), organisation)), "plan.json")


@require_safe
@page(READ)
@refusals_as_pages
def oscal(request: HttpRequest, organisation: UUID) -> HttpResponse:
    """The plan as an OSCAL plan of action and milestones."""
    made = exports.without_nothing(exports.oscal(reads.plan_of(actor_of(request), organisation)))
    return _json(made, "plan.oscal.json")


def _json(content: Any, name: str) -> HttpResponse:
    return _file(json.dumps(content, ensure_ascii=False, indent=1).encode(), "application/json", name)


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@page(WRITE)
@refusals_as_pages
def carry(request: HttpRequest) -> HttpResponseBase:
    """Carry a scan that was filled in without account into the plan of an organisation of one's own."""
    actor = actor_of(request)
    given = request.POST if request.method == "POST" else request.GET
    instrument = published.instrument(given.get("scan", ""))
    answers = {one.code: str(given[one.code]) for one in instrument.statements if given.get(one.code) in rules.ANSWERS}
    size = given.get("size", "")
    if request.method == "POST":
        chosen = _identifier(given.get("organisation", ""))
        kept = attempt(
            request,
            lambda: actions.take_scan(
                actor=actor, organisation=chosen, instrument=instrument.slug, size=size, answers=answers
            ),
            _("The self-scan is kept; this is the plan that follows from it."),
        )
        if kept:
            return redirect("knowledge:plan", organisation=chosen)
    rows = registry.organisations_for(actor).filter(id__in=where(actor, WRITE), active=True).order_by("name", "id")
    context = {"instrument": instrument, "answers": answers, "size": size, "rows": rows}
    return render(request, "knowledge/carry.html", context)


def _identifier(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404 from error
