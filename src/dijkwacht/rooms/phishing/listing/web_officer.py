"""Pages of the centre: the list with its entries, and who follows it."""

from typing import Any, Final
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dijkwacht.platform.accounts.permissions import actor_of, allows, page
from dijkwacht.platform.refusals import attempt, language, refusals_as_pages
from dijkwacht.rooms.phishing.listing import actions, canaries, consumers, health, reads, rules
from dijkwacht.rooms.phishing.listing.models import Entry
from dijkwacht.rooms.phishing.warning import reads as warning

A_PAGE: Final = 50
STATES: Final = {
    "live": gettext_noop("on the list"),
    "ending": gettext_noop("ends within the hour"),
    "removed": gettext_noop("removed"),
    "all": gettext_noop("all"),
}
KIND_WORDS: Final = {
    "url": gettext_noop("one URL"),
    "host": gettext_noop("one host"),
    "name": gettext_noop("a name with all below it"),
    "domain": gettext_noop("a registrable domain with all below it"),
}


@page("phishing:read")
@require_safe
@refusals_as_pages
def entries(request: HttpRequest) -> HttpResponseBase:
    """The list: search, filter, and a form to block."""
    asked = {name: request.GET.get(name, "")[:300].strip() for name in ("q", "kind", "state")}
    state = asked["state"] if asked["state"] in STATES else "live"
    rows = reads.entries_for(actor_of(request), words=asked["q"], kind=asked["kind"], state=state)
    found = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": found,
        "rows": [_row(one) for one in found],
        "asked": asked | {"state": state},
        "kinds": [(name, _(words)) for name, words in KIND_WORDS.items()],
        "states": [(name, _(words)) for name, words in STATES.items()],
        "may_decide": allows(actor_of(request), "phishing:decide"),
        "serial": reads.serial(),
    }
    return render(request, "phishing/entries.html", context)


def _row(entry: Entry) -> dict[str, Any]:
    return {"entry": entry, "kind": _(KIND_WORDS[entry.kind]), "reason": sentences(entry)[:1]}


def sentences(entry: Entry) -> list[str]:
    """Give the evidence of an entry in the language of the reader."""
    return [str(one.get(language(), "")) for one in entry.reason if isinstance(one, dict)]


@page("phishing:read")
@require_safe
@refusals_as_pages
def entry(request: HttpRequest, entry: UUID) -> HttpResponseBase:
    """One entry: its evidence, what else a warning hits, its history, visits, appeals."""
    row = reads.access_entry(actor_of(request), entry)
    context = {
        **_row(row),
        "reason": sentences(row),
        "proposal": row.proposals.first(),
        "same": Entry.objects.filter(name=row.name).exclude(id=row.id)[:20],
        "changes": row.changes.all(),
        "appeals": warning.appeals_of(actor_of(request), row.id),
        "visits": warning.visits_of(row.id),
        "may_decide": allows(actor_of(request), "phishing:decide"),
        "ended": row.removed_at is None and row.lease_until < timezone.now(),
    }
    return render(request, "phishing/entry.html", context)


@page("phishing:decide")
@require_POST
@refusals_as_pages
def unblock(request: HttpRequest, entry: UUID) -> HttpResponseBase:
    """Take an entry off the list."""
    actor = actor_of(request)
    row = reads.access_entry(actor, entry)
    reason = request.POST.get("reason", "")[:1000]
    attempt(
        request,
        lambda: actions.unblock(actor=actor, name=row.name, kind=row.kind, reason=reason),
        _("It is off the list. Whoever follows it knows within seconds."),
    )
    return HttpResponseRedirect(reverse("phishing:entry", args=[row.id]))


@page("phishing:decide")
@require_POST
@refusals_as_pages
def renew(request: HttpRequest, entry: UUID) -> HttpResponseBase:
    """Give an entry a new lease: somebody looked at it."""
    actor = actor_of(request)
    row = reads.access_entry(actor, entry)
    attempt(request, lambda: actions.renew(actor=actor, entry=row.id), _("It stays on the list for another term."))
    return HttpResponseRedirect(reverse("phishing:entry", args=[row.id]))


@page("phishing:read")
@require_safe
@refusals_as_pages
def followers(request: HttpRequest) -> HttpResponseBase:
    """Who follows the list with a key, and how stale each is."""
    return _followers(request, None)


def _followers(request: HttpRequest, made: consumers.Added | None) -> HttpResponseBase:
    actor = actor_of(request)
    rows = health.of_consumers(actor)
    context = {
        "rows": rows,
        "stale": any(map(health.is_stale, rows)),
        "canary": canaries.today_and_yesterday(),
        "serial": reads.serial(),
        "may_write": allows(actor, consumers.PERMISSION),
        "made": made,
        "kinds": rules.KINDS,
    }
    return render(request, "phishing/consumers.html", context)


@page("phishing:consumers")
@require_http_methods(["POST"])
@refusals_as_pages
def add_follower(request: HttpRequest) -> HttpResponseBase:
    """Add a consumer; the page that answers shows its key, once."""
    given = {name: request.POST.get(name, "")[:600].strip() for name in ("name", "notify", "networks", "push_url")}
    made: list[consumers.Added] = []
    attempt(
        request,
        lambda: made.append(
            consumers.add(
                actor=actor_of(request),
                name=given["name"],
                notify=given["notify"],
                from_networks=given["networks"],
                push_url=given["push_url"],
            )
        ),
        _("The consumer is added. Its key is shown once: pass it on now."),
    )
    if not made:
        return HttpResponseRedirect(reverse("phishing:consumers"))
    answer = _followers(request, made[0])
    answer["Cache-Control"] = "no-store"
    return answer


@page("phishing:consumers")
@require_POST
@refusals_as_pages
def revoke_follower(request: HttpRequest, consumer: UUID) -> HttpResponseBase:
    """Take a consumer's key back."""
    consumers.revoke(actor=actor_of(request), consumer=consumer)
    return HttpResponseRedirect(reverse("phishing:consumers"))
