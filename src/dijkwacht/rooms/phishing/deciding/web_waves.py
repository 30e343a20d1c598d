"""A wave: campaigns that belong together, and one decision for those of which it is plain."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from dijkwacht.platform.accounts.permissions import actor_of, allows, page
from dijkwacht.platform.refusals import attempt, language, refusals_as_pages
from dijkwacht.rooms.phishing.campaigns.models import Campaign
from dijkwacht.rooms.phishing.deciding import reads, together
from dijkwacht.rooms.phishing.deciding.models import Review
from dijkwacht.rooms.phishing.deciding.web import OPENED, seconds_since
from dijkwacht.rooms.phishing.judging.knowledge import sentence
from dijkwacht.rooms.phishing.judging.showing import defanged
from dijkwacht.rooms.phishing.waves import reads as waves

SHOWN: Final = 50  # at a time: what is decided on is what was shown
HOSTS: Final = 5


@page("phishing:read")
@refusals_as_pages
@require_http_methods(["GET", "HEAD", "POST"])
def wave(request: HttpRequest, phishing_wave: UUID) -> HttpResponseBase:
    """The campaigns of a wave that wait, with what each would be warned for; then those that are decided."""
    actor = actor_of(request)
    found = reads.access_wave(actor, phishing_wave)
    if request.method == "POST":
        return _decided(request, phishing_wave)
    reviews = {one.campaign_id: one for one in Review.objects.filter(campaign__in=found)}
    waiting = [one for one in found if one.id in reviews and reviews[one.id].state in reads.WAITING]
    shared = waves.shared_by(one.id for one in found)
    context: dict[str, Any] = {
        "wave": phishing_wave,
        "rows": [_row(one, reviews[one.id], shared.get(one.id, [])) for one in waiting[:SHOWN]],
        "later": max(len(waiting) - SHOWN, 0),
        "others": [one for one in found if one not in waiting][:SHOWN],
        "may_decide": allows(actor, "phishing:decide"),
        "opened": OPENED.sign(f"{phishing_wave} {actor.id}"),
    }
    return render(request, "phishing/wave.html", context)


def _row(campaign: Campaign, review: Review, shared: list[str]) -> dict[str, Any]:
    found = together.looked_at(campaign, review)
    said = {getattr(item, language()): None for one in found.case.candidates for item in one.evidence}
    return {
        "campaign": campaign,
        "hosts": [defanged(one) for one in campaign.hosts[:HOSTS]],
        "more_hosts": max(len(campaign.hosts) - HOSTS, 0),
        "targets": [(one.kind, defanged(one.name), one.radius.get("others")) for one in found.targets],
        "why": sentence(found.why, language()) if found.why else "",
        "evidence": [*said],
        "shared": shared,
    }


def _decided(request: HttpRequest, wave: UUID) -> HttpResponseBase:
    sent, done = request.POST, list[together.Together]()
    try:
        chosen = [UUID(one) for one in sent.getlist("campaign")]
    except ValueError:
        chosen = []
    attempt(
        request,
        lambda: done.append(
            together.decide(
                actor=actor_of(request),
                wave=wave,
                campaigns=chosen,
                verdict=sent.get("verdict", ""),
                reason=sent.get("reason", ""),
                seconds=seconds_since(request, str(wave)),
            )
        ),
        _("Your decision is stored."),
    )
    left = len(done[0].left) if done else 0
    if left:
        said = ngettext(
            "%(left)s campaign takes a decision of its own.", "%(left)s campaigns take a decision of their own.", left
        )
        messages.warning(request, said % {"left": left})
    return HttpResponseRedirect(reverse("phishing:wave", args=[wave]))
