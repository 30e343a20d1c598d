"""The pages of a draft: its questions, the check before it is sent, and sending it once."""

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from dijkwacht.kernel.errors import Problem
from dijkwacht.platform.accounts.permissions import actor_of
from dijkwacht.rooms.reporting import actions, asking, cleaning, drafts, reads, showing
from dijkwacht.rooms.reporting.customers import drafting
from dijkwacht.rooms.reporting.customers import reads as customers
from dijkwacht.rooms.reporting.enclosing import web as enclosing
from dijkwacht.rooms.reporting.errors import NotAllowed, NotFound
from dijkwacht.rooms.reporting.forms import AskedForm, answers_to, language, told
from dijkwacht.rooms.reporting.models import Draft
from dijkwacht.rooms.reporting.questions import MATTER, STAGE_TITLES, nested
from dijkwacht.rooms.reporting.rules import Channel, Stage
from dijkwacht.rooms.reporting.sending import sent
from dijkwacht.rooms.reporting.submitted import submitted
from dijkwacht.rooms.reporting.submitting import facts_of
from dijkwacht.rooms.reporting.web import door


@door("reports:write")
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, draft: UUID) -> HttpResponseBase:
    """The questions of one stage: kept as typed with every post; one goes on when all of it is right."""
    actor = actor_of(request)
    if (there := sent.address_of(actor, draft)) is not None:
        return _again(request, there)
    row = reads.access_draft(actor, draft)
    stage, refused, status = Stage(row.stage), {}, 200
    entity = asking.whose(row)
    asked = asking.asked(stage, entity, timezone.now())
    if request.method == "POST":
        try:
            row = drafts.keep(actor, draft, answers_to(asked, request.POST), asked.own)
            changed = enclosing.changed(request, row)
        except (NotFound, NotAllowed):
            raise
        except Problem as problem:
            messages.error(request, told(problem))
            status = problem.status
        else:
            if request.POST.get("do") == "keep":
                return HttpResponse(status=204)
            if changed:  # what was typed is kept too
                return HttpResponseRedirect(f"{request.get_full_path()}#files")
            if request.POST.get("do") == "every":  # what was typed is kept; then all that may be asked is shown
                return HttpResponseRedirect(f"{request.path}?every=yes")
            refused = cleaning.from_answers(asked, row.answers, timezone.now()).refused
            if not refused:
                return HttpResponseRedirect(reverse("reporting:check", args=[row.id]))
            status = 422
    every = "every" in request.GET or "every" in request.POST
    left_out = frozenset() if every else asking.cannot_apply(entity, row.answers or {})
    form = AskedForm(asking.without(asked, left_out), row.answers or {})
    form.refuse(refused)
    context = {"form": form, "draft": row, "title": STAGE_TITLES[stage], "whose": _name(row), "every": every}
    context |= enclosing.shown(row)
    context["left_out"] = sorted({str(form.question(name).group) for name in left_out})
    return render(request, "reporting/draft.html", context, status=status)


def _name(row: Draft) -> str:
    if (picked := customers.picked_for(row)) is not None:
        return drafting.whose(picked)
    return (
        reads.names_of([row.organisation_id]).get(row.organisation_id, "")
        if row.organisation_id
        else drafts.said_name(row)
    )


@door("reports:write")
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, draft: UUID) -> HttpResponseBase:
    """All that will be sent, to check; then it is sent. Whoever got no answer and sends it again gets its receipt."""
    actor = actor_of(request)
    try:
        return _checked(request, reads.access_draft(actor, draft))
    except NotFound:
        if (there := sent.address_of(actor, draft)) is None:
            raise
        return _again(request, there)


def _again(request: HttpRequest, address: str) -> HttpResponseBase:
    messages.info(request, _("This was filed already, once. Its receipt stands below."))
    return HttpResponseRedirect(address)


def _checked(request: HttpRequest, row: Draft) -> HttpResponseBase:
    stage, now = Stage(row.stage), timezone.now()
    asked = asking.asked(stage, asking.whose(row), now)
    cleaned = cleaning.from_answers(asked, row.answers or {}, now)
    if cleaned.refused:
        return HttpResponseRedirect(reverse("reporting:draft", args=[row.id]))
    told_ = _("We have received it. The receipt stands below.")
    onward, problem, status = submitted(request, lambda: send(request, row), told_)
    if onward:
        return onward
    context = {
        "rows": showing.rows(cleaned.facts, own=asked.own) + showing.left_open(cleaned.unknown, own=asked.own),
        "draft": row,
        "title": STAGE_TITLES[stage],
        "whose": _name(row),
        "problem": problem,
        **enclosing.shown(row),
    }
    return render(request, "reporting/check.html", context, status=status)


@transaction.atomic
def send(request: HttpRequest, row: Draft) -> str:
    """File a draft and take it away; give the address of what was made. What is refused leaves the draft as it was.

    Raises what `cleaning` and `file_report` do.
    """
    actor, picked = actor_of(request), customers.picked_for(row)
    held, files = drafts.claim(actor, row.id)
    stage, now = Stage(held.stage), timezone.now()
    asked = asking.asked(stage, asking.whose(held), now)
    cleaned = cleaning.from_answers(asked, held.answers or {}, now)
    facts = nested(cleaned.facts)
    if (matter := facts.pop(MATTER, None)) is not None:
        facts |= facts_of(matter)
    if said := drafts.said_name(held):
        facts |= {drafts.NAME: said}
    facts = {**dict.fromkeys(cleaned.unknown), **facts}
    if picked is not None:
        filing = drafting.send(actor, held, picked, facts, language(), files)
        return sent.remember(held, event=filing.event_id)
    made = actions.file_report(
        actor=actor,
        stage=stage,
        facts=facts,
        organisation=held.organisation_id,
        incident=held.incident_id,
        channel=Channel(held.channel),
        language=drafts.tongue_of(held) or language(),
        files=files,
    ).incident
    return sent.remember(held, incident=made.id)


@door("reports:write")
@require_POST
def discard(request: HttpRequest, draft: UUID) -> HttpResponseBase:
    """Throw a draft away."""
    drafts.discard(actor_of(request), draft)
    messages.success(request, _("The draft is thrown away."))
    return HttpResponseRedirect(reverse("reporting:start"))
