"""The centre's pages: the day, feeds, batches, findings, decisions, held notices, calls, figures."""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dijkwacht import feeds
from dijkwacht.kernel.actor import Actor
from dijkwacht.kernel.errors import Problem
from dijkwacht.platform.accounts.permissions import actor_of, allows, page
from dijkwacht.rooms.notification import (
    actions,
    exporting,
    feedback,
    figures,
    following,
    intake,
    listing,
    reads,
    releasing,
)
from dijkwacht.rooms.notification.errors import NotAllowed
from dijkwacht.rooms.notification.models import Notice

LONGEST_NUMBER: Final = 18  # digits that fit in the database's own numbers


@require_safe
@page("day:read")
def day(request: HttpRequest) -> HttpResponseBase:
    """The day at a glance: what waits for a person first, then what the system did by itself."""
    actor = actor_of(request)
    return render(request, "notification/officer/day.html", {"day": figures.day(actor), "may_read": _doors(actor)})


def _doors(actor: Actor) -> dict[str, bool]:
    """Which pages the rows of a page may lead to, so that nobody is shown a door that stays shut."""
    return {
        "findings": allows(actor, "findings:read"),
        "batches": allows(actor, "batches:read"),
        "hand_in": intake.may_hand_in(actor),
    }


@require_safe
@page("feeds:read")
def feeds_page(request: HttpRequest) -> HttpResponseBase:
    return render(request, "notification/officer/feeds.html", {"feeds": reads.feed_health(actor_of(request))})


@require_http_methods(["GET", "HEAD", "POST"])
@page("batches:read")
def batches(request: HttpRequest) -> HttpResponseBase:
    """The batches, and the form to hand a file in."""
    actor = actor_of(request)
    if request.method == "POST":
        if not intake.may_hand_in(actor):
            raise NotAllowed
        upload = request.FILES.get("file")
        if upload is None:
            messages.error(request, _("Choose a file first."))
            return redirect("notification:batches")
        try:
            receipt = intake.accept(
                actor=actor,
                chunks=upload.chunks(),
                filename=upload.name or "file",
                channel="web",
                feed=request.POST.get("feed", ""),
            )
        except Problem as problem:
            listing.refused(request, problem)
            return redirect("notification:batches")
        if receipt.known:
            messages.info(request, _("This very file was handed in before; here is its batch."))
        return redirect("notification:batch", batch=receipt.batch.id)
    shown = reads.batches_for(actor).order_by("-received_at")
    known = sorted(feeds.catalogue().values(), key=lambda feed: feed.slug)
    context = {"batches": listing.rows_of(request, shown), "feeds": known, "may_hand_in": intake.may_hand_in(actor)}
    context["may_read"] = _doors(actor)
    return render(request, "notification/officer/batches.html", context)


@require_safe
@page("batches:read")
def batch(request: HttpRequest, batch: UUID) -> HttpResponseBase:
    """One batch: progress, report, lines set aside."""
    actor = actor_of(request)
    found = reads.access_batch(actor, batch)
    context = {
        "batch": found,
        "running": found.state in {"received", "folded"},
        "outcomes": figures.outcomes_of_batch(actor, batch),
        "lines": listing.rows_of(request, reads.set_aside_for(actor, batch)),
        "held": Notice.objects.filter(batch_id=batch, state=Notice.State.HELD).count(),
    }
    return render(request, "notification/officer/batch.html", context)


@require_POST
@page("ingest:write")
def replay(request: HttpRequest, batch: UUID) -> HttpResponseBase:
    """Hand in the corrected lines of the form: one field a line, named line-<number>."""
    lines = {
        int(name.removeprefix("line-")): str(value)
        for name, value in request.POST.items()
        if name.removeprefix("line-").isdecimal() and value
    }
    try:
        receipts = actions.replay(actor=actor_of(request), batch=batch, lines=lines)
    except Problem as problem:
        listing.refused(request, problem)
        return redirect("notification:batch", batch=batch)
    messages.success(request, _("The corrected lines are handed in as a batch of their own."))
    return redirect("notification:batch", batch=receipts[0].batch.id)


@require_safe
@page("findings:read")
def findings(request: HttpRequest) -> HttpResponseBase:
    """Every finding, to filter and sort; the same query as a file under `findings.csv` and `findings.json`."""
    every = reads.findings_for(_at_the_centre(request))
    context = {"findings": listing.rows_of(request, listing.filtered(request, every)), **listing.choices(every)}
    return render(request, "notification/officer/findings.html", context)


@require_safe
@page("findings:read")
def findings_file(request: HttpRequest, form: str) -> StreamingHttpResponse:
    """The findings of the same query as CSV (formula-safe) or JSON Lines; the export is recorded."""
    actor = _at_the_centre(request)
    return exporting.findings(actor, listing.filtered(request, reads.findings_for(actor)), form)


@require_safe
@page("findings:read")
def finding(request: HttpRequest, finding: UUID) -> HttpResponseBase:
    """One finding with its history and the decision."""
    actor = _at_the_centre(request)
    context = {
        "finding": reads.access_finding(actor, finding),
        "history": reads.history_of(actor, finding),
        "decision": reads.why_of(actor, finding),
    }
    return render(request, "notification/officer/finding.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page("notices:release")
def held(request: HttpRequest) -> HttpResponseBase:
    """Notices the storm brake holds: let them go or cancel them, one by one or a whole batch."""
    actor = actor_of(request)
    if request.method == "POST":
        chosen = [UUID(value) for value in request.POST.getlist("notice") if listing.is_uuid(value)]
        act = releasing.release if request.POST.get("act") == "release" else releasing.cancel
        try:
            done = act(actor=actor, notices=chosen, reason=request.POST.get("reason", "")[:500])
            messages.success(request, _("%(count)s notices done.") % {"count": done})
        except Problem as problem:
            listing.refused(request, problem)
        return redirect("notification:held")
    rows = reads.notices_for(actor).filter(state=Notice.State.HELD).order_by("created_at")
    return render(request, "notification/officer/held.html", {"notices": listing.rows_of(request, rows)})


def _at_the_centre(request: HttpRequest) -> Actor:
    """The reader of a page that shows more than its rows. An organisation reads the same rows on its own pages."""
    actor = actor_of(request)
    if not actor.is_centre:
        raise NotAllowed
    return actor


def _number(value: str) -> int:
    """A row's number, or 0, which no row has."""
    return int(value) if value.isascii() and value.isdecimal() and len(value) <= LONGEST_NUMBER else 0


@require_http_methods(["GET", "HEAD", "POST"])
@page("notices:release")
def calls(request: HttpRequest) -> HttpResponseBase:
    """The calling list: critical findings nobody acknowledged, whom to call, and what came of it."""
    actor = actor_of(request)
    if request.method == "POST":
        try:
            following.record_call(
                actor=actor,
                call=_number(request.POST.get("call", "")),
                result=request.POST.get("result", "")[:2000],
                acknowledged="acknowledged" in request.POST,
            )
        except Problem as problem:
            listing.refused(request, problem)
        return redirect("notification:calls")
    return render(
        request, "notification/officer/calls.html", {"calls": listing.rows_of(request, reads.calls_for(actor))}
    )


@require_safe
@page("notices:read")
def notices(request: HttpRequest) -> HttpResponseBase:
    """Every notice: who was told, along which route, whether it arrived."""
    rows = reads.notices_for(_at_the_centre(request)).order_by("-created_at")
    if state := request.GET.get("state"):
        rows = rows.filter(state=state[:12])
    return render(
        request,
        "notification/officer/notices.html",
        {"notices": listing.rows_of(request, rows), "states": Notice.State.values},
    )


@require_safe
@page("figures:read")
def figures_page(request: HttpRequest) -> HttpResponse:
    """Coverage, speed, what got fixed; each chart with its table."""
    return render(request, "notification/officer/figures.html", {"figures": figures.all_figures(actor_of(request))})


@require_http_methods(["GET", "HEAD", "POST"])
@page("notices:release")
def answers(request: HttpRequest) -> HttpResponseBase:
    """The answers that say we were wrong: a person looks into each and writes down what was done."""
    actor = actor_of(request)
    if request.method == "POST":
        try:
            feedback.handle(
                actor=actor, feedback=_number(request.POST.get("feedback", "")), note=request.POST.get("note", "")
            )
            messages.success(request, _("Kept: this answer was looked into."))
        except Problem as problem:
            listing.refused(request, problem)
        return redirect("notification:answers")
    rows = listing.rows_of(request, feedback.waiting_for(actor))
    return render(request, "notification/officer/answers.html", {"answers": rows})
