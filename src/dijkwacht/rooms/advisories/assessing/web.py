"""The page of judging: the questionnaire as the data answer it, the reasons, and what people decided."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from dijkwacht.platform.accounts.permissions import actor_of, allows, page
from dijkwacht.platform.refusals import attempt, language, refusals_as_pages
from dijkwacht.rooms.advisories.assessing import actions, reads
from dijkwacht.rooms.advisories.assessing.questionnaire import Question, Questionnaire
from dijkwacht.rooms.advisories.assessing.suggesting import Suggestion
from dijkwacht.rooms.advisories.sourcing import reads as sourcing

LEVELS = (("low", gettext_lazy("low")), ("medium", gettext_lazy("medium")), ("high", gettext_lazy("high")))


@page("advisories:read")
@refusals_as_pages
@require_http_methods(["GET", "HEAD", "POST"])
def assess(request: HttpRequest, matter: UUID) -> HttpResponseBase:
    """Judge a matter, or answer somebody else's judgement."""
    found = sourcing.access_matter(actor_of(request), matter)
    if request.method == "POST":
        return _judged(request, found)
    if found.joined is not None:
        return HttpResponseRedirect(reverse("advisories:assess", args=[found.joined]))
    return _show(request, found)


def _show(request: HttpRequest, found: Any, *, status: int = 200) -> HttpResponseBase:
    """The page; after a refusal with what was typed."""
    actor, sent, matter = actor_of(request), request.POST, found.id
    suggested, known, proposed = reads.suggestion(actor, matter), reads.known(), reads.proposed(matter)
    typed = {key: sent.get(f"q-{key}", "") for key in known.questions} if sent else suggested.answers
    context = {
        "matter": found,
        "suggested": suggested,
        "likelihood": _shown(known.likelihood, suggested, known, typed),
        "impact": _shown(known.impact, suggested, known, typed),
        "levels": LEVELS,
        "typed": {name: sent.get(name, "") for name in ("likelihood", "impact", "reason")},
        "proposed": proposed,
        "own": proposed is not None and proposed.by == actor.id,
        "assessed": reads.assessment(actor, matter),
        "history": reads.history(matter),
        "known": known,
        "measured": _measured(known),
        "may_write": allows(actor, "advisories:write"),
        "may_approve": allows(actor, "advisories:approve"),
    }
    return render(request, "advisories/assess.html", context, status=status)


def _measured(known: Questionnaire) -> str:
    """Say what the suggestion is worth, in the language of the reader; nothing where it was not measured."""
    if known.measured is None:
        return ""
    return str(getattr(known.measured, language()))


def _shown(
    questions: tuple[Question, ...], suggested: Suggestion, known: Questionnaire, chosen: Mapping[str, str]
) -> list[dict[str, Any]]:
    words = language()
    reasons = {one.question: one.text(known, words) for one in suggested.reasons}
    return [
        {
            "key": one.key,
            "text": getattr(one, words),
            "answers": [(each.key, getattr(each, words)) for each in one.answers],
            "chosen": chosen.get(one.key, ""),
            "reason": reasons.get(one.key, ""),
        }
        for one in questions
    ]


def _judged(request: HttpRequest, found: Any) -> HttpResponseBase:
    sent = request.POST
    if sent.get("assessment"):
        done = _second(request)
        return HttpResponseRedirect(reverse("advisories:matter" if done else "advisories:assess", args=[found.id]))
    answers = {key: sent.get(f"q-{key}", "") for key in reads.known().questions}
    done = attempt(
        request,
        lambda: actions.assess(
            actor=actor_of(request),
            matter=found.id,
            answers=answers,
            likelihood=sent.get("likelihood", ""),
            impact=sent.get("impact", ""),
            reason=sent.get("reason", ""),
        ),
        _("Your assessment is stored."),
    )
    if not done:
        return _show(request, found, status=422)
    return HttpResponseRedirect(reverse("advisories:matter", args=[found.id]))


def _second(request: HttpRequest) -> bool:
    """Answer somebody else's judgement; gives whether it was stored."""
    sent = request.POST
    try:
        which = UUID(sent["assessment"])
    except ValueError as error:
        raise Http404 from error
    agree, reason = sent.get("agree") == "yes", sent.get("reason", "")
    return attempt(
        request,
        lambda: actions.answer(actor=actor_of(request), assessment=which, agree=agree, reason=reason),
        _("Your answer is stored."),
    )
