"""The pages of whoever registers: start, the steps, the check, and what became of it. They work without JavaScript."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dijkwacht.api.limits import Buckets
from dijkwacht.kernel.actor import Kind
from dijkwacht.kernel.errors import Problem
from dijkwacht.platform.accounts import brokers, second_factor
from dijkwacht.platform.accounts.models import User
from dijkwacht.platform.accounts.permissions import actor_of, allows, page, public_page
from dijkwacht.rooms.enrolment import actions, cleaning, drafts, reads, summary
from dijkwacht.rooms.enrolment.business_register import business_register
from dijkwacht.rooms.enrolment.errors import NotAllowed, NotFound, TooMany
from dijkwacht.rooms.enrolment.forms import STATES, StepForm, answers_in, language, told
from dijkwacht.rooms.enrolment.questions import QUESTIONS, STEPS, TITLES
from dijkwacht.rooms.enrolment.rules import State
from dijkwacht.rooms.registry import cleaners
from dijkwacht.rooms.registry.errors import NotAllowed as NotAllowedThere

CHECKS: Final = Buckets("register-checks", 60)  # of a field, by an account, in a minute
LOOK_UPS: Final = Buckets("register-look-ups", 10)  # in the business register
ORDER: Final = (*STEPS, "check")
LARGEST_FILE: Final = 64 * 1024  # bytes of a pasted list as a file
P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def enrolling(view: View[P]) -> View[P]:
    """Open a page to people who may register: with a second factor, or a number that a broker proved."""

    @page("registration:write")
    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        actor = actor_of(request)
        if not (actor.second_factor or brokers.proven(request) or settings.DEMO) and isinstance(request.user, User):
            if not second_factor.set_up(request.user):
                messages.info(request, _("Set up a second factor first; then go on with the registration."))
                return HttpResponseRedirect(reverse("mfa_index"))
            return HttpResponseRedirect(f"{reverse('mfa_reauthenticate')}?{urlencode({'next': request.path})}")
        try:
            return view(request, *args, **kwargs)
        except NotFound as problem:
            raise Http404 from problem
        except (NotAllowed, NotAllowedThere) as problem:
            raise PermissionDenied from problem

    return guarded


@public_page("says how to register, before anybody signs in")
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponseBase:
    """What registering asks, and how to begin; carries a self-assessment over."""
    actor = actor_of(request)
    may = actor.kind is not Kind.ANONYMOUS and allows(actor, "registration:write")
    if request.method == "POST":
        return _begin(request)
    context = {
        "may": may,
        "query": request.GET.urlencode()[: drafts.LONGEST_QUERY],
        "sign_in": f"{reverse('account_login')}?{_back(request)}",
        "registrations": reads.registrations_of(actor)[:20] if may else [],
        "steps": [TITLES[name] for name in ORDER],
        "states": STATES,
    }
    return render(request, "enrolment/start.html", context)


def _back(request: HttpRequest) -> str:
    return urlencode({"next": request.get_full_path()[: drafts.LONGEST_QUERY]})


@enrolling
@require_POST
def _begin(request: HttpRequest) -> HttpResponseBase:
    drafts.begin(actor_of(request), request.POST.get("query", ""))
    return HttpResponseRedirect(reverse(f"enrolment:{ORDER[0]}"))


@enrolling
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, name: str) -> HttpResponseBase:
    """One page of questions: kept as typed with every post; one goes on when all of it is right."""
    actor = actor_of(request)
    wanted = request.POST.get("do", "next")
    refused: dict[str, tuple[str, str]] = {}
    if request.method == "POST":
        try:
            draft = drafts.keep(actor, {**answers_in(name, request.POST), **_file(request, name)})
        except Problem as problem:
            return _too_large(request, name, problem)
        if wanted == "keep":
            return HttpResponse(status=204)
        if wanted == "look-up":
            _look_up(request)
            draft = reads.draft_of(actor)
        else:
            refused = cleaning.step(name, draft.answers, reserved=settings.DEMO, on=timezone.localdate())
            if not refused and wanted == "next":
                return HttpResponseRedirect(reverse(f"enrolment:{ORDER[ORDER.index(name) + 1]}"))
    else:
        draft = reads.draft_of(actor)
        if name == "organisation":
            _prefill(request)
            draft = reads.draft_of(actor)
    return _page(request, name, draft.answers, refused)


def _page(request: HttpRequest, name: str, answers: Any, refused: Any, status: int = 200) -> HttpResponse:
    form = StepForm(name, answers, timezone.localdate())
    form.refuse(refused)
    lines = cleaning.everything(answers, reserved=settings.DEMO, on=timezone.localdate()).lines
    context = {
        "form": form,
        "name": name,
        "title": TITLES[name],
        "place": ORDER.index(name) + 1,
        "places": len(ORDER),
        "before": reverse(f"enrolment:{ORDER[ORDER.index(name) - 1]}") if ORDER.index(name) else "",
        "lines": summary.lines(lines) if name == "holdings" else [],
        "proven": brokers.proven(request),
        "register": business_register().there,
    }
    return render(request, "enrolment/step.html", context, status=422 if refused else status)


def _too_large(request: HttpRequest, name: str, problem: Problem) -> HttpResponseBase:
    if isinstance(problem, NotAllowed):
        raise problem
    messages.error(request, told(problem))
    return _page(request, name, reads.draft_of(actor_of(request)).answers, {}, status=problem.status)


def _file(request: HttpRequest, name: str) -> dict[str, str]:
    """Return what a chosen file adds to the pasted list."""
    given = request.FILES.get("file") if name == "holdings" else None
    if given is None:
        return {}
    text = given.read(LARGEST_FILE + 1).decode("utf-8-sig", "replace")
    return {"holdings": (request.POST.get("holdings", "") + "\n" + text).strip()}


def _prefill(request: HttpRequest) -> None:
    """Fill in what the broker proved and the business register says of it, where nothing was filled in yet."""
    actor, proven = actor_of(request), brokers.proven(request)
    answers = reads.draft_of(actor).answers
    if proven and not any(answers.get(kind) for kind in proven):
        drafts.keep(actor, {**proven, **_listed(proven.get("kvk", ""), answers)})


def _listed(kvk: str, answers: Any) -> dict[str, str]:
    entry = business_register().find(kvk) if kvk else None
    if entry is None:
        return {}
    found = {"name": entry.name, "rsin": entry.rsin, "main_street": entry.street, "main_postcode": entry.postcode}
    found |= {"main_city": entry.city, "main_country": entry.country}
    return {name: value for name, value in found.items() if value and not answers.get(name)}


def _look_up(request: HttpRequest) -> None:
    """Fill in what the business register says of the number on the page. It is public, and says nothing of our own."""
    actor = actor_of(request)
    answers = reads.draft_of(actor).answers
    if LOOK_UPS.take(actor.id).exceeded:
        messages.error(request, told(TooMany()))
        return
    try:
        kvk = QUESTIONS["kvk"].cleaner(answers.get("kvk", ""))
    except cleaners.Refused:
        kvk = None
    found = _listed(kvk or "", {})
    if found:
        drafts.keep(actor, found)
        messages.success(request, _("Filled in from the business register; correct what is wrong."))
    else:
        messages.info(request, _("The business register does not know this number; fill in the name yourself."))


@enrolling
@require_POST
def check_field(request: HttpRequest) -> HttpResponseBase:
    """Tell, while somebody types, whether a value has the right form. Of who is registered it knows nothing."""
    if CHECKS.take(actor_of(request).id).exceeded:
        return JsonResponse({"problem": told(TooMany())}, status=429)
    name, value = request.POST.get("name", ""), request.POST.get("value", "")[:2000]
    if name not in QUESTIONS or not value.strip():
        return JsonResponse({"problem": ""})
    refused = cleaning.one(name, value)
    return JsonResponse({"problem": "" if refused is None else refused[0] if language() == "nl" else refused[1]})


@enrolling
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponseBase:
    """Everything that was filled in, to check; then it is confirmed."""
    actor = actor_of(request)
    found = cleaning.everything(reads.draft_of(actor).answers, reserved=settings.DEMO, on=timezone.localdate())
    problem = ""
    if request.method == "POST":
        if request.POST.get("true") != "yes":
            problem = _("Say that it is true and that you may register this organisation.")
        else:
            try:
                made = actions.confirm(actor=actor, proven=brokers.proven(request), language=language())
            except (NotAllowed, NotFound):
                raise
            except Problem as refused:
                problem = told(refused)
            else:
                return HttpResponseRedirect(reverse("enrolment:registration", args=[made.id]))
    context = {
        "parts": summary.parts(found),
        "missing": summary.missing(found),
        "problem": problem,
        "place": len(ORDER),
        "places": len(ORDER),
        "before": reverse(f"enrolment:{ORDER[-2]}"),
    }
    return render(request, "enrolment/check.html", context, status=422 if problem else 200)


@enrolling
@require_safe
def registration(request: HttpRequest, registration: UUID) -> HttpResponseBase:
    """What became of it, and the receipt. The reasons why it waits are not here: they could tell of others."""
    row = reads.access_registration(actor_of(request), registration)
    return render(request, "enrolment/registration.html", {"row": row, "state": STATES[State(row.state)]})


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
    return HttpResponseRedirect(reverse("enrolment:registration", args=[registration]))
