"""The pages of on-call duty: the schedule with its gaps, the alarms, and the link in a message."""

from collections.abc import Callable
from datetime import timedelta
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
from django.views.decorators.http import require_http_methods, require_POST

from dijkwacht.api.limits import Buckets
from dijkwacht.kernel.errors import Problem
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts import origins
from dijkwacht.platform.accounts.permissions import actor_of, public_page
from dijkwacht.platform.outbox.webhook import signing_secret
from dijkwacht.rooms.reporting.errors import AlreadyDone, NotAllowed, NotFound, TooMany
from dijkwacht.rooms.reporting.forms import told
from dijkwacht.rooms.reporting.oncall import actions, reads, rules
from dijkwacht.rooms.reporting.oncall.cleaning import COLUMNS, LARGEST
from dijkwacht.rooms.reporting.scheduling import CLERK
from dijkwacht.rooms.reporting.submitted import submitted
from dijkwacht.rooms.reporting.web import door

AHEAD: Final = timedelta(weeks=4)  # within which a gap is shown
SHOWN: Final = 20  # alarms and gaps
FOLLOWED: Final = Buckets("duty-links", 120)  # by an address, in a minute


@door("duty:write")
@require_http_methods(["GET", "HEAD", "POST"])
def duty(request: HttpRequest) -> HttpResponseBase:
    """Who is on duty, the alarms, the schedule and its gaps; a shift is added here."""
    values = {name: request.POST.get(name, "").strip() for name in COLUMNS}

    def change() -> str:
        actions.keep_shift(actor=actor_of(request), values=values)
        return reverse("reporting:duty")

    onward, problem, status = submitted(request, change, _("The shift is kept."))
    if onward:
        return onward
    context = {**_shown(request), "values": values, "problem": problem}
    return render(request, "reporting/oncall/duty.html", context, status=status)


def _shown(request: HttpRequest) -> dict[str, Any]:
    actor, now = actor_of(request), timezone.now()
    shifts = reads.shifts_from(actor, now)
    return {
        "shifts": [(one, sorted(one.ways.items()), one.starts_at <= now) for one in shifts],
        "on_duty": rules.on_duty(shifts, now),
        "gaps": rules.gaps(shifts, now, now + AHEAD)[:SHOWN] if shifts else [],
        "alarms": reads.latest_alarms(actor, SHOWN),
        "secret": signing_secret(None),
    }


def _done(request: HttpRequest, do: Callable[[], str]) -> HttpResponseBase:
    """Do one thing and go back to the page, saying how it went."""
    try:
        said = do()
    except (NotAllowed, NotFound):
        raise
    except Problem as problem:
        messages.error(request, told(problem))
    else:
        messages.success(request, said)
    return HttpResponseRedirect(reverse("reporting:duty"))


@door("duty:write")
@require_POST
def import_shifts(request: HttpRequest) -> HttpResponseBase:
    """Take in a file of shifts: all of it, or nothing."""
    file = request.FILES.get("file")
    content = file.read(LARGEST + 1) if file is not None else b""

    def do() -> str:
        new, known = actions.import_shifts(actor=actor_of(request), content=content)
        return _("%(new)s new shifts, %(known)s that were there.") % {"new": new, "known": known}

    return _done(request, do)


@door("duty:write")
@require_POST
def remove(request: HttpRequest, shift: UUID) -> HttpResponseBase:
    """Take a shift out."""

    def do() -> str:
        actions.remove_shift(actor=actor_of(request), shift=shift)
        return _("The shift is removed.")

    return _done(request, do)


@door("duty:write")
@require_POST
def acknowledge(request: HttpRequest, alarm: UUID) -> HttpResponseBase:
    """Take an alarm at the desk."""

    def do() -> str:
        actions.acknowledge(actor=actor_of(request), alarm=alarm)
        return _("You took it; nobody more is called.")

    return _done(request, do)


@public_page("the link is the proof: whoever was called takes the alarm by it, at night, without signing in")
@never_cache
@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, duty_link: str) -> HttpResponseBase:
    """The link of a message: it says that there is something, and takes it with a button. It tells no fact."""
    if FOLLOWED.take(origins.address(request)).exceeded:
        raise TooMany
    try:
        if request.method == "POST":
            try:
                actions.acknowledge_by_link(actor=actor_of(request), link=duty_link)
            except AlreadyDone as problem:
                messages.error(request, told(problem))
            return HttpResponseRedirect(reverse("reporting:duty-link", args=[duty_link]))
        with tenancy.acting(CLERK):
            call = reads.called(duty_link)
            return render(request, "reporting/oncall/link.html", {"call": call, "alarm": call.alarm})
    except NotFound as problem:
        raise Http404 from problem
