"""The page behind the links in our letters: no sign-in, GET only shows, POST acts.

Mail scanners open every link, so opening one changes nothing. The token is the proof that a form is ours.
"""

from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from dijkwacht.kernel.actor import Actor
from dijkwacht.kernel.errors import Language, Problem
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts.permissions import public_page
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.advisories.delivery import actions, links, reads, rules
from dijkwacht.rooms.advisories.delivery.answering import wrong_with
from dijkwacht.rooms.advisories.delivery.words import ANSWERS, language_of

REASON: Final = "a receiver answers with the signed link of the own letter, without signing in"


@public_page(REASON)
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Show what an advisory means for the holder's organisation, and take an answer to it."""
    telling = links.telling_of(token)
    holder = reads.of_link(telling, str(request.META.get("REMOTE_ADDR", ""))) if telling else None
    if telling is None or holder is None:
        return _page(request, "", {"closed": True}, status=404)
    if request.method != "POST":
        return _form(request, holder, telling)
    try:
        with tenancy.acting(holder):
            told = reads.telling_of_link(holder, telling)
            kept = actions.answer(
                actor=holder,
                organisation=told.organisation_id,
                advisory=told.advisory,
                answer=request.POST.get("answer", ""),
                note=request.POST.get("note", ""),
            )
    except Problem as problem:
        return _form(request, holder, telling, wrong=problem)
    said = ANSWERS[_language(request, told.language)][kept.answer]
    return _page(request, told.language, {"kept": said, "again": request.path})


def _form(request: HttpRequest, holder: Actor, telling: UUID, *, wrong: Problem | None = None) -> HttpResponse:
    with tenancy.acting(holder):
        told = reads.telling_of_link(holder, telling)
        matter = reads.access_matter(holder, told.organisation_id, told.advisory)
        record(  # not "read": a mail scanner may have opened the link
            actor=holder,
            action="advisories:advisory:show",
            target=("telling", telling),
            organisation=told.organisation_id,
        )
    language = _language(request, told.language)
    chosen = request.POST.get("answer") or request.GET.get("answer", "")
    values = {
        "matter": matter,
        "said": [ran.sentence(language) for ran in matter.ran[:20]],
        "title": matter.advisory.title[language],
        "answers": ANSWERS[language].items(),
        "chosen": chosen if chosen in ANSWERS[language] else "",
        "note": request.POST.get("note", ""),
        "longest": rules.LONGEST_NOTE,
        "wrong": _wrong(request, wrong, language) if wrong else "",
        "newer": matter.advisory.version > told.version,  # than the letter with this link
    }
    return _page(request, told.language, values, status=422 if wrong else 200)


def _wrong(request: HttpRequest, problem: Problem, language: Language) -> str:
    with translation.override(language):
        return wrong_with(request.POST.get("answer", ""), request.POST.get("note", "")) or problem.text(language)


def _page(request: HttpRequest, told: str, values: dict[str, Any], *, status: int = 200) -> HttpResponse:
    language = _language(request, told)
    with translation.override(language):
        response = render(request, "advisories/delivery/link.html", values, status=status)
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"  # the address is the proof: it must not travel on
    response["X-Robots-Tag"] = "noindex"
    response["Content-Language"] = language
    return response


def _language(request: HttpRequest, told: str) -> Language:
    """The language that the reader chose on our site, or that of the letter, or of the browser."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return language_of(chosen or told or translation.get_language() or "nl")
