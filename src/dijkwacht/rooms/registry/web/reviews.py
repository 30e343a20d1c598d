"""Reviews: the campaigns of the centre, and the page on which an organisation confirms its registration."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.accounts.permissions import actor_of, page
from dijkwacht.platform.refusals import attempt
from dijkwacht.rooms.registry import actions, reads, rules
from dijkwacht.rooms.registry.forms_upkeep import ReviewForm
from dijkwacht.rooms.registry.models import Organisation
from dijkwacht.rooms.registry.upkeep import reads as upkeep_reads
from dijkwacht.rooms.registry.upkeep.groups import GROUPS
from dijkwacht.rooms.registry.upkeep.models import ReviewCampaign
from dijkwacht.rooms.registry.web.shared import refusals_as_pages, submitted

SHOWN = 100


@page("registry:write")
@refusals_as_pages
@require_http_methods(["GET", "HEAD", "POST"])
def reviews(request: HttpRequest) -> HttpResponseBase:
    """The campaigns with their progress, and a form to start one."""
    actor = actor_of(request)
    form = ReviewForm(request.POST or None, initial={"title": _("Review of registrations")})
    made: list[ReviewCampaign] = []
    if submitted(form, lambda _v: made.append(actions.start_review(actor=actor, **form.cleaned_data))):
        messages.success(request, _("The review has started; mails go out in the next minutes."))
        return HttpResponseRedirect(reverse("registry:review-campaign", args=[made[0].id]))
    context = {"form": form, "campaigns": upkeep_reads.review_campaigns_for(actor)[:SHOWN]}
    return render(request, "registry/reviews.html", context, status=422 if form.errors else 200)


@page("registry:write")
@refusals_as_pages
@require_safe
def review_campaign(request: HttpRequest, review_campaign: UUID) -> HttpResponseBase:
    """How far a campaign is, and who does not answer: those to call."""
    actor = actor_of(request)
    row = upkeep_reads.access_review_campaign(actor, review_campaign)
    silent = (
        upkeep_reads.reviews_for(actor, campaign=row.id).filter(confirmed_at=None).order_by("-mails", "due_on", "id")
    )
    context = {"campaign": row, "silent": silent[:SHOWN], "today": reads.today(), "groups": len(GROUPS)}
    return render(request, "registry/review_campaign.html", context)


@page("changes:write")
@refusals_as_pages
@require_safe
def review(request: HttpRequest, organisation: UUID) -> HttpResponseBase:
    """What is registered, group by group, each to be confirmed or changed."""
    actor = actor_of(request)
    row = reads.access_organisation(actor, organisation)
    rules.require(rules.may_tell(actor, row.id))
    latest = upkeep_reads.reviews_for(actor, organisation=row.id).order_by("-due_on", "id").first()
    context = {"organisation": row, "review": latest, "groups": _groups(actor, row, latest.confirmed if latest else {})}
    return render(request, "registry/review.html", context)


def _groups(actor: Actor, row: Organisation, confirmed: dict[str, str]) -> list[dict[str, Any]]:
    names = {
        "identity": _("Who you are"),
        "activities": _("What you do"),
        "reach": _("How to reach you"),
        "contacts": _("Contacts"),
        "assets": _("Assets"),
    }
    found: list[dict[str, Any]] = []
    for group, own in GROUPS.items():
        facts = [(name, getattr(row, name)) for name in own]
        if group == "contacts":
            facts = [(contact.role, f"{contact.name} {contact.email}") for contact in reads.contacts_of(actor, row.id)]
        if group == "assets":
            facts = [(asset.kind, asset.value) for asset in reads.assets_of(actor, row.id)[:SHOWN]]
        found.append({"group": group, "name": names[group], "facts": facts, "confirmed": group in confirmed})
    return found


@page("changes:write")
@refusals_as_pages
@require_POST
def confirm_review(request: HttpRequest, review: UUID) -> HttpResponseBase:
    """Say that a group is still right."""
    actor, group = actor_of(request), request.POST.get("group", "")
    owner = upkeep_reads.access_review(actor, review).organisation_id
    attempt(
        request,
        lambda: actions.confirm_review(actor=actor, review=review, group=group),
        _("Kept: still right."),
    )
    return HttpResponseRedirect(reverse("registry:review", args=[owner]))
