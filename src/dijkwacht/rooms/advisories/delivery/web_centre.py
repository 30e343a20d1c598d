"""The centre's pages: who was told of an advisory, on which ground, who answered what, who has not."""

import json
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Max
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.accounts.permissions import actor_of, allows, page
from dijkwacht.platform.refusals import attempt, refusals_as_pages
from dijkwacht.rooms.advisories.delivery import actions, reads, reads_centre, reads_matching
from dijkwacht.rooms.advisories.delivery.errors import NotAllowed, NotFound
from dijkwacht.rooms.advisories.delivery.models import Concern
from dijkwacht.rooms.notification.listing import is_uuid
from dijkwacht.rooms.notification.rendering.inert import table

ROWS: Final = 100
COLUMNS: Final = (
    "organisation",
    "name",
    "version",
    "ground",
    "verdict",
    "sure",
    "lines",
    "told",
    "routes",
    "states",
    "read_at",
    "answer",
    "answered_at",
    "how",
    "note",
)
GROUPED: Final = {
    "lists": reads_matching.inventories_of,
    "products": reads_matching.products_of,
    "lines": reads_matching.lines_of,
}
TYPES: Final = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


@require_http_methods(["GET", "HEAD", "POST"])
@page("inventory:read")
@refusals_as_pages
def advisories(request: HttpRequest) -> HttpResponseBase:
    """Every advisory that concerns somebody, with how many were told and answered. POST matches the chosen again."""
    actor = actor_of(request)
    if not actor.is_centre:
        raise NotAllowed
    if request.method == "POST":
        return _match_chosen(request, actor)
    rows = Concern.objects.values("advisory").annotate(
        version=Max("version"), organisations=Count("organisation", distinct=True), newest=Max("created_at")
    )
    shown = Paginator(rows.order_by("-newest", "advisory"), ROWS).get_page(request.GET.get("page"))
    known = reads.versions((row["advisory"], row["version"]) for row in shown)
    found = [{**row, "known": known.get((row["advisory"], row["version"]))} for row in shown]
    context = {"found": found, "rows": shown, "may_run": allows(actor, "advisories:write")}
    return render(request, "advisories/delivery/told.html", context)


def _match_chosen(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    chosen = {UUID(one) for one in request.POST.getlist("advisory")[:ROWS] if is_uuid(one)}
    newest = [(one, version) for one in sorted(chosen) if (version := reads.newest_version(one))]
    if allows(actor, "advisories:write") and not newest:
        messages.error(request, _("Choose the advisories to match again first."))
    else:
        said = _("They are matched with every inventory again; reload this page in a moment.")
        attempt(request, lambda: actions.match_again(actor=actor, advisories=newest), said)
    return redirect("advisories:told")


@require_http_methods(["GET", "HEAD", "POST"])
@page("inventory:read")
@refusals_as_pages
def reach(request: HttpRequest, told: UUID) -> HttpResponseBase:
    """One advisory: who, why, told how, answered what; the share over time. POST matches it again."""
    actor = actor_of(request)
    rows = reads_centre.reach_of(actor, told)
    newest = reads.newest_version(told) or 0
    if request.method == "POST":
        wanted = [(told, newest)] if newest else []
        attempt(
            request,
            lambda: actions.match_again(actor=actor, advisories=wanted),
            _("It is matched with every inventory again; reload this page in a moment."),
        )
        return redirect("advisories:reach", told=told)
    known = reads.versions([(told, newest)]).get((told, newest))
    if known is None:
        raise NotFound
    concerned = [one for one in rows if one["concern"].ground == "match" and one["concern"].verdict != "not_affected"]
    context = {
        "advisory": known,
        "rows": Paginator(rows, ROWS).get_page(request.GET.get("page")),
        "concerned": len(concerned),
        "answered": sum(one["answer"] is not None for one in concerned),
        "patched": sum(one["answer"] is not None and one["answer"].answer == "patched" for one in concerned),
        "days": reads_centre.answered_by_day(actor, told),
        "counts": reads_centre.counts(actor, told),
        "may_run": allows(actor, "advisories:write"),
    }
    return render(request, "advisories/delivery/reach.html", context)


@require_safe
@page("inventory:read")
@refusals_as_pages
def inventories(request: HttpRequest, told: UUID) -> HttpResponseBase:
    """What one document meets (CSAF 2.0 9.1.13, 9.1.17): lists, products or lines; all, or those of SBOMs alone."""
    actor = actor_of(request)
    by, sbom = request.GET.get("by", ""), request.GET.get("sbom") == "yes"
    by = by if by in GROUPED else "lists"
    rows = Paginator(GROUPED[by](actor, told, sbom=sbom), ROWS).get_page(request.GET.get("page"))
    newest = reads.newest_version(told) or 0
    known = reads.versions([(told, newest)]).get((told, newest))
    if known is None:
        raise NotFound
    context = {"advisory": known, "rows": rows, "by": by, "sbom": sbom}
    context["counts"] = reads_centre.counts(actor, told, sbom=sbom)
    return render(request, "advisories/delivery/met.html", context)


@require_safe
@page("inventory:read")
@refusals_as_pages
def export(request: HttpRequest, told: UUID, form: str) -> StreamingHttpResponse:
    """The same as CSV (formula-safe) or JSON; the export is recorded."""
    actor = actor_of(request)
    rows = [values(one) for one in reads_centre.reach_of(actor, told)]
    actions.note_export(actor=actor, advisory=told, form=form, rows=len(rows))
    if form == "csv":
        content = table(COLUMNS, ([row[name] for name in COLUMNS] for row in rows))
    else:
        content = json.dumps({"advisory": str(told), "organisations": rows}, ensure_ascii=False).encode()
    answer = StreamingHttpResponse([content], content_type=TYPES[form])
    answer["Content-Disposition"] = f'attachment; filename="reach.{form}"'
    return answer


def values(one: dict[str, Any]) -> dict[str, Any]:
    """Return one receiver as files and programs read it."""
    concern, said = one["concern"], one["answer"]
    return {
        "organisation": str(one["organisation"].id),
        "name": one["organisation"].name,
        "version": concern.version,
        "ground": concern.ground,
        "verdict": concern.verdict,
        "sure": concern.sure,
        "lines": concern.lines,
        "told": concern.told,
        "routes": " ".join(sorted({way.route for way in one["ways"]})),
        "states": " ".join(sorted({way.state for way in one["ways"]})),
        "read_at": concern.read_at.isoformat() if concern.read_at else "",
        "answer": said.answer if said else "",
        "answered_at": said.at.isoformat() if said else "",
        "how": said.how if said else "",
        "note": said.note if said else "",
    }
