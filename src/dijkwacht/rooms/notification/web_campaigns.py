"""The pages of campaigns: a researcher's list is handed in, previewed, approved by two others, sent and followed."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dijkwacht import feeds
from dijkwacht.kernel.errors import Problem
from dijkwacht.platform.accounts.permissions import actor_of, allows, page
from dijkwacht.rooms.notification import campaigns as room
from dijkwacht.rooms.notification import listing
from dijkwacht.rooms.notification.models import Campaign

FIELDS = ("title", "source", "feed", "kind", "text_nl", "text_en")


@require_http_methods(["GET", "HEAD", "POST"])
@page("campaigns:write")
def campaigns(request: HttpRequest) -> HttpResponseBase:
    """The campaigns, and the form to begin one. What was typed stays when it is refused."""
    actor = actor_of(request)
    if request.method == "POST":
        upload = request.FILES.get("file")
        severity = request.POST.get("severity", "")
        values: dict[str, Any] = {name: request.POST.get(name, "") for name in FIELDS}
        values["severity"] = int(severity) if severity in {"0", "1", "2", "3", "4"} else None
        try:
            made = room.create(
                actor=actor,
                values=values,
                chunks=upload.chunks() if upload else (),
                filename=(upload.name or "") if upload else "",
            )
        except Problem as problem:
            listing.refused(request, problem)
        else:
            return redirect("notification:campaign", campaign=made.id)
    known = feeds.catalogue().values()
    context = {
        "campaigns": listing.rows_of(request, room.campaigns_for(actor)),
        "feeds": sorted(room.list_feeds()),
        "kinds": sorted({kind for feed in known for kind in feed.kinds}),
        "severities": list(enumerate(feeds.SEVERITIES)),
        "typed": request.POST,
    }
    return render(request, "notification/officer/campaigns.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page("campaigns:write")
def campaign(request: HttpRequest, campaign: UUID) -> HttpResponseBase:
    """One campaign: who would be told, who approved, and once sent what came of it."""
    actor = actor_of(request)
    if request.method == "POST":
        act = request.POST.get("act", "")
        try:
            if act == "preview":
                room.ask_preview(actor=actor, campaign=campaign)
            elif act in {"yes", "no"}:
                after = room.decide(
                    actor=actor, campaign=campaign, yes=act == "yes", reason=request.POST.get("reason", "")
                )
                if after.state == Campaign.State.SENT:
                    messages.success(request, _("Approved by two: the campaign is on its way."))
        except Problem as problem:
            listing.refused(request, problem)
        return redirect("notification:campaign", campaign=campaign)
    found = room.access_campaign(actor, campaign)
    sent = found.state == Campaign.State.SENT
    context = {
        "campaign": found,
        "approvals": found.approvals.order_by("at"),
        "needed": room.NEEDED,
        "may_approve": allows(actor, "campaigns:approve") and found.created_by != actor.id and not found.asked_at,
        "figures": room.figures(actor, campaign) if sent else None,
        "batches": found.batches.all() if sent else (),
    }
    return render(request, "notification/officer/campaign.html", context)
