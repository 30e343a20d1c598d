"""When too many come at once, or the database is away: whoever is sent away hears it at once and can go on.

Of too many, reports come first.

Stands before the transaction: neither the page that says so nor the offline form asks the database anything. Health
checks never wait. Whoever sent a form gets it back with a button to send it again, so nothing typed is lost.
"""

import random
import threading
import time
from collections.abc import Callable
from functools import cache
from typing import Final, Literal

import structlog
from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.http.multipartparser import MultiPartParserError
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.cache import patch_vary_headers

from dijkwacht.api import problems
from dijkwacht.api.errors import Crowded
from dijkwacht.platform.database.away import BACK_IN, Away
from dijkwacht.platform.supervisor.admission import Gate
from dijkwacht.rooms.reporting.web_files import offline_form

log = structlog.get_logger()
Why = Literal["busy", "away", "in doubt"]
FILING, BEGINNING, OTHER = range(3)
PATIENCE: Final = (1.0, 0.6, 0.3)  # seconds that each of them waits for its turn; then it hears that it is too busy
SOONEST, LATEST = 3, 60  # seconds before somebody comes back; at random, or all come at the same moment
ECHOED: Final = 256 * 1024  # bytes of a form that is given back; longer ones go back by the browser's own button
NEVER: Final = frozenset({"/healthz", "/readyz", "/metrics"})
REPORTS: Final = "/api/v1/incidents/reports"
OFFLINE: Final = "/report/offline-form"
LOGGED_EVERY: Final = 10.0  # seconds
READING: Final = frozenset({"GET", "HEAD"})
MARK: Final = "<!--again-->"


def rank(method: str, path: str) -> int:
    """Return which of the three a request is: somebody who is filing, who begins, or who does something else.

    Whoever has begun goes before whoever begins: what was typed is at stake.
    """
    if path.startswith("/report/draft/") or (path.startswith(REPORTS) and method == "POST"):
        return FILING
    if path == "/report" or path.startswith("/report/"):
        return BEGINNING if method in READING else FILING
    return BEGINNING if path.startswith("/account/login/") else OTHER


class CrowdMiddleware:
    """Lets in what the process can serve; tells the others when to come back, and how to report without us."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.gate = Gate(settings.WEB_AT_ONCE, settings.WEB_WAITING, PATIENCE)
        self._logged, self._lock = time.monotonic(), threading.Lock()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        path, method = request.path_info, request.method or ""
        if path in NEVER:
            return self.get_response(request)
        if path == OFFLINE and method in READING:
            with translation.override(language_of(request)):
                return offline_form(request)
        which = rank(method, path)
        with self.gate.turn(which) as given:
            if given:
                response = self.get_response(request)
                return sent_away(request, which, BACK_IN, _why(response)) if isinstance(response, Away) else response
        self._tell()
        return sent_away(request, which, retry_after(self.gate.pressure()), "busy")

    def _tell(self) -> None:
        """Say in the log that people are sent away, at most once in a while."""
        now = time.monotonic()
        with self._lock:
            if now - self._logged < LOGGED_EVERY:
                return
            self._logged = now
        away = dict(zip(("filing", "beginning", "other"), self.gate.sent_away, strict=True))
        log.warning("too many requests at once: some are told to come back", let_in=sum(self.gate.let_in), **away)


def retry_after(pressure: float) -> int:
    """Return after how many seconds to come back: the more are sent away for each that comes in, the later."""
    return random.randint(SOONEST, SOONEST + min(LATEST - SOONEST, 4 + round(2 * pressure)))  # noqa: S311 - no secret


def _why(away: Away) -> Why:
    return "in doubt" if away.in_doubt else "away"


def language_of(request: HttpRequest) -> str:
    """Return nl or en: what was chosen on the site, else what the browser asks. The account is not looked up."""
    return "en" if translation.get_language_from_request(request).startswith("en") else "nl"


def sent_away(request: HttpRequest, which: int, wait: int, why: Why) -> HttpResponse:
    """Return the 503: a problem for a program, a page for a person, with the form that was sent."""
    with translation.override(language_of(request)):
        if request.path_info.startswith("/api/"):
            response = problems.respond(request, Crowded(seconds=wait))
        else:
            response = HttpResponse(_page(request, which, why), status=503)
    response["Retry-After"] = str(wait)
    response["Cache-Control"] = "no-store"
    response["Content-Length"] = str(len(response.content))
    response._has_been_logged = True  # type: ignore[attr-defined]  # noqa: SLF001 - a line each is a load too
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response


def _page(request: HttpRequest, which: int, why: Why) -> str:
    """Return the page, around a part that differs: most requests cost a search and a join."""
    before, after = _shell(translation.get_language() or "nl", why)
    posted = request.method == "POST" and which != OTHER
    return before + (_again(request) if posted else "") + after


@cache
def _shell(language: str, why: Why) -> tuple[str, str]:  # noqa: ARG001 - what the pages differ by
    values = {"why": why, "phone": settings.DUTY_PHONE, "mail": settings.REPORTS_MAIL, "mark": MARK}
    before, _mark, after = render_to_string("portal/crowded.html", values).partition(MARK)
    return before, after


def _again(request: HttpRequest) -> str:
    """Return the form that was sent, to send again; nothing when it is too long to hold."""
    try:
        short = int(request.META.get("CONTENT_LENGTH") or 0) <= ECHOED
        sent = list(request.POST.lists()) if short else []
        file = bool(request.FILES) if short else False
    except (BadRequest, SuspiciousOperation, MultiPartParserError, OSError, ValueError):
        sent, file = [], False
    fields = [(name, value) for name, values in sent for value in values]
    return render_to_string("portal/crowded_again.html", {"fields": fields, "action": request.path, "file": file})
