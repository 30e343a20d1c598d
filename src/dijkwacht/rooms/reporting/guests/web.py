"""The page on which somebody without an account files the next stage, by the link of their mail."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods

from dijkwacht.api.limits import Buckets
from dijkwacht.kernel.errors import Problem
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts import origins
from dijkwacht.platform.accounts.permissions import actor_of, public_page
from dijkwacht.rooms.reporting import cleaning, drafts, links, reads, rules, scheduling, terms, web_guests
from dijkwacht.rooms.reporting.enclosing import by_form
from dijkwacht.rooms.reporting.errors import AlreadyDone, NotFound, TooMany
from dijkwacht.rooms.reporting.forms import StageForm, answers_in, told
from dijkwacht.rooms.reporting.guests import actions
from dijkwacht.rooms.reporting.models import Incident
from dijkwacht.rooms.reporting.questions import MATTER, STAGE_TITLES, nested
from dijkwacht.rooms.reporting.rules import Stage
from dijkwacht.rooms.reporting.submitting import facts_of

STAGES: Final = Buckets("next-stages-by-link", 60)  # pages of an address, in a minute


@public_page("the link is the proof: whoever reported without account files the next stage by it")
@never_cache
@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def stage(request: HttpRequest, follow: str) -> HttpResponseBase:
    """The questions of one stage, with what is known filled in; sent, it leads back to the receipts."""
    if STAGES.take(origins.address(request)).exceeded:
        raise TooMany
    back = HttpResponseRedirect(reverse("reporting:follow", args=[follow]))
    try:
        identifier = links.opened(follow)
        row, opened, seen = _known(identifier)
        given = request.POST if request.method == "POST" else request.GET
        wanted = next((one for one in opened if one == given.get("stage", "")), None)
        if row.verified_at is None or wanted is None:
            messages.error(request, _("This stage cannot be filed now."))
            return back
        if request.method == "POST":
            return _posted(request, row, wanted, back)
        return _page(request, row, wanted, drafts.from_facts(row), seen=str(seen))
    except NotFound as problem:
        raise Http404 from problem


def _known(identifier: UUID) -> tuple[Incident, list[Stage], int]:
    """Return the incident of a link, what can be filed of it now, and how many reports there are."""
    with tenancy.acting(scheduling.CLERK) as clerk:
        row = reads.access_guest(clerk, identifier)
        filed = reads.reports_of(row)
        return row, rules.open_stages(terms.stages_filed(terms.filed_of(filed))), len(filed)


def _posted(request: HttpRequest, row: Incident, stage: Stage, back: HttpResponseBase) -> HttpResponseBase:
    answers, seen = answers_in(stage, request.POST), request.POST.get("seen", "")
    # What the form does not ask stays as it is known; the address is one of these.
    known = {actions.CONTACT: drafts.from_facts(row).get(actions.CONTACT, "")}
    cleaned = cleaning.from_form(stage, {**answers, **known}, timezone.now())
    if cleaned.refused:
        return _page(request, row, stage, answers, seen=seen, refused=cleaned.refused, status=422)
    if web_guests.REPORTS.take(origins.address(request)).exceeded:
        raise TooMany
    facts = nested(cleaned.facts)
    if (matter := facts.pop(MATTER, None)) is not None:
        facts |= facts_of(matter)
    try:
        made = actions.file_next_as_guest(
            actor=actor_of(request),
            incident=row.id,
            stage=stage,
            facts={**dict.fromkeys(cleaned.unknown), **facts},
            seen=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 6 else -1,  # noqa: PLR2004
            files=by_form.handed_in(request),
        )
    except AlreadyDone:
        messages.info(request, _("This was filed already, once. Its receipt stands below."))
    except NotFound:
        raise
    except Problem as wrong:
        return _page(request, row, stage, answers, seen=seen, problem=told(wrong), status=wrong.status)
    else:
        messages.success(request, _("We have received it. The receipt stands below."))
        if made.no_room:
            said = _("Your report is filed, but your files are not: today there is no more room for files from here.")
            messages.warning(request, said)
    return back


def _page(
    request: HttpRequest,
    row: Incident,
    stage: Stage,
    answers: dict[str, str],
    *,
    seen: str,
    refused: dict[str, cleaning.Reason] | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponseBase:
    form = StageForm(stage, answers)
    form.refuse(refused or {})
    context: dict[str, Any] = {
        "form": form,
        "row": row,
        "stage": stage.value,
        "title": STAGE_TITLES[stage],
        "seen": seen,
        "problem": problem,
        "address": actions.CONTACT,
        **by_form.asked(request),
    }
    return render(request, "reporting/guests/stage.html", context, status=status)
