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
    """What the law would say today of one organisation, feed and kind; nothing is stored."""
    actor = actor_of(request)
    chosen = {name: request.GET.get(name, "") for name in ("organisation", "about")}
    said = None
    if all(chosen.values()):
        feed, _slash, kind = chosen["about"].partition("/")
        said = _explained(request, chosen["organisation"], feed, kind)
    context = {
        "organisations": registry.organisations_for(actor, active=True).order_by("name"),
        "catalogue": [(feed.slug, sorted(feed.kinds)) for feed in feeds.catalogue().values()],
        "chosen": chosen,
        "said": said,
    }
    return render(request, "notification/officer/explain.html", context)


def _explained(request: HttpRequest, organisation: str, feed: str, kind: str) -> dict[str, Any] | None:
    """The sentence and the rulings in the reader's language, or a message that says what is unknown."""
    language = "en" if get_language() == "en" else "nl"
    known = feeds.catalogue().get(feed)
    one = UUID(organisation) if listing.is_uuid(organisation) else None
    receiver = receivers.load([one], registry.today()).get(one) if one else None
    if known is None or kind not in known.kinds or one is None or receiver is None:
        messages.error(request, _("There is no such organisation, feed or kind."))
        return None
    matter = deciding.Matter(one, feed, kind, "prefix")
    explained = explain_facts(deciding.facts_of(matter, receiver, registry.today())[0][1], deciding.court().policies)
    return {"sentence": explained[f"sentence_{language}"], "rulings": explained[f"rulings_{language}"]}
