"""Who watches over which sector, and what such a reader sees first."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dijkwacht.platform.accounts.permissions import actor_of, page
from dijkwacht.platform.refusals import attempt
from dijkwacht.rooms.registry import actions, fields, reach, reads
from dijkwacht.rooms.registry.extracts.sectors import place, sectors
from dijkwacht.rooms.registry.forms import DesignationForm, language
from dijkwacht.rooms.registry.models import OrganisationSector
from dijkwacht.rooms.registry.web.shared import refusals_as_pages, submitted


@page("designations:write")
@refusals_as_pages
@require_http_methods(["GET", "HEAD", "POST"])
def designations(request: HttpRequest) -> HttpResponseBase:
    """The designations, and a form for another."""
    actor = actor_of(request)
    form = DesignationForm(request.POST or None)

    def change(values: dict[str, object]) -> None:
        reader = reads.organisation_called(actor, form.cleaned_data["reader"])
        if reader is None:
            raise fields.invalid("reader", form.cleaned_data["reader"], "deze is er niet", "there is no such one")
        actions.designate(actor=actor, reader=reader.id, **values)  # type: ignore[arg-type]

    if submitted(form, change):
        messages.success(request, _("The designation is stored."))
        return HttpResponseRedirect(reverse("registry:designations"))
    context = {"form": form, "rows": reach.designations_for(actor)[:500]}
    return render(request, "registry/designations.html", context, status=422 if form.errors else 200)


@page("designations:write")
@refusals_as_pages
@require_POST
def end_designation(request: HttpRequest, designation: UUID) -> HttpResponseBase:
    """Let a designation end."""
    attempt(
        request,
        lambda: actions.end_designation(actor=actor_of(request), designation=designation),
        _("The designation has ended."),
    )
    return HttpResponseRedirect(reverse("registry:designations"))


@page("sectors:read")
@require_safe
def my_sectors(request: HttpRequest) -> HttpResponseBase:
    """The sectors somebody watches over, with how many entities stand in each."""
    actor = actor_of(request)
    active = Q(organisation__active=True)
    counts = (
        OrganisationSector.objects.filter(active, sector__in=actor.sectors)
        .values("sector")
        .annotate(
            essential=Count("id", filter=Q(organisation__classification="essential")),
            important=Count("id", filter=Q(organisation__classification="important")),
            other=Count("id", filter=~Q(organisation__classification__in=["essential", "important"])),
        )
    )
    by_code: dict[str, dict[str, Any]] = {row["sector"]: dict(row) for row in counts}
    titles, spoken = sectors(reads.today()), language()
    rows = [
        (code, titles[code].title(spoken), by_code.get(code, {}))
        for code in sorted(actor.sectors, key=place)
        if code in titles
    ]
    context = {"rows": rows, "designations": reach.designations_for(actor)}
    return render(request, "registry/sectors.html", context)
