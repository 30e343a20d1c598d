"""The pages of an organisation and of a relay: which advisories concern it, why, what to do, and the answer."""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.accounts.permissions import actor_of, allows_for, page
from dijkwacht.platform.refusals import attempt, language, refusals_as_pages
from dijkwacht.rooms.advisories.delivery import actions, reads, reads_matching, rules
from dijkwacht.rooms.advisories.delivery.answering import wrong_with
from dijkwacht.rooms.advisories.delivery.errors import NotFound
from dijkwacht.rooms.advisories.delivery.rules import Status
from dijkwacht.rooms.advisories.delivery.words import ANSWERS, PHRASES
from dijkwacht.rooms.advisories.inventory import reads as inventory

ROWS: Final = 50


@require_safe
@page("inventory:read")
@refusals_as_pages
def advisories(request: HttpRequest) -> HttpResponseBase:
    """What concerns the reader's organisations: what waits for an answer first."""
    actor = actor_of(request)
    rows = Paginator(reads.concerns_for(actor).order_by("-created_at", "id"), ROWS).get_page(request.GET.get("page"))
    found = sorted(reads.matters(rows), key=lambda one: (not one.waits, -one.concern.severity))
    mine = [] if actor.is_centre else inventory.organisations_of(actor)
    waits = sum(reads.waiting(actor, one.id).count() for one in mine)
    context = {
        "matters": found,
        "rows": rows,
        "several": len(actor.acts_for) > 1 or actor.is_centre,
        "waits": waits,
        "matching": bool(mine) and reads_matching.waits(),
        "inventories": inventory.inventories_for(actor).count() if mine else 0,
    }
    return render(request, "advisories/delivery/advisories.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page("inventory:read")
@refusals_as_pages
def advisory(request: HttpRequest, told: UUID) -> HttpResponseBase:
    """One advisory for one organisation: what of it runs, what to do, the answer. POST answers or marks lines."""
    actor = actor_of(request)
    organisation = _organisation(request, actor, told)
    if request.method == "POST":
        return _post(request, actor, organisation, told)
    return _show(request, actor, organisation, told)


def _show(request: HttpRequest, actor: Actor, organisation: UUID, told: UUID, *, wrong: str = "") -> HttpResponseBase:
    """The page; with what is `wrong` with an answer, which stands there as it was given."""
    matter = reads.access_matter(actor, organisation, told)
    if organisation in actor.acts_for:
        actions.note_read(actor=actor, organisation=organisation, advisory=told)
    decision = reads.ground_of(actor, organisation, told)
    context = {
        "matter": matter,
        "named": PHRASES[language()]["named"],
        "withheld": PHRASES[language()]["no_longer"],
        "text": matter.advisory.text[language()],
        "matches": reads.matches_of(actor, organisation, told),
        "what": {ran.line: ran.what for ran in matter.ran},
        "answers": ANSWERS[language()].items(),
        "statuses": [str(one) for one in Status],
        "may_answer": organisation in actor.acts_for and allows_for(actor, reads.WRITE, organisation),
        "chosen": request.POST.get("answer", matter.answer),
        "note": request.POST.get("note", ""),
        "longest": rules.LONGEST_NOTE,
        "wrong": wrong,
        "ground": decision.told(language()) if decision else "",
        "several": len(actor.acts_for) > 1,
    }
    return render(request, "advisories/delivery/advisory.html", context, status=422 if wrong else 200)


def _organisation(request: HttpRequest, actor: Actor, advisory: UUID) -> UUID:
    """For which organisation: the one that is named, or the first that it concerns. Raises NotFound."""
    named = request.POST.get("organisation") or request.GET.get("organisation")
    if named:
        try:
            return UUID(named)
        except ValueError as error:
            raise NotFound from error
    first = reads.concerns_for(actor).filter(advisory=advisory).order_by("organisation__name").first()
    if first is None:
        raise NotFound
    return first.organisation_id


def _post(request: HttpRequest, actor: Actor, organisation: UUID, advisory: UUID) -> HttpResponseBase:
    def answer() -> None:
        actions.answer(
            actor=actor,
            organisation=organisation,
            advisory=advisory,
            answer=request.POST.get("answer", ""),
            note=request.POST.get("note", ""),
        )

    def mark() -> None:
        try:
            chosen = [UUID(one) for one in request.POST.getlist("match")]
        except ValueError as error:
            raise NotFound from error
        status = request.POST.get("status", "")
        actions.mark(actor=actor, organisation=organisation, advisory=advisory, matches=chosen, status=status)

    if request.POST.get("act") == "mark":
        if not request.POST.getlist("match"):
            messages.error(request, _("Tick at least one line."))
        elif request.POST.get("status", "") not in set(Status):
            messages.error(request, _("This form is not complete. Try again."))
        else:
            attempt(request, mark, _("Kept."))
    elif wrong := wrong_with(request.POST.get("answer", ""), request.POST.get("note", "")):
        return _show(request, actor, organisation, advisory, wrong=wrong)
    else:
        attempt(request, answer, _("Thank you. Your answer is kept."))
    after = redirect("advisories:mine-one", told=advisory)
    after["Location"] += f"?organisation={organisation}"
    return after


@require_safe
@page("relay:read")
@refusals_as_pages
def members(request: HttpRequest) -> HttpResponseBase:
    """What the law let us tell a relay about what its members run, and what they answered."""
    told = reads.told_of_members(actor_of(request))
    context = {"rows": Paginator(told, ROWS).get_page(request.GET.get("page"))}
    return render(request, "advisories/delivery/members.html", context)
