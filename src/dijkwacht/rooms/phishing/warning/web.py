"""Pages of appeals: for whoever was blocked, without account; and for those who decide."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dijkwacht.api.limits import Buckets
from dijkwacht.kernel.actor import system
from dijkwacht.kernel.errors import Problem
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts import origins
from dijkwacht.platform.accounts.permissions import actor_of, allows, page, public_page
from dijkwacht.platform.refusals import attempt, language, refusals_as_pages
from dijkwacht.rooms.phishing.listing.models import Entry
from dijkwacht.rooms.phishing.listing.web_officer import sentences
from dijkwacht.rooms.phishing.warning import actions, errors, proving, reads, tasks

SOMEBODY: Final = system("phishing:appeal")  # whoever appeals has no account
APPEALS: Final = Buckets("appeals", 10)  # a minute and address
TICKETS: Final = Buckets("tickets", 30)  # guesses at ticket numbers
SHOWN: Final = 100


@public_page("whoever is blocked by mistake has no account with us")
@require_http_methods(["GET", "HEAD", "POST"])
def appeal(request: HttpRequest, listed: UUID) -> HttpResponseBase:
    """Say that a warning is a mistake; the answer shows the ticket number, once."""
    with tenancy.acting(SOMEBODY):
        found = Entry.objects.filter(id=listed, removed_at=None).first()
        if found is None:
            raise Http404
        problem = ticket = ""
        given = {name: request.POST.get(name, "")[:3000] for name in ("text", "contact")}
        if request.method == "POST":
            problem, ticket = _appealed(request, found.id, given)
    context = {"entry": found, "given": given, "problem": problem, "ticket": ticket, "reasons": sentences(found)}
    answer = render(request, "phishing/appeal.html", context, status=422 if problem else 200)
    answer["Cache-Control"] = "no-store"
    return answer


def _appealed(request: HttpRequest, entry: UUID, given: dict[str, str]) -> tuple[str, str]:
    """Give what is wrong, or the ticket number."""
    if APPEALS.take(origins.address(request)).exceeded:
        return errors.TooManyAppeals().text(language()), ""
    try:
        _row, ticket = actions.appeal(actor=SOMEBODY, entry=entry, **given)
    except Problem as problem:
        return problem.text(language()), ""
    return "", ticket


@public_page("whoever holds a ticket number sees what became of the appeal")
@require_http_methods(["GET", "HEAD", "POST"])
def status(request: HttpRequest) -> HttpResponseBase:
    """What became of an appeal: the number is posted, so that no log and no history holds it."""
    found, problem, looking = None, "", False
    if request.method == "POST":
        given = request.POST.get("ticket", "")
        if TICKETS.take(origins.address(request)).exceeded:
            given = ""  # whoever guesses hears what everybody hears
        try:
            with tenancy.acting(SOMEBODY):
                found = reads.by_ticket(given)
                looking = "look" in request.POST and proving.may_ask(found)
                if looking:
                    tasks.ask_prove(found.id)
        except errors.AppealUnknown as unknown:
            problem = unknown.text(language())
    context = {
        "appeal": found,
        "problem": problem,
        "late": found is not None and _late(found.due_at),
        "looking": looking,
        "proof": proving.what(found) if found is not None and found.decided_at is None else {},
        "ticket": given if request.method == "POST" and found is not None else "",
    }
    answer = render(request, "phishing/appeal_status.html", context, status=422 if problem else 200)
    answer["Cache-Control"] = "no-store"
    return answer


def _late(due: datetime) -> bool:
    return due < timezone.now()


@page("phishing:read")
@require_safe
@refusals_as_pages
def queue(request: HttpRequest) -> HttpResponseBase:
    """What waits for a person, what is due first at the top; and what was decided lately."""
    actor, now = actor_of(request), timezone.now()
    waiting = [{"appeal": row, "late": row.due_at < now} for row in reads.appeals_for(actor)[:SHOWN]]
    context = {"waiting": waiting, "decided": reads.appeals_for(actor, decided=True)[:SHOWN]}
    return render(request, "phishing/appeals.html", context)


@page("phishing:read")
@require_safe
@refusals_as_pages
def one(request: HttpRequest, appeal: UUID) -> HttpResponseBase:
    """One appeal with what it is about."""
    actor = actor_of(request)
    row = reads.access_appeal(actor, appeal)
    context = {
        "appeal": row,
        "reasons": sentences(row.entry),
        "contact": reads.contact_of(row),
        "visits": reads.visits_of(row.entry_id),
        "others": reads.appeals_of(actor, row.entry_id).exclude(id=row.id),
        "may_decide": allows(actor, "phishing:decide"),
        "late": row.decided_at is None and row.due_at < timezone.now(),
    }
    return render(request, "phishing/appeal_one.html", context)


@page("phishing:decide")
@require_http_methods(["POST"])
@refusals_as_pages
def decide(request: HttpRequest, appeal: UUID) -> HttpResponseBase:
    """Free the site at once, or keep the warning."""
    free, answer = request.POST.get("free") == "yes", request.POST.get("answer", "")[:1000]
    reads.access_appeal(actor_of(request), appeal)
    attempt(
        request,
        lambda: actions.decide(actor=actor_of(request), appeal=appeal, free=free, answer=answer),
        _("The site is free again, at once.") if free else _("The warning stays."),
    )
    return HttpResponseRedirect(reverse("phishing:appeals"))
