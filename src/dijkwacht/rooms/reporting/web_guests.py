"""The pages of somebody without an account. They say the same whoever is named in them."""

import re
from secrets import token_urlsafe
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.db import IntegrityError
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
from dijkwacht.rooms.reporting import (
    actions,
    cleaning,
    drafts,
    links,
    offline,
    once,
    reads,
    rules,
    scheduling,
    showing,
    terms,
)
from dijkwacht.rooms.reporting.delivering import reached
from dijkwacht.rooms.reporting.delivering.undelivered import undelivered
from dijkwacht.rooms.reporting.enclosing import by_form
from dijkwacht.rooms.reporting.errors import InvalidValue, NotFound, TooMany
from dijkwacht.rooms.reporting.forms import STATES, StageForm, answers_in, language, told
from dijkwacht.rooms.reporting.guests import actions as guests
from dijkwacht.rooms.reporting.models import Incident, Report
from dijkwacht.rooms.reporting.questions import MATTER, STAGE_TITLES
from dijkwacht.rooms.reporting.rules import Stage, State
from dijkwacht.rooms.reporting.submitting import Filed, facts_of

REPORTS: Final = Buckets("reports-without-account", 5)  # from an address, in a minute
MAILS: Final = Buckets("reports-to-an-address", 1)  # to an address, in a minute
FOLLOWED: Final = Buckets("reports-followed", 60)  # by an address, in a minute
LONGEST_NAME: Final = 200
ONCE: Final = re.compile(r"[A-Za-z0-9_-]{32}")


@public_page("whoever is in trouble can report at once; nothing is looked up, so nothing is told about anybody")
@never_cache
@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def without_account(request: HttpRequest) -> HttpResponseBase:
    """The early warning on one page, for anybody; then a link by which it goes on."""
    stage, problem, status = Stage.EARLY_WARNING, "", 200
    answers = answers_in(stage, request.POST)
    if (file := request.FILES.get("file")) is not None:
        try:
            answers = offline.answers(file.read(offline.LARGEST + 1))
        except InvalidValue as wrong:
            problem, status = told(wrong), wrong.status
    said = request.POST.get("entity_name", "").strip() or answers.pop(offline.NAME, "")
    name = " ".join(cleaning.UNSEEN.sub("", said).split())[:LONGEST_NAME]
    refused: dict[str, cleaning.Reason] = {}
    if request.method == "POST" and not problem:
        cleaned = cleaning.from_form(stage, answers, timezone.now())
        refused, status = cleaned.refused, 422
        if not refused:
            try:
                made = _file(
                    request,
                    {**dict.fromkeys(cleaned.unknown), **cleaned.facts, **({"entity_name": name} if name else {})},
                )
            except Problem as wrong:
                problem, status = told(wrong), wrong.status
            else:
                # Without the link: it goes by mail only, so that whoever has it reads that mail.
                return render(request, "reporting/sent.html", _sent(made), status=201)
    known = answers if request.method == "POST" else {"awareness": drafts.as_typed(timezone.now()), MATTER: "incident"}
    form = StageForm(stage, known)
    form.refuse(refused)
    context = {"form": form, "name": name, "problem": problem, "once": _once(request) or token_urlsafe(24)}
    context |= by_form.asked(request)
    return render(request, "reporting/without_account.html", context, status=status)


def _sent(made: Filed) -> dict[str, Any]:
    apart = undelivered(made.incident, terms.filed_of(made.reports))
    files = [] if made.no_room else made.reports[0].content.get("files", [])
    return {"reports": made.reports, "undelivered": apart, "no_room": made.no_room, "files": files}


def _once(request: HttpRequest) -> str:
    """Return by what this form is filed once: sent again after a broken connection, it is there already."""
    given = request.POST.get("once", "")
    return given if ONCE.fullmatch(given) else ""


def _file(request: HttpRequest, facts: dict[str, Any]) -> Filed:
    """File what was given; what was filed before is not filed again. Raises TooMany, RecordNotUsable."""
    if (before := once.filed_before(_once(request))) is not None:
        return before
    contact = str(facts.get("contact_email", "")).lower()
    if REPORTS.take(origins.address(request)).exceeded or MAILS.take(contact).exceeded:
        raise TooMany
    matter = facts.pop(MATTER, "incident")
    try:
        return actions.file_as_guest(
            actor=actor_of(request),
            stage=Stage.EARLY_WARNING,
            facts={**facts, **facts_of(matter)},
            language=language(),
            once=_once(request),
            files=by_form.handed_in(request),
        )
    except IntegrityError:  # sent twice at the same moment: the other one is filed now
        if (before := once.filed_before(_once(request))) is None:
            raise
        return before


@public_page("the link is the proof: whoever reported without account follows the report by it")
@never_cache
@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest, follow: str) -> HttpResponseBase:
    """The report by its link: receipt, and after the mail was answered the messages."""
    if FOLLOWED.take(origins.address(request)).exceeded:
        raise TooMany
    if (old := links.expired(follow)) is not None:
        return _renewed(request, old)
    try:
        identifier = links.opened(follow)
        if request.method == "POST":
            return _go_on(request, follow)
        with tenancy.acting(scheduling.CLERK) as clerk:
            row = reads.access_guest(clerk, identifier)
            filed = reads.reports_of(row)
            context = {
                "row": row,
                "state": STATES[State(row.state)],
                "reports": [(one, showing.stage_title(one.stage)) for one in filed],
                "undelivered": undelivered(row, terms.filed_of(filed)),
                "messages_": reads.messages_of(clerk, row),
                "speak": request.path,
                "follow": follow,
                **(_opened(row, filed) if row.verified_at else {}),
            }
            return render(request, "reporting/follow.html", context)
    except NotFound as problem:
        raise Http404 from problem


def _opened(row: Incident, reports: list[Report]) -> dict[str, Any]:
    """Return what whoever confirmed the address sees besides: the terms, the stages that can be filed, the files."""
    filed, now = terms.filed_of(reports), timezone.now()
    done = terms.stages_filed(filed)
    wanted = rules.next_stage(done)
    return {
        "clocks": [showing.ticking(clock, now) for clock in reached.clocks(row, filed)],
        "opened": [(one.value, STAGE_TITLES[one], one is wanted) for one in rules.open_stages(done)],
        "attachments": reads.attachments_of(row),
    }


def _renewed(request: HttpRequest, identifier: UUID) -> HttpResponseBase:
    """Offer a new link for one that has expired; it goes by mail, so that whoever has the old one learns nothing."""
    if request.method != "POST":
        return render(request, "reporting/guests/expired.html", status=410)
    if not MAILS.take(str(identifier)).exceeded:
        try:
            guests.renew_link(actor=actor_of(request), incident=identifier)
        except NotFound as problem:
            raise Http404 from problem
    messages.success(request, _("If your report is still here, a new link is on its way to your address."))
    return HttpResponseRedirect(reverse("reporting:start"))


def _go_on(request: HttpRequest, follow: str) -> HttpResponseBase:
    actor, identifier = actor_of(request), links.opened(follow)
    try:
        if request.POST.get("do") == "verify":
            actions.verify_guest(actor=actor, incident=identifier)
            messages.success(request, _("Thank you: we know that this address is yours."))
        else:
            file, text = request.FILES.get("file"), request.POST.get("text", "")
            if file is not None:
                content = file.read(actions.LARGEST + 1)
                guests.attach_as_guest(actor=actor, incident=identifier, name=file.name or "", content=content)
            if text.strip() or file is None:
                actions.write_as_guest(actor=actor, incident=identifier, text=text)
            messages.success(request, _("It is sent."))
    except NotFound:
        raise
    except Problem as problem:
        messages.error(request, told(problem))
    return HttpResponseRedirect(reverse("reporting:follow", args=[follow]))
