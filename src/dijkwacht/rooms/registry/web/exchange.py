"""Files in and out, and the conflicts that an officer decides."""

from collections.abc import Iterable
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dijkwacht.kernel.actor import Actor
from dijkwacht.kernel.errors import Problem
from dijkwacht.platform.accounts.permissions import actor_of, page
from dijkwacht.platform.refusals import attempt
from dijkwacht.rooms.registry import actions, reads
from dijkwacht.rooms.registry.errors import NotAllowed
from dijkwacht.rooms.registry.evidence import Evidence, evidence_for
from dijkwacht.rooms.registry.exchange.report import Report
from dijkwacht.rooms.registry.forms import ImportForm, language, told
from dijkwacht.rooms.registry.models import Asset, AssetConflict
from dijkwacht.rooms.registry.web.shared import refusals_as_pages

Side = tuple[Asset, list[Evidence]]
SHOWN = 500  # refused rows on the page; the command line lists them all
TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


@page("registry:write")
@refusals_as_pages
@require_http_methods(["GET", "HEAD", "POST"])
def import_page(request: HttpRequest) -> HttpResponseBase:
    """A form for a file, and the report of what became of it."""
    form = ImportForm(request.POST or None, request.FILES or None)
    report: Report | None = None
    if form.is_bound and form.is_valid():
        wanted = form.cleaned_data
        try:
            report = actions.import_file(
                actor=actor_of(request),
                file=wanted["file"],
                name=wanted["file"].name,
                evidence=wanted["evidence"],
                try_only=wanted["try_only"],
            )
        except NotAllowed:
            raise
        except Problem as problem:
            form.add_error("file", told(problem))
    context = {"form": form, "report": report, "rows": _rows(report) if report else []}
    return render(request, "registry/import.html", context, status=422 if form.errors else 200)


def _rows(report: Report) -> list[dict[str, object]]:
    """Return the refusals and notes with the reason in the reader's language."""
    mark = {True: _("refused"), False: _("changed")}
    listed = [(True, row) for row in report.refusals[:SHOWN]] + [(False, row) for row in report.notes[:SHOWN]]
    return [
        {"row": row, "mark": mark[bad], "reason": row.reason_nl if language() == "nl" else row.reason_en}
        for bad, row in listed
    ]


@page("registry:export")
@refusals_as_pages
@require_safe
def export(request: HttpRequest, ending: str) -> HttpResponseBase:
    """The registry as a file."""
    name = f"registry.{ending}"
    answer = StreamingHttpResponse(actions.export_file(actor=actor_of(request), name=name), content_type=TYPES[ending])
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@page("registry:write")
@require_safe
def conflicts(request: HttpRequest) -> HttpResponseBase:
    """The conflicts that wait, oldest first, and the latest decisions."""
    actor = actor_of(request)
    waiting, resting = reads.conflicts_for(actor)[:100], reads.conflicts_at_rest(actor)[:50]
    context = {
        "groups": [
            (_("Waiting, oldest first"), _with_evidence(actor, waiting)),
            (_("Resting: one side has shown its proof, the other nothing yet"), _with_evidence(actor, resting)),
        ],
        "decided": reads.conflicts_for(actor, undecided=False)[:20],
    }
    return render(request, "registry/conflicts.html", context)


def _with_evidence(actor: Actor, conflicts: Iterable[AssetConflict]) -> list[tuple[AssetConflict, list[Side]]]:
    """Return each conflict with its two sides and what either has shown."""
    rows = list(conflicts)
    assets = [asset for row in rows for asset in (row.first, row.second)]
    known = evidence_for(actor, assets, language())
    return [(row, [(asset, known.get(asset.id, [])) for asset in (row.first, row.second)]) for row in rows]


@page("registry:write")
@refusals_as_pages
@require_POST
def decide(request: HttpRequest, conflict: UUID) -> HttpResponseBase:
    """Decide a conflict."""
    decision, reason = request.POST.get("decision", ""), request.POST.get("reason", "")
    attempt(
        request,
        lambda: actions.decide_conflict(actor=actor_of(request), conflict=conflict, decision=decision, reason=reason),
        _("The conflict is decided."),
    )
    return HttpResponseRedirect(reverse("registry:conflicts"))
