"""What an organisation was: every field's history, and the register as it stood on a day."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dijkwacht.kernel.actor import Actor
from dijkwacht.kernel.errors import Problem
from dijkwacht.platform.accounts.permissions import actor_of, page
from dijkwacht.rooms.registry import fields, history, reads
from dijkwacht.rooms.registry.forms import HistoryForm, told
from dijkwacht.rooms.registry.vocabulary import Record
from dijkwacht.rooms.registry.web.shared import refusals_as_pages

PAGE = 50  # changes; one change may be several fields
MOST = 500  # rows of a kind shown as of a day; the export gives all


@page("organisations:read")
@refusals_as_pages
@require_safe
def organisation_history(request: HttpRequest, organisation: UUID) -> HttpResponseBase:
    """The timeline of an organisation's fields, or what the register held of it on a day."""
    actor = actor_of(request)
    row = reads.access_organisation(actor, organisation)
    form = HistoryForm(request.GET)
    form.is_valid()
    wanted = form.cleaned_data
    context: dict[str, Any] = {"organisation": row, "form": form}
    if wanted.get("as_of"):
        try:
            day = history.parse(wanted["as_of"])
        except Problem as problem:
            form.add_error("as_of", told(problem))
        else:
            context |= {"day": day, "held": _held(actor, organisation, day)}
    if "held" not in context:
        context |= _timeline(actor, organisation, wanted, request.GET.get("before", ""))
    kept = request.GET.copy()
    kept.pop("before", None)
    context["query"] = kept.urlencode()
    return render(request, "registry/history.html", context, status=422 if form.errors else 200)


def _timeline(actor: Actor, organisation: UUID, wanted: dict[str, Any], before: str) -> dict[str, Any]:
    record = wanted.get("record", "") if wanted.get("record", "") in set(Record) else ""
    field = wanted.get("field", "")[:40].replace("\0", "")
    after = int(before) if before.isascii() and before.isdigit() and len(before) < len(str(2**63)) else None
    rows = list(history.changes_of(actor, organisation, record=record, field=field, before=after)[: PAGE + 1])
    following = rows[PAGE - 1].id if len(rows) > PAGE else None
    without = () if reads.may_reach(actor, organisation) else fields.REACH
    shown = [
        {"change": change, "lines": history.lines(actor, change, field=field, without=without)}
        for change in rows[:PAGE]
    ]
    return {"changes": shown, "following": following}


def _held(actor: Actor, organisation: UUID, day: history.AsOf) -> list[dict[str, Any]]:
    """Each kind of record with its rows; a row is its filled fields."""
    found = []
    for record in Record:
        versions = history.as_of(actor, day.moment, record=record, organisation=organisation)
        rows = [
            [(name, value) for name, value in sorted(version.values.items()) if value not in ("", None, [])]
            for version, _ in zip(versions, range(MOST), strict=False)
        ]
        found.append({"record": record.value, "rows": rows})
    return found
