"""The pages where an organisation shows that its addresses are its own; an officer sees the same for each."""

from typing import Any, Final
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.accounts.permissions import actor_of, page, where
from dijkwacht.platform.attachments import LARGEST
from dijkwacht.platform.refusals import attempt, language, refusals_as_pages
from dijkwacht.rooms.proof import actions, addresses, reads, rules, words
from dijkwacht.rooms.proof.errors import NotFound
from dijkwacht.rooms.proof.models import Challenge
from dijkwacht.rooms.proof.vocabulary import LIVE, Method, State
from dijkwacht.rooms.registry import reads as registry
from dijkwacht.rooms.registry import rules as registry_rules
from dijkwacht.rooms.registry.models import Asset
from dijkwacht.rooms.registry.vocabulary import AssetStatus

PAGE: Final = 50


def _own(actor: Actor, organisation: UUID) -> None:
    """Refuse a relay: it reads its members' assets, but not how they are shown. Raises NotFound."""
    if not rules.may_read(actor, organisation):
        raise NotFound(what="asset", what_nl="bezit")


@page("organisations:read")
@require_safe
def mine(request: HttpRequest) -> HttpResponseBase:
    """The addresses of the actor's own organisation; a list when there are several."""
    own = sorted(where(actor_of(request), "organisations:read"), key=str)
    address = reverse("proof:assets", args=own) if len(own) == 1 else reverse("registry:organisations")
    return HttpResponseRedirect(address)


@page("organisations:read")
@refusals_as_pages
@require_safe
def assets(request: HttpRequest, organisation: UUID) -> HttpResponseBase:
    """An organisation's assets, what was shown for each, and what is still to be done."""
    actor = actor_of(request)
    owner = registry.access_organisation(actor, organisation)
    _own(actor, owner.id)
    rows = Paginator(registry.assets_of(actor, owner.id).order_by("kind", "value", "id"), PAGE)
    shown = rows.get_page(request.GET.get("page"))
    live = reads.live_by_asset(actor, shown)
    context = {
        "organisation": owner,
        "rows": [(asset, [_named(one) for one in live.get(asset.id, [])]) for asset in shown],
        "shown": shown,
        "keeps": registry_rules.may_hold(actor, owner.id),
    }
    return render(request, "proof/assets.html", context)


def _named(row: Challenge) -> dict[str, Any]:
    return {
        "row": row,
        "method": words.method(row.method, language()),
        "state": words.state(row.state, language()),
    }


@page("organisations:read")
@refusals_as_pages
@never_cache
@require_safe
def asset(request: HttpRequest, asset: UUID) -> HttpResponseBase:
    """One asset: how it can be shown, what we saw when we looked, and until when it holds."""
    actor = actor_of(request)
    row = registry.access_asset(actor, asset)
    _own(actor, row.organisation_id)
    asked = list(reads.challenges_of(actor, row))
    live = [one for one in asked if one.state in LIVE]
    known = addresses.offered(row)
    context = {
        "asset": row,
        "status": registry_rules.shown_status(actor, row.status),
        "organisation": registry.access_organisation(actor, row.organisation_id),
        "methods": [_method(row, method, live, known) for method in rules.METHODS[row.kind]],
        "checks": [
            {
                "row": one,
                "method": words.method(one.challenge.method, language()),
                "outcome": words.outcome(one.outcome, language()),
                "sentence": words.sentence(one, language()),
            }
            for one in reads.checks_of(actor, row)
        ],
        "keeps": registry_rules.may_hold(actor, row.organisation_id) and row.status != AssetStatus.EXPIRED,
        "sent": _sent(actor, asked),
        "may_send": row.status != AssetStatus.VERIFIED or row.expires_at is not None,
        "most_words": rules.LONGEST_WORDS,
        "megabytes": LARGEST >> 20,
        "running": any(one.wanted_at for one in live),
        "waits": row.status != AssetStatus.VERIFIED and any(one.state == "proven" for one in live),
    }
    return render(request, "proof/asset.html", context)


def _sent(actor: Actor, asked: list[Challenge]) -> list[dict[str, Any]]:
    """Return what was sent to the centre, the latest first, with what the officer answered."""
    mine = [one for one in asked if one.method == Method.OFFICER and one.state != State.WITHDRAWN]
    pieces = reads.pieces_of(actor, mine)
    return [
        _named(one)
        | {
            "pieces": pieces.get(one.id, []),
            "answer": answer and words.sentence(answer, language()),
            "open": one.state == State.PROPOSED,
        }
        for one in sorted(mine, key=lambda one: one.created_at, reverse=True)
        for answer in [one.checks.filter(code__in=["accepted", "refused"]).first()]
    ]


def _method(asset: Asset, method: Method, live: list[Challenge], known: list[str]) -> dict[str, Any]:
    mine = [one for one in live if one.method == method]
    return {
        "name": method.value,
        "title": words.method(method, language()),
        "challenges": [
            _named(one) | {"line": rules.line(one.token), "looked_up": one.method in rules.LOOKED_UP} for one in mine
        ],
        "record": rules.record_name(asset.value),
        "path": rules.PATH,
        "recipients": [one for one in known if method is Method.MAIL],
        "startable": method is Method.MAIL or not mine,
    }


@page("assets:write")
@refusals_as_pages
@require_POST
def start(request: HttpRequest, asset: UUID) -> HttpResponseBase:
    """Begin to show an asset by one method."""
    method, recipient = request.POST.get("method", ""), request.POST.get("recipient", "")
    done = _("The mail is on its way.") if method == Method.MAIL else _("Follow the steps below; we look by ourselves.")
    attempt(
        request,
        lambda: actions.start_challenge(actor=actor_of(request), asset=asset, method=method, recipient=recipient),
        done,
    )
    return HttpResponseRedirect(reverse("proof:asset", args=[asset]))


@page("assets:write")
@refusals_as_pages
@require_POST
def check(request: HttpRequest, challenge: UUID) -> HttpResponseBase:
    """Ask for a look now."""
    row = reads.access_challenge(actor_of(request), challenge)
    attempt(
        request,
        lambda: actions.ask_check(actor=actor_of(request), challenge=challenge),
        _("We are looking. What we see appears in the history below within a minute."),
    )
    return HttpResponseRedirect(reverse("proof:asset", args=[row.asset.uid]))


@page("assets:write")
@refusals_as_pages
@require_POST
def withdraw(request: HttpRequest, challenge: UUID) -> HttpResponseBase:
    """Stop showing an asset by one method."""
    row = reads.access_challenge(actor_of(request), challenge)
    attempt(
        request,
        lambda: actions.withdraw_challenge(actor=actor_of(request), challenge=challenge),
        _("This way is stopped."),
    )
    return HttpResponseRedirect(reverse("proof:asset", args=[row.asset.uid]))
