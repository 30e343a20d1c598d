"""The desk of measures: what is due, editing with a preview, a second person, lessons."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dijkwacht.kernel.errors import Problem
from dijkwacht.platform.accounts.permissions import actor_of, page
from dijkwacht.platform.refusals import FORBIDDEN, NOT_FOUND, attempt, language, refusals_as_pages
from dijkwacht.rooms.knowledge import frameworks, published
from dijkwacht.rooms.knowledge.editing import actions, forms, reads
from dijkwacht.rooms.knowledge.editing.models import Lesson, Revision
from dijkwacht.rooms.knowledge.texts import Measure, Unusable, parse


@require_safe
@page(reads.WRITE)
@refusals_as_pages
def desk(request: HttpRequest) -> HttpResponseBase:
    """Every measure, what is due first; revisions that wait; lessons that nobody took."""
    actor = actor_of(request)
    shelf = reads.shelf(actor, timezone.localdate())
    measures = [row.entry.measure for row in shelf]
    context = {
        "shelf": shelf,
        "titles": {one.slug: one.text(language()).title for one in measures},
        "revisions": reads.revisions_for(actor).exclude(state__in=("approved", "refused")).order_by("-written_at"),
        "lessons": reads.lessons_for(actor).filter(state=Lesson.State.OPEN),
        "coming": reads.revisions_for(actor).filter(state="approved", publish_on__gt=timezone.localdate()),
    }
    return render(request, "knowledge/desk.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page(reads.WRITE)
@refusals_as_pages
def edit(request: HttpRequest, measure: str) -> HttpResponseBase:
    """Edit a measure: a preview on request; keeping it makes a new revision, never over somebody else's."""
    actor = actor_of(request)
    entry, newest = reads.access_measure(actor, measure), reads.latest(actor, measure)
    form = forms.EditForm(request.POST or None, initial=_initial(entry, newest, request.GET.get("lesson", "")))
    context: dict[str, Any] = {"fault": "", "preview": None}
    status = 200
    if request.method == "POST" and form.is_valid():
        if request.POST.get("do") != "preview":
            kept = _kept(lambda: actions.write(actor=actor, measure=measure, edit=form.edit()))
            if isinstance(kept, Revision):
                return redirect("knowledge:revision", revision=kept.id)
            context["fault"], status = kept.text(language()), kept.status
        context |= _preview(measure, form.edit().text)
    elif request.method == "POST":
        status = 422
    lessons = reads.lessons_for(actor).filter(measure=measure, state=Lesson.State.OPEN)
    context |= {"entry": entry, "form": form, "newest": newest, "lessons": lessons, "lesson_form": forms.LessonForm()}
    context["measure"] = measure
    context["past"] = reads.revisions_for(actor).filter(measure=measure)
    return render(request, "knowledge/edit.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@page(reads.WRITE)
@refusals_as_pages
def begin(request: HttpRequest) -> HttpResponseBase:
    """Write a measure that is new: a form with all that a measure has, a preview on request."""
    actor, status = actor_of(request), 200
    form = forms.NewForm(request.POST or None, initial=_blank())
    context: dict[str, Any] = {"fault": "", "preview": None, "form": form}
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["name"]
        if request.POST.get("do") != "preview":
            kept = _kept(lambda: actions.begin(actor=actor, measure=name, edit=form.edit()))
            if isinstance(kept, Revision):
                return redirect("knowledge:revision", revision=kept.id)
            context["fault"], status = kept.text(language()), kept.status
        context |= _preview(name, form.edit().text)
    elif request.method == "POST":
        status = 422
    return render(request, "knowledge/begin.html", context, status=status)


def _blank() -> dict[str, Any]:
    today = timezone.localdate()
    dates = {"today": today.isoformat(), "next_year": (today + timedelta(days=365)).isoformat()}
    return {"text": render_to_string("knowledge/blank.md", dates), "base": 0, "publish_on": today}


def _initial(entry: published.Entry | None, newest: Revision | None, lesson: str) -> dict[str, Any]:
    """Begin with the newest revision, unless it was refused: then with what is published."""
    going_on = newest is not None and newest.state != Revision.State.REFUSED
    before = newest if newest and (going_on or entry is None) else entry
    return {
        "text": before.text if before else "",
        "base": newest.number if newest else 0,
        "publish_on": timezone.localdate(),
        "owner": before.owner if before else "",
        "lesson": lesson,
    }


def _kept(write: Callable[[], Revision]) -> Revision | Problem:
    try:
        return write()
    except Problem as problem:
        if problem.status in {NOT_FOUND, FORBIDDEN}:
            raise
        return problem


def _preview(measure: str, text: str) -> dict[str, Any]:
    try:
        made = parse(measure, text)
    except Unusable as error:
        return {"fault": f"{_('Line')} {error.line}: {error.fault}"}
    return {"preview": _shown(made)}


def _shown(measure: Measure) -> dict[str, Any]:
    return {
        "measure": measure,
        "texts": [
            (code, measure.text(code), dict.fromkeys(measure.text(code).steps.values())) for code in ("nl", "en")
        ],
        "mapped": frameworks.mapped(measure),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@page(reads.WRITE)
@refusals_as_pages
def revision(request: HttpRequest, revision: UUID) -> HttpResponseBase:
    """One revision as it would be shown; its writer proposes it, a second person approves or refuses it."""
    actor = actor_of(request)
    row = reads.access_revision(actor, revision)
    if request.method == "POST":
        if request.POST.get("do") == "propose":
            attempt(request, lambda: actions.propose(actor=actor, revision=row.id), _("It waits for a second person."))
        else:
            yes, reason = request.POST.get("do") == "approve", request.POST.get("reason", "")[:500]
            attempt(
                request,
                lambda: actions.decide(actor=actor, revision=row.id, yes=yes, reason=reason),
                _("The decision is recorded."),
            )
        return redirect("knowledge:revision", revision=row.id)
    context = {"row": row, "own": row.written_by == actor.id[:100], **_preview(row.measure, row.text)}
    made = context.get("preview")
    context["title"] = made["measure"].text(language()).title if made else row.measure
    return render(request, "knowledge/revision.html", context)


@require_POST
@page(reads.WRITE)
@refusals_as_pages
def lesson(request: HttpRequest, measure: str) -> HttpResponseBase:
    """Note a lesson on a measure."""
    actor = actor_of(request)
    form = forms.LessonForm(request.POST)
    text, source = (form.cleaned_data["text"], form.cleaned_data["source"]) if form.is_valid() else ("", "")
    attempt(
        request,
        lambda: actions.note_lesson(actor=actor, measure=measure, text=text, source=source),
        _("The lesson is noted."),
    )
    return redirect("knowledge:edit", measure=measure)


@require_POST
@page(reads.WRITE)
@refusals_as_pages
def aside(request: HttpRequest, lesson: UUID) -> HttpResponseBase:
    """Set a lesson aside, with the reason."""
    actor, reason = actor_of(request), request.POST.get("reason", "")[:500]
    attempt(
        request, lambda: actions.set_aside(actor=actor, lesson=lesson, reason=reason), _("The lesson is set aside.")
    )
    return redirect("knowledge:desk")
