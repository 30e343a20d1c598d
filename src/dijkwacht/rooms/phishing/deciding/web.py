"""The pages of people who decide: the queue, one campaign, one decision."""

from typing import Any, Final
from uuid import UUID

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dijkwacht.platform.accounts.permissions import actor_of, allows, page
from dijkwacht.platform.accounts.reads import colleague
from dijkwacht.platform.refusals import attempt, language, refusals_as_pages
from dijkwacht.rooms.phishing.campaigns.models import Campaign
from dijkwacht.rooms.phishing.deciding import brakes, people, reads
from dijkwacht.rooms.phishing.deciding.gathering import gather
from dijkwacht.rooms.phishing.deciding.showing import shown_case
from dijkwacht.rooms.phishing.judging.knowledge import brand_name, sentence
from dijkwacht.rooms.phishing.judging.showing import defanged

OPENED: Final = signing.TimestampSigner(salt="phishing:opened")
LONGEST: Final = 8 * 3600  # seconds a page may stand open and still count


@page("phishing:read")
@require_safe
def queue(request: HttpRequest) -> HttpResponseBase:
    """What waits for people, the most urgent first."""
    actor = actor_of(request)
    waiting = [
        {
            "one": one,
            "brand": brand_name(one.campaign.brand),
            "why": [sentence(code, language()) for code in one.review.why],
        }
        for one in reads.by_wave(reads.queue(actor))
    ]
    context = {
        "waiting": waiting,
        "halt": brakes.halted(),
        "looks": reads.second_looks(actor) if allows(actor, "phishing:decide") else [],
        "contacts": len(reads.contacts(actor)),
        "proposals": reads.proposals(actor),
    }
    return render(request, "phishing/queue.html", context)


@page("phishing:read")
@refusals_as_pages
@require_http_methods(["GET", "HEAD", "POST"])
def campaign(request: HttpRequest, phishing_campaign: UUID) -> HttpResponseBase:
    """One campaign with all that is known of it; who may, decides."""
    actor = actor_of(request)
    found = reads.access_campaign(actor, phishing_campaign)
    if request.method == "POST":
        return _decided(request, found)
    proposal = found.decisions.filter(state="proposed").first()
    context: dict[str, Any] = {
        "campaign": found,
        "proposal": proposal,
        "may_decide": allows(actor, "phishing:decide"),
        "own_proposal": proposal is not None and proposal.by == actor.id,
        "warned": [(one["kind"], defanged(one["name"])) for one in proposal.targets] if proposal else [],
        "decisions": found.decisions.all()[:50],
        "seen": people.newest(found),
        "opened": OPENED.sign(f"{found.id} {actor.id}"),
        **shown_case(found, gather(found), language()),
    }
    return render(request, "phishing/campaign.html", context)


def _decided(request: HttpRequest, found: Campaign) -> HttpResponseBase:
    actor, sent = actor_of(request), request.POST
    reason, seconds = sent.get("reason", ""), seconds_of(request, found)
    if sent.get("proposal"):
        try:
            proposal = UUID(sent["proposal"])
        except ValueError as error:
            raise Http404 from error
        done = attempt(
            request,
            lambda: people.answer(
                actor=actor, decision=proposal, agree=sent.get("agree") == "yes", reason=reason, seconds=seconds
            ),
            _("Your answer is stored."),
        )
    else:
        done = attempt(
            request,
            lambda: people.decide(
                actor=actor,
                campaign=found.id,
                verdict=sent.get("verdict", ""),
                targets=sent.getlist("target"),
                reason=reason,
                seconds=seconds,
                seen=sent.get("seen", ""),
            ),
            _("Your decision is stored."),
        )
    if not done:
        return HttpResponseRedirect(reverse("phishing:campaign", args=[found.id]))
    return HttpResponseRedirect(reverse("phishing:queue"))


def seconds_of(request: HttpRequest, found: Campaign) -> float | None:
    """Give how long the page of a campaign stood open, where the form says so with our signature."""
    return seconds_since(request, str(found.id))


def seconds_since(request: HttpRequest, about: str) -> float | None:
    """Give how long the page about something stood open, where the form says so with our signature."""
    try:
        since = request.POST.get("opened", "")
        value = OPENED.unsign(since, max_age=LONGEST)
        if value != f"{about} {actor_of(request).id}":
            return None
        at = signing.b62_decode(since.rsplit(":", 2)[1])
    except (signing.BadSignature, IndexError, ValueError):
        return None
    return round(timezone.now().timestamp() - at, 1)


@page("phishing:read")
@refusals_as_pages
@require_safe
def decision(request: HttpRequest, phishing_decision: UUID) -> HttpResponseBase:
    """One decision, and what the rules say of it today."""
    actor = actor_of(request)
    found = reads.access_decision(actor, phishing_decision)
    again = reads.replay(found)
    for target in found.targets:
        target["shown"] = defanged(target["name"])
    context = {
        "decision": found,
        "who": colleague(actor, found.by),
        "again": again,
        "why": reads.told(found.outcome, language()),
        "reason": [one[language()] for one in found.outcome.get("reason", [])],
    }
    return render(request, "phishing/decision.html", context)
