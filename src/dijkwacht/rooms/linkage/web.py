"""Pages: registers come in, the dry run, applying it."""

from uuid import UUID

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dijkwacht.kernel.errors import Problem
from dijkwacht.platform.accounts.permissions import actor_of, page
from dijkwacht.platform.refusals import attempt, refusals_as_pages
from dijkwacht.rooms.linkage import actions, reads, rules
from dijkwacht.rooms.linkage.errors import NotAllowed
from dijkwacht.rooms.linkage.forms import HandInForm, language, told
from dijkwacht.rooms.linkage.linking.mapping import LARGEST

SHOWN = 50


@page("linkage:read")
@require_safe
def merges(request: HttpRequest) -> HttpResponseBase:
    """The merges, newest first, and how many pairs wait."""
    actor = actor_of(request)
    context = {
        "merges": reads.merges_for(actor)[:SHOWN],
        "waiting": reads.pairs_for(actor).count(),
        "may_merge": rules.may_merge(actor),
    }
    return render(request, "linkage/merges.html", context)


@page("linkage:write")
@refusals_as_pages
@require_http_methods(["GET", "HEAD", "POST"])
def hand_in(request: HttpRequest) -> HttpResponseBase:
    """A form for registers and their mapping file."""
    form = HandInForm(request.POST or None, request.FILES or None)
    if form.is_bound and form.is_valid():
        wanted = form.cleaned_data
        try:
            made = actions.hand_in(
                actor=actor_of(request),
                title=wanted["title"],
                mapping=wanted["mapping"].read(LARGEST + 1),
                files=[(one.name, one.chunks()) for one in wanted["registers"]],
            )
        except NotAllowed:
            raise
        except Problem as problem:
            form.add_error("mapping", told(problem))
        else:
            return HttpResponseRedirect(reverse("linkage:merge", args=[made.id]))
    return render(request, "linkage/hand_in.html", {"form": form}, status=422 if form.errors else 200)


@page("linkage:read")
@refusals_as_pages
@require_safe
def merge(request: HttpRequest, merge: UUID) -> HttpResponseBase:
    """What would happen, or what happened."""
    actor = actor_of(request)
    row = reads.access_merge(actor, merge)
    nl = language() == "nl"
    notes = [{**note, "reason": note["nl" if nl else "en"]} for note in row.report.get("notes", [])[:SHOWN]]
    context = {
        "merge": row,
        "fault": row.fault_nl if nl else row.fault_en,
        "notes": notes,
        "may_merge": rules.may_merge(actor),
    }
    return render(request, "linkage/merge.html", context)


@page("linkage:write")
@refusals_as_pages
@require_POST
def apply(request: HttpRequest, merge: UUID) -> HttpResponseBase:
    """Ask for the registry to take it over."""
    actor = actor_of(request)
    attempt(request, lambda: actions.apply_merge(actor=actor, merge=merge), _("The registry is taking it over."))
    return HttpResponseRedirect(reverse("linkage:merge", args=[merge]))


@page("linkage:write")
@refusals_as_pages
@require_POST
def withdraw(request: HttpRequest, merge: UUID) -> HttpResponseBase:
    """Leave it unapplied."""
    actor = actor_of(request)
    attempt(request, lambda: actions.withdraw_merge(actor=actor, merge=merge), _("The dry run is withdrawn."))
    return HttpResponseRedirect(reverse("linkage:merge", args=[merge]))
