"""The pages of a registration that was confirmed: what became of it, a question to answer, files."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dijkwacht.kernel.errors import Problem
from dijkwacht.platform.accounts.permissions import actor_of
from dijkwacht.rooms.enrolment import actions, drafts, lists, reads
from dijkwacht.rooms.enrolment.errors import NotAllowed, NotFound
from dijkwacht.rooms.enrolment.forms import STATES, language, told
from dijkwacht.rooms.enrolment.models import Registration
from dijkwacht.rooms.enrolment.rules import State
from dijkwacht.rooms.enrolment.web import ORDER, enrolling


@enrolling
@require_http_methods(["GET", "HEAD", "POST"])
def registration(request: HttpRequest, registration: UUID) -> HttpResponseBase:
    """What became of it, a form to answer a question, and the receipt.

    The reasons why it waits are not here: they could tell of others.
    """
    actor, problem = actor_of(request), ""
    if request.method == "POST":
        try:
            actions.answer(actor=actor, registration=registration, answer=request.POST.get("answer", ""))
        except (NotAllowed, NotFound):
            raise
        except Problem as refused:
            problem = told(refused)
        else:
            messages.success(request, _("Your answer is sent; an officer looks at it."))
            return _back(registration)
    row = reads.access_registration(actor, registration)
    context = {**_shown(row), "problem": problem, "answer": request.POST.get("answer", "")}
    return render(request, "enrolment/registration.html", context, status=422 if problem else 200)


def _shown(row: Registration) -> dict[str, Any]:
    questions = reads.questions_of(row)
    return {
        "row": row,
        "state": STATES[State(row.state)],
        "waiting": [one for one in questions if one.answered_at is None],
        "answered": [one for one in questions if one.answered_at is not None],
        "assets": len(row.confirmed["assets"]),
    }


def _back(registration: UUID) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("enrolment:registration", args=[registration]))


@enrolling
@require_POST
def correct(request: HttpRequest, registration: UUID) -> HttpResponseBase:
    """Begin to correct what was sent in, because an officer asked: the same steps, filled in."""
    try:
        drafts.correct(actor_of(request), registration)
    except (NotAllowed, NotFound):
        raise
    except Problem as problem:
        messages.error(request, told(problem))
        return _back(registration)
    return HttpResponseRedirect(reverse(f"enrolment:{ORDER[0]}"))


@enrolling
@require_POST
def withdraw(request: HttpRequest, registration: UUID) -> HttpResponseBase:
    """Take it back while it waits."""
    try:
        actions.withdraw(actor=actor_of(request), registration=registration)
    except (NotAllowed, NotFound):
        raise
    except Problem as problem:
        messages.error(request, told(problem))
    else:
        messages.success(request, _("The registration is withdrawn."))
    return _back(registration)


@enrolling
@require_safe
def assets(request: HttpRequest, registration: UUID) -> HttpResponseBase:
    """What the registration claims, as a file; its hash stands on the receipt when they are many."""
    return listed(reads.access_registration(actor_of(request), registration))


def listed(row: Registration) -> HttpResponse:
    """Answer with the file of a registration's assets."""
    return as_file(lists.as_csv(row.confirmed["assets"]), f"assets-{row.id}.csv")


def as_file(text: str, name: str) -> HttpResponse:
    """Answer with a CSV file."""
    answer = HttpResponse(text, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@enrolling
@require_safe
def refused(request: HttpRequest) -> HttpResponseBase:
    """The lines of the long list that were left out, each with its reason, as a file."""
    row = reads.list_of(actor_of(request))
    if row is None:
        raise Http404
    return as_file("\ufeff" + lists.refusals_as_csv(row, language()), "refused.csv")
