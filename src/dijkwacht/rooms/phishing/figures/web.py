"""The dashboard of the centre and the public figures."""

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts.permissions import actor_of, allows, page, public_page
from dijkwacht.platform.refusals import attempt, refusals_as_pages
from dijkwacht.rooms.phishing.deciding import brakes
from dijkwacht.rooms.phishing.figures import counting

COUNTER = system("phishing:figures")


@page("phishing:read")
@require_safe
def dashboard(request: HttpRequest) -> HttpResponseBase:
    """How the shield does now."""
    actor = actor_of(request)
    context = {**counting.dashboard(actor), "may_steer": allows(actor, "phishing:steer")}
    return render(request, "phishing/dashboard.html", context)


@page("phishing:steer")
@refusals_as_pages
@require_POST
def steer(request: HttpRequest) -> HttpResponseBase:
    """Halt the machine, or start it again, with a reason."""
    actor, reason = actor_of(request), request.POST.get("reason", "")[:500]
    if request.POST.get("do") == "start":
        attempt(request, lambda: brakes.start(actor=actor, reason=reason), _("The machine works again."))
    else:
        attempt(request, lambda: brakes.stop(actor=actor, reason=reason), _("The machine is halted."))
    return HttpResponseRedirect(reverse("phishing:dashboard"))


@public_page("whole days without individuals, small counts left out")
@require_safe
def statistics(request: HttpRequest) -> HttpResponseBase:
    """What the shield did each day, for everybody."""
    with tenancy.acting(COUNTER):
        days = counting.days(timezone.now())
    return render(request, "phishing/statistics.html", {"days": days, "few": counting.FEW})
