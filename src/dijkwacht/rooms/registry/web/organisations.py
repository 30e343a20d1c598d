"""Organisations: the list, one organisation with all that is known of it, and the form."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dijkwacht.api.paging import PageQuery, paginate
from dijkwacht.kernel.actor import Actor
from dijkwacht.kernel.identifiers import NORMALISERS
from dijkwacht.platform.accounts.permissions import actor_of, allows, page, where
from dijkwacht.rooms.registry import actions, fields, reads, rules
from dijkwacht.rooms.registry.forms import FilterForm, OrganisationForm
from dijkwacht.rooms.registry.models import Organisation
from dijkwacht.rooms.registry.web.shared import back_to, form_page, organisation_page, refusals_as_pages, submitted

PAGE = 50
MOST_ASSETS = 500  # shown at once; the export and the API give all


@page("organisations:read")
@refusals_as_pages
@require_safe
def organisations(request: HttpRequest) -> HttpResponseBase:
    """The organisations that the actor may read, searched and filtered."""
    actor = actor_of(request)
    form = FilterForm(request.GET)
    words, kind, classification, sector = (
        request.GET.get(name, "").replace("\0", "")[:200] for name in ("words", "kind", "classification", "sector")
    )
    if words.strip():
        found = reads.search(actor, words, kind=kind, classification=classification, sector=sector)
        shown: dict[str, Any] = {"items": found, "next": None}
    else:
        rows = reads.organisations_for(actor, kind=kind, classification=classification, sector=sector)
        asked = PageQuery(limit=PAGE, cursor=request.GET.get("cursor", "")[:1000] or None)
        shown = paginate(request, rows, asked, order=["name", "id"])
    context = {
        "form": form,
        "rows": shown["items"],
        "following": shown["next"],
        "best": reads.BEST if len(shown["items"]) == reads.BEST and words.strip() else 0,
        "manages": rules.may_manage(actor),
        "exports": rules.may_export(actor),
        "conflicts": reads.conflicts_for(actor).count(),
    }
    return render(request, "registry/organisations.html", context)


@page("organisations:read")
@require_safe
def mine(request: HttpRequest) -> HttpResponseBase:
    """The organisation of the actor itself; a list when there are several."""
    own = sorted(where(actor_of(request), "organisations:read"), key=str)
    return back_to(own[0]) if len(own) == 1 else HttpResponseRedirect(reverse("registry:organisations"))


@page("organisations:read")
@refusals_as_pages
@require_safe
def organisation(request: HttpRequest, organisation: UUID) -> HttpResponseBase:
    """Everything the registry holds of one organisation."""
    actor = actor_of(request)
    return render(request, "registry/organisation.html", _known(actor, reads.access_organisation(actor, organisation)))


def _known(actor: Actor, row: Organisation) -> dict[str, Any]:
    mandates = [*reads.mandates_for(actor, member=row.id), *reads.mandates_for(actor, relay=row.id)[:MOST_ASSETS]]
    assets = reads.assets_of(actor, row.id)
    return {
        "organisation": row,
        "contacts": reads.contacts_of(actor, row.id),
        "assets": assets[:MOST_ASSETS],
        "more_assets": max(0, assets.count() - MOST_ASSETS),
        "mandates": mandates,
        "names": reads.names_of(mandates),
        "history": reads.history_of(actor, row.id) if actor.is_centre else [],
        "numbers": [(name.upper(), value) for name in NORMALISERS if (value := getattr(row, name))],
        "manages": rules.may_manage(actor),
        "reach": reads.may_reach(actor, row.id),
        "sees_sources": allows(actor, "linkage:read"),
        "keeps": rules.may_keep(actor, row.id),
        "holds": rules.may_hold(actor, row.id),
        "tells": rules.may_tell(actor, row.id),
    }


@page("registry:write")
@refusals_as_pages
@require_http_methods(["GET", "HEAD", "POST"])
def new_organisation(request: HttpRequest) -> HttpResponseBase:
    """A form for a new organisation."""
    start = {"country": "NL", "language": "nl", "active": True, "classification": "other", "declaration": "none"}
    form = OrganisationForm(request.POST or None, initial=start)
    made: list[Organisation] = []
    if submitted(form, lambda v: made.append(actions.create_organisation(actor=actor_of(request), **v))):
        messages.success(request, _("The organisation stands in the registry."))
        return back_to(made[0].id)
    return form_page(request, form, _("New organisation"), reverse("registry:organisations"))


@page("registry:write")
@refusals_as_pages
@require_http_methods(["GET", "HEAD", "POST"])
def edit_organisation(request: HttpRequest, organisation: UUID) -> HttpResponseBase:
    """A form to change an organisation."""
    actor = actor_of(request)
    row = reads.access_organisation(actor, organisation)
    start = {name: getattr(row, name) for name in OrganisationForm.base_fields}
    start |= {name: fields.as_text(start[name]) for name in start if isinstance(start[name], list)}
    start |= {name: fields.as_text(getattr(row, name), "\n") for name in ("addresses", "arrangements")}
    form = OrganisationForm(request.POST or None, initial=start)
    if submitted(form, lambda v: actions.update_organisation(actor=actor, organisation=row.id, **v)):
        messages.success(request, _("The change is stored."))
        return back_to(row.id)
    return form_page(request, form, row.name, organisation_page(row.id))
