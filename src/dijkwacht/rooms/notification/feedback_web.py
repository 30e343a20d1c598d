"""The pages behind the links in our mails: no sign-in, GET only shows, POST acts.

Mail scanners open every link, so opening one changes nothing. The token is the proof that a form is ours, because a
forger would need it: the usual token against forged requests adds nothing and would need a cookie.
"""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from dijkwacht.kernel.actor import Actor
from dijkwacht.kernel.errors import Problem
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts.permissions import public_page
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.notification import feedback, links, reads, sending
from dijkwacht.rooms.notification.models import Notice
from dijkwacht.rooms.notification.rendering import kinds, page, words
from dijkwacht.rooms.notification.rendering.inert import inert

REASON: Final = "a receiver answers with the signed link of the own notice, without signing in"
SHOWN: Final = 200  # findings that can be chosen one by one; for more there is the portal
TEXTS: Final[Mapping[str, Mapping[str, str]]] = {
    "nl": {
        "title": "Uw antwoord",
        "intro": "U kreeg dit bericht van {centre}. Wat wilt u ons laten weten?",
        "answer": "Uw antwoord",
        "which": "Over welke bevindingen",
        "all": "Alle {n} bevindingen",
        "some": "Alleen de bevindingen die ik aankruis",
        "more": "Hier staan de eerste {n}. Log in om uit alle te kiezen.",
        "comment": "Toelichting (mag leeg blijven)",
        "send": "Versturen",
        "thanks": "Bedankt voor uw antwoord",
        "kept": "We hebben uw antwoord ontvangen: {answer}.",
        "changed": "{n} bevindingen zijn bijgewerkt.",
        "other": "Toch een ander antwoord geven",
        "closed": "Deze link werkt niet (meer)",
        "closed_text": "De link is verlopen, niet volledig overgenomen, of u liet ons weten dat u niet de juiste "
        "persoon bent. Log in, of neem contact met ons op.",
        "wrong": "Kies een antwoord, en kies alle bevindingen of kruis er ten minste een aan.",
        "stop_title": "Afmelden",
        "stop_text": "U krijgt dan geen berichten meer over: {kinds}. Dringende en ernstige berichten blijven komen.",
        "stop": "Afmelden",
        "stopped": "U bent afgemeld",
        "none": "niets: deze soorten moeten we u blijven melden",
        "tlp": "Delen",
    },
    "en": {
        "title": "Your answer",
        "intro": "You got this notice from {centre}. What do you want to tell us?",
        "answer": "Your answer",
        "which": "About which findings",
        "all": "All {n} findings",
        "some": "Only the findings that I tick",
        "more": "These are the first {n}. Sign in to choose from all.",
        "comment": "Comment (may stay empty)",
        "send": "Send",
        "thanks": "Thank you for your answer",
        "kept": "We received your answer: {answer}.",
        "changed": "{n} findings were updated.",
        "other": "Give another answer after all",
        "closed": "This link does not work (any more)",
        "closed_text": "The link has expired, was not copied completely, or you told us that you are not the right "
        "person. Sign in, or contact us.",
        "wrong": "Choose an answer, and choose all findings or tick at least one.",
        "stop_title": "Unsubscribe",
        "stop_text": "You will get no more notices about: {kinds}. Urgent and severe notices keep coming.",
        "stop": "Unsubscribe",
        "stopped": "You are unsubscribed",
        "none": "nothing: we must keep telling you of these kinds",
        "tlp": "Sharing",
    },
}


@public_page(REASON)
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Show a notice and take an answer to it."""
    notice = links.notice_of(token)
    holder = feedback.holder_of(notice, _origin(request)) if notice else None
    if notice is None or holder is None:
        return _closed(request)
    if request.method != "POST":
        return _form(request, holder, notice)
    return _take(request, holder, notice)


def _take(request: HttpRequest, holder: Actor, notice: UUID) -> HttpResponse:
    every = request.POST.get("which") == "all"
    chosen = [] if every else [_uuid(value) for value in request.POST.getlist("finding")]
    if None in chosen or not (every or chosen):
        return _form(request, holder, notice, wrong=True)
    try:
        with tenancy.acting(holder):
            told = reads.access_notice(holder, notice)
            changed = feedback.give_feedback(
                actor=holder,
                notice=notice,
                answer=request.POST.get("answer", ""),
                findings=[one for one in chosen if one],
                comment=request.POST.get("comment", "").replace("\r\n", "\n"),
            )
    except Problem:
        return _form(request, holder, notice, wrong=True)
    language = _language(request, told)
    texts = TEXTS[language]
    said = texts["kept"].format(answer=words.ANSWERS[language][request.POST["answer"]])
    again = "" if request.POST["answer"] == "wrong-contact" else request.path
    values = {"title": texts["thanks"], "lines": [said, texts["changed"].format(n=changed)], "again": again}
    return _page(request, language, "notification/feedback_done.html", values)


def _form(request: HttpRequest, holder: Actor, notice: UUID, *, wrong: bool = False) -> HttpResponse:
    with tenancy.acting(holder):
        told = reads.access_notice(holder, notice)
        record(  # not "read": a mail scanner may have opened the link
            actor=holder,
            action="notification:notice:show",
            target=("notice", notice),
            organisation=told.organisation_id,
        )
    language = _language(request, told)
    with tenancy.acting(feedback.CLERK):
        letters = sending.letters([told])
        lines = page.lines(letters[0], language, SHOWN) if letters else []
    texts = TEXTS[language]
    chosen = request.POST.get("answer") or request.GET.get("answer", "")
    values = {
        "title": texts["title"],
        "intro": texts["intro"].format(centre=settings.CENTRE_NAME),
        "notice": told,
        "tlp_meaning": words.TLP[language].get(told.tlp, ""),
        "words": words.PHRASES[language],
        "answers": words.ANSWERS[language].items(),
        "chosen": chosen if chosen in words.ANSWERS[language] else "",
        "lines": lines,
        "all": texts["all"].format(n=told.findings),
        "more": texts["more"].format(n=SHOWN) if told.findings > SHOWN else "",
        "ticked": set(request.POST.getlist("finding")),
        "which": request.POST.get("which", "all"),
        "comment": request.POST.get("comment", "")[: feedback.LONGEST_COMMENT],
        "longest": feedback.LONGEST_COMMENT,
        "wrong": texts["wrong"] if wrong else "",
    }
    return _page(request, language, "notification/feedback.html", values, status=422 if wrong else 200)


@public_page(REASON)
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Stop the optional kinds of a notice: one POST is enough (RFC 8058)."""
    notice = links.notice_of(token, links.UNSUBSCRIBE)
    holder = feedback.holder_of(notice, _origin(request)) if notice else None
    if notice is None or holder is None:
        return _closed(request)
    with tenancy.acting(holder):
        told = reads.access_notice(holder, notice)
    language = _language(request, told)
    texts = TEXTS[language]
    optional = [kind for kind in told.kinds if kinds.optional(told.severity, [kind])]
    shown = ", ".join(inert(kinds.title(kind, language), 120) for kind in optional) or texts["none"]
    said = texts["stop_text"].format(kinds=shown)
    if request.method != "POST":
        values: dict[str, Any] = {"title": texts["stop_title"], "lines": [said], "optional": optional}
        return _page(request, language, "notification/feedback_unsubscribe.html", values)
    with tenancy.acting(holder):
        feedback.unsubscribe(actor=holder, notice=notice)
    return _page(
        request, language, "notification/feedback_done.html", {"title": texts["stopped"], "lines": [said], "again": ""}
    )


def _closed(request: HttpRequest) -> HttpResponse:
    """One answer for every link that does not open, whatever is wrong with it."""
    language = "en" if translation.get_language() == "en" else "nl"
    texts = TEXTS[language]
    values = {"title": texts["closed"], "lines": [texts["closed_text"]], "again": ""}
    return _page(request, language, "notification/feedback_done.html", values, status=404)


def _page(
    request: HttpRequest, language: str, template: str, values: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    with translation.override(language):
        response = render(request, template, {"texts": TEXTS[language], **values}, status=status)
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"  # the address is the proof: it must not travel on
    response["X-Robots-Tag"] = "noindex"
    response["Content-Language"] = language
    return response


def _language(request: HttpRequest, told: Notice) -> str:
    """The language that the reader chose on our site, or that of the notice."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return chosen if chosen in TEXTS else words.language_of(told.language)


def _origin(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


def _uuid(value: str) -> UUID | None:
    try:
        return UUID(value)
    except ValueError:
        return None
