"""The page on which an officer joins two organisations that no register brought together."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dijkwacht.kernel.actor import Actor
from dijkwacht.kernel.errors import Problem
from dijkwacht.platform.accounts.permissions import actor_of, page
from dijkwacht.platform.refusals import attempt, refusals_as_pages
from dijkwacht.rooms.linkage import actions
from dijkwacht.rooms.linkage.forms import language, told
from dijkwacht.rooms.linkage.labels import field_label, table_label
from dijkwacht.rooms.linkage.linking.evidence import in_words, prior_bits, reason_in_words
from dijkwacht.rooms.linkage.linking.names import fold
from dijkwacht.rooms.linkage.web import SHOWN
from dijkwacht.rooms.registry import reads as registry
from dijkwacht.rooms.registry.models import Organisation
from dijkwacht.rooms.registry.templatetags.registry_words import word

LONGEST = 200  # characters of a search


@page("linkage:write")
@refusals_as_pages
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponseBase:
    """Search two organisations, see them side by side with what joining would move; POST joins them."""
    actor = actor_of(request)
    if request.method == "POST":
        return _join(request, actor)
    searches = [request.GET.get(name, "")[:LONGEST].strip() for name in ("words", "other")]
    found = [row for words in searches if words for row in registry.search(actor, words)[:SHOWN] if row.active]
    kept, gone = (_chosen(actor, request.GET.get(name, "")) for name in ("kept", "gone"))
    context: dict[str, Any] = {"searches": searches, "kept": kept, "gone": gone}
    context["found"] = list({row.id: row for row in found}.values())
    if kept is not None and gone is not None:
        context |= _compared(request, actor, kept, gone)
    elif request.GET.get("kept") or request.GET.get("gone"):
        messages.error(request, _("Choose two active organisations: one to keep, and another that joins it."))
    return render(request, "linkage/join.html", context)


def _chosen(actor: Actor, text: str) -> Organisation | None:
    try:
        return registry.organisations_for(actor, active=True).filter(id=UUID(text)).first()
    except ValueError:
        return None


def _join(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    kept, gone = (_chosen(actor, request.POST.get(name, "")) for name in ("kept", "gone"))
    if kept is None or gone is None:
        messages.error(request, _("Choose two active organisations: one to keep, and another that joins it."))
        return HttpResponseRedirect(reverse("linkage:join"))
    one, other, reason = kept.id, gone.id, request.POST.get("reason", "")
    done = _("They are one organisation now.")
    if attempt(request, lambda: actions.join_organisations(actor=actor, kept=one, gone=other, reason=reason), done):
        return HttpResponseRedirect(reverse("linkage:organisation", args=[kept.id]))
    return HttpResponseRedirect(f"{reverse('linkage:join')}?{urlencode({'kept': one, 'gone': other})}")


def _compared(request: HttpRequest, actor: Actor, kept: Organisation, gone: Organisation) -> dict[str, Any]:
    """What the page shows of two: their fields, how alike they are, and what would move."""
    from dijkwacht.rooms.linkage import comparing  # Splink, for this page alone

    try:
        moved = comparing.try_joining(actor=actor, kept=kept.id, gone=gone.id)
    except Problem as problem:
        messages.error(request, told(problem))
        return {"kept": None, "gone": None}
    alike = comparing.likeness(kept, gone)
    first, second = comparing.fields_of(kept), comparing.fields_of(gone)
    for side in (first, second):
        side["class"] = word(side["class"])
    return {
        "rows": [
            {
                "label": field_label(name),
                "first": first.get(name, ""),
                "second": second.get(name, ""),
                "differs": bool(first.get(name) and second.get(name)) and fold(first[name]) != fold(second[name]),
            }
            for name in dict.fromkeys([*first, *second])
        ],
        "alike": alike,
        "evidence": [(*in_words(one.comparison, one.level, language()), one.bits) for one in alike.evidence]
        if alike
        else [],
        "against": reason_in_words(alike.against, language()) if alike else "",
        "prior": prior_bits(),
        "moved": [(table_label(table), number) for table, number in moved.items()],
    }
