"""The pages of the single point of contact: its queue, and the contacts abroad."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from dijkwacht.platform.accounts.permissions import actor_of
from dijkwacht.rooms.reporting import showing
from dijkwacht.rooms.reporting.crossing import actions, reads, showing_versions
from dijkwacht.rooms.reporting.crossing.models import Crossing
from dijkwacht.rooms.reporting.crossing.rules import RELAY, TELL_STATE, UNION, PointKind
from dijkwacht.rooms.reporting.submitted import submitted
from dijkwacht.rooms.reporting.web import door

PAGE = 50
KINDS = {
    PointKind.SPOC: gettext_lazy("single point of contact (NIS2)"),
    PointKind.NETCODE: gettext_lazy("contact under the Netcode"),
}


@door("incidents:handle")
@require_safe
def abroad(request: HttpRequest) -> HttpResponseBase:
    """What waits for the single point of contact, what came from other states, and what went."""
    actor, now = actor_of(request), timezone.now()
    went = Paginator(reads.sent(actor), PAGE).get_page(request.GET.get("page"))
    came = reads.inbound(actor)[:PAGE]
    context = {
        "waiting": [_line(row, now) for row in reads.open_crossings(actor)],
        "inbound": [(row, showing.left(row.incident.received_at + RELAY, now)) for row in came],
        "went": [(row, showing_versions.audience_title(row.audience, row.country)) for row in went],
        "page": went,
    }
    return render(request, "reporting/crossing/abroad.html", context)


def _line(row: Crossing, now: Any) -> dict[str, Any]:
    due = row.since + TELL_STATE
    return {
        "row": row,
        "state": "ENISA" if row.country == UNION else row.country,
        "due": showing.moment(due),
        "machine": due.isoformat(timespec="seconds"),
        "left": showing.left(due, now),
        "urgency": showing.urgency(due, now),
    }


@door("incidents:handle")
@require_http_methods(["GET", "HEAD", "POST"])
def points(request: HttpRequest) -> HttpResponseBase:
    """The contacts abroad, and a form to add one."""
    actor, given = actor_of(request), request.POST

    def change() -> str:
        actions.add_point(actor=actor, values=given.dict())
        return reverse("reporting:points")

    onward, problem, status = submitted(request, change, _("It is done."))
    if onward:
        return onward
    rows = [(row, KINDS[PointKind(row.kind)]) for row in reads.points(actor)]
    context = {"rows": rows, "given": given, "kinds": KINDS.items(), "problem": problem}
    return render(request, "reporting/crossing/points.html", context, status=status)


@door("incidents:handle")
@require_http_methods(["GET", "HEAD", "POST"])
def point(request: HttpRequest, point: UUID) -> HttpResponseBase:
    """One contact abroad, to change, to check or to stop."""
    actor, given = actor_of(request), request.POST
    row = reads.access_point(actor, point)

    def change() -> str:
        active = given.get("active") == "yes"
        actions.change_point(actor=actor, point=row.id, values=given.dict(), active=active)
        return reverse("reporting:points")

    onward, problem, status = submitted(request, change, _("It is done."))
    if onward:
        return onward
    shown = given if request.method == "POST" else {name: getattr(row, name) for name in actions.POINT_FIELDS}
    context = {"row": row, "given": shown, "kinds": KINDS.items(), "problem": problem}
    return render(request, "reporting/crossing/point.html", context, status=status)
