"""Comparisons with a business register: their counts, each difference, and what to do about it."""

from collections.abc import Callable, Iterator
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from dijkwacht.api.paging import PageQuery, paginate
from dijkwacht.platform.accounts.permissions import actor_of, page
from dijkwacht.platform.refusals import attempt
from dijkwacht.rooms.registry import actions
from dijkwacht.rooms.registry.comparing import reads as comparing
from dijkwacht.rooms.registry.comparing.models import Comparison, Difference
from dijkwacht.rooms.registry.comparing.rules import Effect, Field
from dijkwacht.rooms.registry.extracts.files import File, as_csv
from dijkwacht.rooms.registry.web.numbers import attachment
from dijkwacht.rooms.registry.web.shared import refusals_as_pages

PAGE: Final = 50
MOST: Final = 100_000  # differences in one file
COLUMNS: Final = ("organisation", "name", "kvk", "field", "ours", "theirs", "effect", "would_be", "state", "source")
TOGETHER: Final = (Field.LEGAL_FORM, Field.ACTIVITIES, Field.STAFF)


@page("registry:write")
@refusals_as_pages
@require_safe
def comparisons(request: HttpRequest) -> HttpResponseBase:
    """The comparisons, newest first."""
    return render(request, "registry/comparisons.html", {"rows": comparing.comparisons_for(actor_of(request))[:PAGE]})


@page("registry:write")
@refusals_as_pages
@require_safe
def comparison(request: HttpRequest, comparison: UUID) -> HttpResponseBase:
    """The counts of a comparison and its differences, those that would change something first."""
    actor = actor_of(request)
    row = comparing.access_comparison(actor, comparison)
    field, effect = _chosen(request)
    found = comparing.differences_of(actor, row.id, field=field, effect=effect)
    asked = PageQuery(limit=PAGE, cursor=request.GET.get("cursor", "")[:1000] or None)
    shown = paginate(request, found, asked, order=["id"])
    context = {
        "comparison": row,
        "counts": list(_counts(row)),
        "rows": shown["items"],
        "following": shown["next"],
        "field": field,
        "effect": effect,
        "together": TOGETHER,
    }
    return render(request, "registry/comparison.html", context)


def _chosen(request: HttpRequest) -> tuple[str, str]:
    field, effect = request.GET.get("field", ""), request.GET.get("effect", "")
    return field if field in set(Field) else "", effect if effect in set(Effect) else ""


def _counts(row: Comparison) -> Iterator[dict[str, Any]]:
    for field in Field:
        yield {"kind": "field", "word": field.value, "number": row.counts.get(f"field:{field}", 0)}
    for effect in Effect:
        if effect:
            yield {"kind": "effect", "word": effect.value, "number": row.counts.get(f"effect:{effect}", 0)}


@page("registry:write")
@refusals_as_pages
@require_safe
def differences_file(request: HttpRequest, comparison: UUID) -> HttpResponseBase:
    """The differences as CSV; what a spreadsheet would run as a formula is guarded."""
    actor = actor_of(request)
    row = comparing.access_comparison(actor, comparison)
    field, effect = _chosen(request)
    rows = [_cells(one) for one in comparing.differences_of(actor, row.id, field=field, effect=effect)[:MOST]]
    return attachment(File(f"differences-{row.sha256[:12]}.csv", as_csv(COLUMNS, rows), len(rows)))


def _cells(row: Difference) -> list[Any]:
    organisation = [str(row.organisation_id), row.organisation.name, row.organisation.kvk]
    return [*organisation, row.field, row.ours, row.theirs, row.effect, row.would_be, row.state, row.comparison.source]


def _decide(request: HttpRequest, take: Callable[..., Difference], difference: UUID, done: str) -> HttpResponseBase:
    row = comparing.access_difference(actor_of(request), difference)
    attempt(request, lambda: take(actor=actor_of(request), difference=difference), done)
    address = reverse("registry:comparison", args=[row.comparison_id])
    return HttpResponseRedirect(f"{address}?field={row.field}")


@page("registry:write")
@refusals_as_pages
@require_POST
def accept(request: HttpRequest, difference: UUID) -> HttpResponseBase:
    """Take over what the business register says."""
    return _decide(request, actions.accept_difference, difference, _("It is taken over."))


@page("registry:write")
@refusals_as_pages
@require_POST
def ask(request: HttpRequest, difference: UUID) -> HttpResponseBase:
    """Ask the organisation."""
    return _decide(request, actions.ask_about_difference, difference, _("The organisation is asked."))


@page("registry:write")
@refusals_as_pages
@require_POST
def dismiss(request: HttpRequest, difference: UUID) -> HttpResponseBase:
    """Let it be."""
    return _decide(request, actions.dismiss_difference, difference, _("It stays as it is."))


@page("registry:write")
@refusals_as_pages
@require_POST
def accept_all(request: HttpRequest, comparison: UUID) -> HttpResponseBase:
    """Take over the next differences of one field that would change nothing else."""
    actor, field = actor_of(request), request.POST.get("field", "")
    taken: list[int] = []

    def take() -> None:
        taken.append(actions.accept_differences(actor=actor, comparison=comparison, field=field))

    comparing.access_comparison(actor, comparison)
    attempt(request, take, "")
    messages.success(request, _("Taken over: %(number)s.") % {"number": taken[0] if taken else 0})
    return HttpResponseRedirect(f"{reverse('registry:comparison', args=[comparison])}")
