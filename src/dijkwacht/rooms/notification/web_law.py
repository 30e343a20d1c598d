"""The pages about the law: what it said, whom nobody may tell and why, and what it would say today."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dijkwacht import feeds
from dijkwacht.law.explain import explain_facts
from dijkwacht.platform.accounts.permissions import actor_of, page
from dijkwacht.rooms.notification import deciding, figures, listing, reads, receivers
from dijkwacht.rooms.registry import reads as registry
from dijkwacht.rooms.registry.models import Organisation


@require_safe
@page("decisions:read")
def decisions(request: HttpRequest) -> HttpResponseBase:
    """What the law said; with `?refused=1` only whom nobody may tell, and why."""
    rows = reads.decisions_for(actor_of(request)).order_by("-id")
    if request.GET.get("refused"):
        rows = rows.filter(route="nobody")
    shown, uses = listing.rows_of(request, rows), figures.uses_of_decisions(actor_of(request))
    for row in shown:
        row.uses = uses.get(row.id, 0)
    context = {"decisions": shown}
    return render(request, "notification/officer/decisions.html", context)


@require_safe
@page("decisions:read")
def decision(request: HttpRequest, decision: int) -> HttpResponseBase:
    return render(
        request, "notification/officer/decision.html", {"decision": reads.access_decision(actor_of(request), decision)}
    )


@require_safe
@page("decisions:read")
def explain(request: HttpRequest) -> HttpResponseBase:
    """What the law would say today of one organisation, feed and kind; nothing is stored.

    The organisation is searched for, as on its list: a choice of a hundred thousand is none.
    """
    chosen = {name: request.GET.get(name, "").replace("\0", "")[:200] for name in ("words", "organisation", "about")}
    found = _meant(request, chosen["words"], chosen["organisation"])
    said = None
    if len(found) == 1 and chosen["about"]:
        feed, _slash, kind = chosen["about"].partition("/")
        said = _explained(request, found[0].id, feed, kind)
    context = {
        "found": found,
        "asked": bool(chosen["words"].strip() or chosen["organisation"]),
        "most": registry.BEST,
        "catalogue": [(feed.slug, sorted(feed.kinds)) for feed in feeds.catalogue().values()],
        "chosen": chosen,
        "said": said,
    }
    return render(request, "notification/officer/explain.html", context)


def _meant(request: HttpRequest, words: str, identifier: str) -> list[Organisation]:
    """Return the organisation that was chosen, or those that the words may mean, best first."""
    actor = actor_of(request)
    if not identifier:
        return [one for one in registry.search(actor, words) if one.active] if words.strip() else []
    found = registry.organisation_called(actor, identifier) if listing.is_uuid(identifier) else None
    return [found] if found is not None and found.active else []


def _explained(request: HttpRequest, one: UUID, feed: str, kind: str) -> dict[str, Any] | None:
    """The sentence and the rulings in the reader's language, or a message that says what is unknown."""
    language = "en" if get_language() == "en" else "nl"
    known = feeds.catalogue().get(feed)
    receiver = receivers.load([one], registry.today()).get(one)
    if known is None or kind not in known.kinds or receiver is None:
        messages.error(request, _("There is no such organisation, feed or kind."))
        return None
    matter = deciding.Matter(one, feed, kind, "prefix")
    explained = explain_facts(deciding.facts_of(matter, receiver, registry.today())[0][1], deciding.court().policies)
    return {"sentence": explained[f"sentence_{language}"], "rulings": explained[f"rulings_{language}"]}
