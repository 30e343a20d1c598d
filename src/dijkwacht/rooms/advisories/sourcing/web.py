"""The pages of the desk: the list of matters, one matter, one item, the sources and what was set aside."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from dijkwacht.api.errors import InvalidCursor
from dijkwacht.api.paging import PageQuery, paginate
from dijkwacht.platform.accounts.permissions import actor_of, allows, page
from dijkwacht.platform.refusals import attempt, language, refusals_as_pages
from dijkwacht.rooms.advisories.assessing import reads as assessing
from dijkwacht.rooms.advisories.sourcing import actions, reads
from dijkwacht.rooms.advisories.sourcing.known import sources as known_sources
from dijkwacht.rooms.advisories.sourcing.wording import in_words

ROWS = 50
STATEMENTS = 500  # that a page shows; the API gives all


@page("advisories:read")
@require_safe
def matters(request: HttpRequest) -> HttpResponseBase:
    """One line for each matter, what matters most first."""
    actor, asked = actor_of(request), request.GET
    wanted = reads.Wanted(
        words=asked.get("q", ""),
        state=asked.get("state", "new"),
        exploited=bool(asked.get("exploited")),
        source=asked.get("source", ""),
    )
    order = reads.ORDERS.get(asked.get("sort", ""), reads.ORDERS["weight"])
    shown = _paged(request, reads.matters(actor, wanted), order)
    context = {
        "rows": shown["items"],
        "following": shown["next"],
        "asked": asked,
        "state": wanted.state,
        "sort": asked.get("sort", "weight"),
        "sources": [(slug, getattr(one.title, language())) for slug, one in known_sources().items()],
        "may_write": allows(actor, "advisories:write"),
    }
    return render(request, "advisories/matters.html", context)


def _paged(request: HttpRequest, rows: Any, order: str) -> dict[str, Any]:
    """One page by a cursor; one that does not fit any more begins at the first page."""
    keys = [order, "-id" if order.startswith("-") else "id"]
    try:
        return paginate(request, rows, PageQuery(limit=ROWS, cursor=request.GET.get("cursor")), order=keys)
    except InvalidCursor:
        return paginate(request, rows, PageQuery(limit=ROWS, cursor=None), order=keys)


@page("advisories:read")
@refusals_as_pages
@require_http_methods(["GET", "HEAD", "POST"])
def matter(request: HttpRequest, matter: UUID) -> HttpResponseBase:
    """Everything that each source says of one matter; who may, joins another into it."""
    actor = actor_of(request)
    found = reads.access_matter(actor, matter)
    if request.method == "POST":
        other, reason = request.POST.get("other", ""), request.POST.get("reason", "")
        attempt(
            request,
            lambda: actions.join(actor=actor, matter=matter, other=other, reason=reason),
            _("The other matter is part of this one now."),
        )
        return HttpResponseRedirect(reverse("advisories:matter", args=[matter]))
    if found.joined is not None:
        return HttpResponseRedirect(reverse("advisories:matter", args=[found.joined]))
    facts = reads.matter_facts(actor, found.id, every=True)
    context = {
        "matter": found,
        "facts": facts,
        "statements": [(one, in_words(one)) for one in facts.statements[:STATEMENTS]],
        "more": max(0, len(facts.statements) - STATEMENTS),
        "told": reads.told(actor, found.id),
        "titles": {slug: getattr(one.title, language()) for slug, one in known_sources().items()},
        "joinings": reads.joinings(found.id),
        "assessed": assessing.assessment(actor, found.id),
        "proposed": assessing.proposed(found.id),
        "may_write": allows(actor, "advisories:write"),
    }
    return render(request, "advisories/matter.html", context)


@page("advisories:read")
@refusals_as_pages
@require_safe
def item(request: HttpRequest, source_item: UUID) -> HttpResponseBase:
    """One item of a source in its versions."""
    actor = actor_of(request)
    found = reads.access_item(actor, source_item)
    context = {
        "item": found,
        "versions": reads.versions(found)[:50],
        "source": known_sources().get(found.source),
        "language_code": language(),
    }
    return render(request, "advisories/item.html", context)


@page("advisories:read")
@refusals_as_pages
@require_safe
def as_it_came(request: HttpRequest, source_item: UUID) -> HttpResponseBase:
    """The bytes of an item as a file to keep: never shown by the browser, whatever they are."""
    raw = reads.as_it_came(actor_of(request), source_item)
    answer = HttpResponse(raw, content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="{source_item}.bin"'
    return answer


@page("advisories:read")
@refusals_as_pages
@require_http_methods(["GET", "HEAD", "POST"])
def sources(request: HttpRequest) -> HttpResponseBase:
    """How each source does: last success, last error in words, how many items."""
    actor = actor_of(request)
    if request.method == "POST":
        name = request.POST.get("source", "")
        attempt(request, lambda: actions.ask_now(actor=actor, source=name), _("The source is asked within a minute."))
        return HttpResponseRedirect(reverse("advisories:sources"))
    rows = [(one, getattr(one.source.title, language())) for one in reads.standings(actor)]
    return render(
        request, "advisories/sources.html", {"rows": rows, "may_write": allows(actor, "advisories:write"), "on": _on()}
    )


def _on() -> set[str]:
    from django.conf import settings

    return set(settings.ADVISORY_SOURCES)


@page("advisories:read")
@require_safe
def aside(request: HttpRequest) -> HttpResponseBase:
    """What could not come in, and why."""
    shown = _paged(request, reads.set_aside(actor_of(request), request.GET.get("source", "")), "-at")
    return render(request, "advisories/aside.html", {"rows": shown["items"], "following": shown["next"]})


@page("advisories:read")
@refusals_as_pages
@require_http_methods(["GET", "HEAD", "POST"])
def aside_one(request: HttpRequest, set_aside: UUID) -> HttpResponseBase:
    """One document that was set aside: its findings; who may, tries it again, takes it as it is or lets it go."""
    actor = actor_of(request)
    found = reads.access_aside(actor, set_aside)
    if request.method == "POST":
        reason = request.POST.get("reason", "")
        if request.POST.get("do") == "let-go":
            done = attempt(
                request, lambda: actions.let_go(actor=actor, aside=set_aside, reason=reason), _("It is let go.")
            )
        else:
            done = attempt(
                request, lambda: actions.replay(actor=actor, aside=set_aside, despite=reason), _("It came in.")
            )
        where = reverse("advisories:aside") if done else reverse("advisories:aside-one", args=[set_aside])
        return HttpResponseRedirect(where)
    context = {"one": found, "may_write": allows(actor, "advisories:write")}
    return render(request, "advisories/aside_one.html", context)
