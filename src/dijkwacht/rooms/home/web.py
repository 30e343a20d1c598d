"""The first page: of the one organisation that somebody acts for, or the choice between several."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from dijkwacht.platform.accounts.permissions import actor_of, allows, page
from dijkwacht.rooms.home import reads, visits
from dijkwacht.rooms.home.errors import NotFound
from dijkwacht.rooms.registry.errors import NotFound as NotInRegistry

ROWS = 50


@require_safe
@page("home:read")
def mine(request: HttpRequest) -> HttpResponseBase:
    """Lead to the home of the only organisation, or let somebody with several choose."""
    rows = reads.organisations_of(actor_of(request))
    if len(rows) == 1:
        return redirect("home:organisation", organisation=rows[0].id)
    return render(request, "home/choose.html", {"rows": rows})


@require_safe
@page("home:read")
def organisation(request: HttpRequest, organisation: UUID) -> HttpResponseBase:
    """The home of an organisation; of a relay its members come first."""
    actor = actor_of(request)
    try:
        row = reads.access_own(actor, organisation)
    except (NotFound, NotInRegistry) as problem:
        raise Http404 from problem
    found = reads.home_of(actor, row, since=visits.look(actor, row.id))
    context = {"home": found, "keeps": actor.administers(row.id)}
    if row.id in actor.relays and allows(actor, "relay:read"):
        members = reads.access_relay(actor, row.id)
        context |= {"members": members, "rows": Paginator(members.members, ROWS).get_page(request.GET.get("page"))}
    return render(request, "home/organisation.html", context)
