"""The pages of a provider: choose customers, and the event with each of them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dijkwacht.kernel.actor import Actor, OrganisationRole
from dijkwacht.kernel.errors import Problem
from dijkwacht.platform.accounts.permissions import actor_of
from dijkwacht.platform.attachments import attached
from dijkwacht.rooms.registry.models import Organisation
from dijkwacht.rooms.reporting import reads as incidents
from dijkwacht.rooms.reporting import rules, showing
from dijkwacht.rooms.reporting.customers import actions, choosing, drafting, reads
from dijkwacht.rooms.reporting.customers.models import ProviderEvent
from dijkwacht.rooms.reporting.enclosing import for_customers
from dijkwacht.rooms.reporting.errors import NotAllowed, NotFound
from dijkwacht.rooms.reporting.forms import language, told
from dijkwacht.rooms.reporting.questions import STAGE_TITLES
from dijkwacht.rooms.reporting.rules import Stage
from dijkwacht.rooms.reporting.web import door

EVENTS = 50  # on the page
LONGEST = 200_000  # characters of a pasted list


@door("customers:report")
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponseBase:
    """Choose for which customers to report: all, those that are ticked, or those of a pasted list."""
    actor = actor_of(request)
    words, pasted = request.GET.get("q", "").strip()[:200], request.POST.get("pasted", "")[:LONGEST]
    problem, status = "", 200
    if request.method == "POST":
        try:
            made = drafting.begin(actor, _chosen(actor, request), _provider(actor, request))
        except Problem as refused:
            if isinstance(refused, NotAllowed | NotFound):
                raise
            problem, status = told(refused), refused.status
        else:
            return HttpResponseRedirect(reverse("reporting:draft", args=[made.id]))
    found, count = choosing.search(actor, words)
    context = {
        "found": found,
        "count": count,
        "words": words,
        "pasted": pasted,
        "ticked": request.POST.getlist("customer"),
        "providers": _providers(actor),
        "events": reads.events_of(actor)[:EVENTS],
        "problem": problem,
    }
    return render(request, "reporting/customers/choose.html", context, status=status)


def _chosen(actor: Actor, request: HttpRequest) -> list[Organisation]:
    which = request.POST.get("which", "")
    if which == "all":
        return choosing.checked(actor, [one.id for one in incidents.filable(actor)])
    if which == "pasted":
        return choosing.of_list(actor, request.POST.get("pasted", "")[:LONGEST])
    return choosing.checked(actor, [_identifier(one) for one in request.POST.getlist("customer")])


def _identifier(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None


def _providers(actor: Actor) -> list[tuple[UUID, str]]:
    """Return the organisations of the actor's own that can be the provider, when there is a choice."""
    own = [one for one, role in actor.memberships.items() if role is not OrganisationRole.READER]
    return sorted(incidents.names_of(own).items(), key=lambda one: one[1]) if len(own) > 1 else []


def _provider(actor: Actor, request: HttpRequest) -> UUID:
    wanted = request.POST.get("provider", "")
    return choosing.provider_of(actor, _identifier(wanted) if wanted else None)


@door("reports:read")
@require_safe
def event(request: HttpRequest, event: UUID) -> HttpResponseBase:
    """One event of the provider: how far filing is, each customer with its incident, what can be told next."""
    actor = actor_of(request)
    row = reads.access_event(actor, event)
    filing, customers = reads.latest_filing(row), reads.customers_of(row)
    readable = _readable(actor, [one.incident_id for one in customers if one.incident_id])
    own = reads.events_of(actor).filter(id=row.id).exists()
    context = {
        "row": row,
        "customers": [(one, one.incident_id in readable, len(one.receipts)) for one in customers],
        "filing": filing,
        "done": reads.progress_of(filing) if filing else 0,
        "problem": (filing.problem or {}).get(language()) if filing else "",
        "facts": showing.rows(row.known) + showing.left_open(row.not_known_yet),
        "files": for_customers.of_event(row.id),
        "opened": _opened(row) if own and filing and filing.filed_at else [],
        "own": own,
        "desk": actor.is_centre,
    }
    return render(request, "reporting/customers/event.html", context)


def _readable(actor: Actor, identifiers: list[UUID]) -> set[UUID]:
    rows = incidents.incidents_for(actor) if actor.is_centre else incidents.incidents_of(actor)
    return set(rows.filter(id__in=identifiers).values_list("id", flat=True))


def _opened(row: ProviderEvent) -> list[tuple[str, Any, bool]]:
    told_ = [Stage(one) for one in reads.stages_filed(row)]
    wanted = rules.next_stage(told_)
    return [(stage.value, STAGE_TITLES[stage], stage is wanted) for stage in rules.open_stages(told_)]


@door("customers:report")
@require_POST
def stage(request: HttpRequest, event: UUID) -> HttpResponseBase:
    """Begin a correction or the next stage, for every customer of the event."""
    actor = actor_of(request)
    row = reads.access_event(actor, event)
    wanted = request.POST.get("stage", "")
    if not reads.events_of(actor).filter(id=row.id).exists():
        raise NotAllowed
    if wanted not in {value for value, _title, _next in _opened(row)}:
        messages.error(request, _("This stage cannot be filed now."))
        return HttpResponseRedirect(reverse("reporting:event", args=[row.id]))
    made = drafting.go_on(actor, row, Stage(wanted))
    return HttpResponseRedirect(reverse("reporting:draft", args=[made.id]))


@door("customers:report")
@require_POST
def leave_out(request: HttpRequest, event: UUID) -> HttpResponseBase:
    """Leave out the customers for whom one may report no more."""
    names = actions.leave_out(actor=actor_of(request), event=event)
    said = ngettext("%(n)s customer is left out.", "%(n)s customers are left out.", len(names)) % {"n": len(names)}
    messages.success(request, said)
    return HttpResponseRedirect(reverse("reporting:event", args=[event]))


@door("reports:read")
@require_safe
def receipts(request: HttpRequest, event: UUID) -> HttpResponseBase:
    """All receipts of an event, in one file."""
    actor = actor_of(request)
    row = reads.access_event(actor, event)
    made = actions.export_receipts(actor=actor, event=row.id)
    return attached(made, "application/zip", f"receipts-{row.number}.zip")
