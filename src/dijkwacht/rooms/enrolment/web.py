"""The pages of whoever registers: start, the steps and the check. They work without JavaScript."""

from collections.abc import Callable, Mapping
from functools import wraps
from types import MappingProxyType
from typing import Any, Concatenate, Final, ParamSpec

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
from django.views.decorators.http import require_http_methods, require_POST

from dijkwacht.api.limits import Buckets
from dijkwacht.kernel.actor import Actor, Kind
from dijkwacht.kernel.errors import Problem
from dijkwacht.platform.accounts import brokers, second_factor
from dijkwacht.platform.accounts.models import User
from dijkwacht.platform.accounts.permissions import actor_of, allows, page, public_page
from dijkwacht.rooms.enrolment import actions, cleaning, drafts, holdings, lists, reads, summary
from dijkwacht.rooms.enrolment.business_register import business_register
from dijkwacht.rooms.enrolment.errors import DraftTooLarge, NotAllowed, NotFound, TooMany
from dijkwacht.rooms.enrolment.forms import STATES, StepForm, answers_in, language, told
from dijkwacht.rooms.enrolment.models import Draft, Question, Registration
from dijkwacht.rooms.enrolment.questions import LONGEST_LIST, QUESTIONS, STEPS, TITLES
from dijkwacht.rooms.registry import cleaners
from dijkwacht.rooms.registry.errors import NotAllowed as NotAllowedThere

CHECKS: Final = Buckets("register-checks", 60)  # of a field, by an account, in a minute
LOOK_UPS: Final = Buckets("register-look-ups", 10)  # in the business register
ORDER: Final = (*STEPS, "check")
APART: Final[Mapping[str, str]] = MappingProxyType({"holdings": ""})  # the list does not stand on the page
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
    if request.method == "POST":
        return _posted(request, name)
    if name == "organisation":
        _prefill(request)
    return _page(request, name, reads.draft_of(actor_of(request)).answers, {})


def _posted(request: HttpRequest, name: str) -> HttpResponseBase:
    actor, wanted = actor_of(request), request.POST.get("do", "next")
    try:
        listed = _list(request) if name == "holdings" else {}
        draft = drafts.keep(actor, {**answers_in(name, request.POST), **listed})
    except Problem as problem:
        return _too_large(request, name, problem)
    if wanted == "keep":
        return HttpResponse(status=204)
    if wanted == "look-up":
        _look_up(request)
        return _page(request, name, reads.draft_of(actor).answers, {})
    if listed is APART:  # one sees first what became of it
        return HttpResponseRedirect(reverse(f"enrolment:{name}"))
    refused = cleaning.step(name, draft.answers, reserved=settings.DEMO, on=timezone.localdate())
    if not refused and wanted == "next":
        return HttpResponseRedirect(reverse(f"enrolment:{ORDER[ORDER.index(name) + 1]}"))
    return _page(request, name, draft.answers, refused)


def _page(request: HttpRequest, name: str, answers: Any, refused: Any, status: int = 200) -> HttpResponse:
    form = StepForm(name, answers, timezone.localdate())
    form.refuse(refused)
    context = {
        "form": form,
        "name": name,
        "title": TITLES[name],
        "place": ORDER.index(name) + 1,
        "places": len(ORDER),
        "before": reverse(f"enrolment:{ORDER[ORDER.index(name) - 1]}") if ORDER.index(name) else "",
        **(_read(request, answers) if name == "holdings" else {}),
        "proven": brokers.proven(request),
        "register": business_register().there,
    }
    return render(request, "enrolment/step.html", context, status=422 if refused else status)


def _read(request: HttpRequest, answers: Any) -> dict[str, Any]:
    """Return what the short list on the page comes to, line by line, and how far the long one is."""
    lines = holdings.read(str(answers.get("holdings", "")), reserved=settings.DEMO, on=timezone.localdate())
    return {"lines": summary.lines(lines), "list": summary.listed(reads.list_of(actor_of(request)))}


def _too_large(request: HttpRequest, name: str, problem: Problem) -> HttpResponseBase:
    if isinstance(problem, NotAllowed):
        raise problem
    messages.error(request, told(problem))
    return _page(request, name, reads.draft_of(actor_of(request)).answers, {}, status=problem.status)


def _list(request: HttpRequest) -> Mapping[str, str]:
    """Take in a pasted list with what a file adds to it: a short one is an answer, a long one stands apart.

    Raises DraftTooLarge.
    """
    wanted, pasted, given = request.POST.get("do"), request.POST.get("holdings", ""), request.FILES.get("file")
    if wanted == "drop":
        lists.drop(actor_of(request))
        return APART
    added = given.read(LONGEST_LIST + 1).decode("utf-8-sig", "replace") if given and wanted != "keep" else ""
    text = f"{pasted}\n{added}".strip() if added else pasted
    if not lists.long(text):
        return {"holdings": text}
    if wanted == "keep":  # while somebody types: what is long is kept when it is handed in, what was kept stays
        raise DraftTooLarge
    lists.hand_in(actor_of(request), text)
    return APART


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
    """Everything that was filled in, to check; then it is confirmed, or a registration is corrected with it."""
    actor = actor_of(request)
    draft = reads.draft_of(actor)
    problem = ""
    if request.method == "POST":
        if request.POST.get("true") != "yes":
            problem = _("Say that it is true and that you may register this organisation.")
        else:
            try:
                made = _confirm(request, draft)
            except (NotAllowed, NotFound):
                raise
            except Problem as refused:
                problem = told(refused)
            else:
                return HttpResponseRedirect(reverse("enrolment:registration", args=[made.id]))
    listed = lists.assets(reads.list_of(actor))
    found = cleaning.everything(draft.answers, reserved=settings.DEMO, on=timezone.localdate(), listed=listed)
    context = {
        "parts": summary.parts(found),
        "missing": summary.missing(found),
        "left_out": [line for line in summary.lines(found.lines) if not line["understood"]][: summary.SHOWN_REFUSED],
        "list": summary.listed(reads.list_of(actor)),
        "problem": problem,
        "questions": _open_questions(actor, draft),
        "answer": request.POST.get("answer", ""),
        "place": len(ORDER),
        "places": len(ORDER),
        "before": reverse(f"enrolment:{ORDER[-2]}"),
    }
    return render(request, "enrolment/check.html", context, status=422 if problem else 200)


def _confirm(request: HttpRequest, draft: Draft) -> Registration:
    actor, proven = actor_of(request), brokers.proven(request)
    if draft.revises is None:
        return actions.confirm(actor=actor, proven=proven, language=language())
    return actions.revise(actor=actor, proven=proven, answer=request.POST.get("answer", ""))


def _open_questions(actor: Actor, draft: Draft) -> list[Question]:
    """Return what an officer asked about the registration that this draft corrects."""
    if draft.revises is None:
        return []
    row = reads.access_registration(actor, draft.revises)
    return [one for one in reads.questions_of(row) if one.answered_at is None]
