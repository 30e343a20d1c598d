"""Pages of what somebody warns for of their own accord: what it hits before anything is done, and the second person."""

import json
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dijkwacht.kernel.errors import Problem
from dijkwacht.platform.accounts.permissions import actor_of, allows, page
from dijkwacht.platform.accounts.reads import colleague
from dijkwacht.platform.refusals import FORBIDDEN, attempt, language, refusals_as_pages
from dijkwacht.rooms.phishing import errors
from dijkwacht.rooms.phishing.deciding import own, reads
from dijkwacht.rooms.phishing.deciding.models import Proposal
from dijkwacht.rooms.phishing.listing.models import Entry


@page("phishing:decide")
@refusals_as_pages
@require_http_methods(["GET", "HEAD", "POST"])
def block(request: HttpRequest) -> HttpResponseBase:
    """What a warning would hit; then put it on the list, or propose it where a second person is needed."""
    sent = request.POST if request.method == "POST" else request.GET
    kind, name = sent.get("kind", "host")[:20], sent.get("name", "")[:3000]
    seen, why_not = _looked(request, kind, name)
    if seen is None:
        messages.error(request, why_not)
        return HttpResponseRedirect(reverse("phishing:entries"))
    if request.method != "POST":
        live = Entry.objects.filter(kind=seen.kind, name=seen.name, removed_at=None).first()
        return render(request, "phishing/block.html", {"seen": seen, "mark": _mark(seen), "live": live})
    if sent.get("shown") != _mark(seen):
        messages.error(request, errors.RadiusChanged().text(language()))
    elif made := _blocked(request, seen, sent.get("reason", "")[:1000]):
        where = "phishing:proposal" if isinstance(made, Proposal) else "phishing:entry"
        return HttpResponseRedirect(reverse(where, args=[made.id]))
    return HttpResponseRedirect(f"{reverse('phishing:block')}?{urlencode({'kind': kind, 'name': name})}")


def _looked(request: HttpRequest, kind: str, name: str) -> tuple[own.Looked | None, str]:
    """Give what a warning would hit, or in words why nobody may warn for it."""
    try:
        return own.look(actor=actor_of(request), kind=kind, name=name), ""
    except Problem as problem:
        if problem.status == FORBIDDEN:
            raise
        return None, problem.text(language())


def _mark(seen: own.Looked) -> str:
    """Give what a form says back of what was shown, so that nobody decides on something else."""
    return sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()[:16]


def _blocked(request: HttpRequest, seen: own.Looked, reason: str) -> Entry | Proposal | None:
    made: list[Entry | Proposal] = []
    attempt(
        request,
        lambda: made.append(
            own.block(actor=actor_of(request), kind=seen.kind, name=seen.name, reason=reason, shown=seen)
        ),
        _("It is proposed. Somebody else confirms or refuses it; until then nobody is warned.")
        if seen.two
        else _("It is on the list. Whoever follows it warns within seconds."),
    )
    return made[0] if made else None


@page("phishing:read")
@refusals_as_pages
@require_http_methods(["GET", "HEAD", "POST"])
def proposal(request: HttpRequest, phishing_proposal: UUID) -> HttpResponseBase:
    """What one person proposed and a second decides on; or how that ended."""
    actor = actor_of(request)
    found = reads.access_proposal(actor, phishing_proposal)
    if request.method == "POST":
        sent = request.POST
        attempt(
            request,
            lambda: own.answer(
                actor=actor, proposal=found.id, agree=sent.get("agree") == "yes", reason=sent.get("reason", "")[:1000]
            ),
            _("Your answer is stored."),
        )
        return HttpResponseRedirect(reverse("phishing:proposal", args=[found.id]))
    context: dict[str, Any] = {
        "proposal": found,
        "may_decide": allows(actor, "phishing:decide"),
        "who": colleague(actor, found.by),
        "who_ended": colleague(actor, found.ended_by),
        "mine": found.by == str(actor.id)[:100],
        "radius": found.radius,
    }
    if found.state == "proposed" and context["may_decide"]:
        seen, context["why_not"] = _looked(request, found.kind, found.name)
        context["radius"] = seen.radius if seen else found.radius
    return render(request, "phishing/proposal.html", context)
