"""What holds for every session: it ends when left alone, and opens nothing before the second factor."""

import time
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from dijkwacht.platform.accounts import second_factor
from dijkwacht.platform.accounts.models import User
from dijkwacht.platform.accounts.permissions import actor_of

IDLE: Final = 30 * 60  # seconds without a request
LONGEST: Final = 12 * 60 * 60  # seconds, whatever happens
NOTED_EVERY: Final = 60  # seconds; a session is not written on each request
BEGAN, SEEN = "began", "seen"
# Pages that somebody without a second factor needs to get one, or to leave.
OPEN_NAMES: Final = frozenset({"account_logout", "account_reauthenticate", "account_change_password", "healthz"})
API_NAMESPACE: Final = "api-v1"  # the API's door asks for the second factor itself, and answers with a problem


class SessionClockMiddleware:
    """End a session that was left alone for half an hour, or is half a day old."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if SESSION_KEY in request.session:
            now = int(time.time())
            began = request.session.get(BEGAN, now)
            seen = request.session.get(SEEN, now)
            if now - seen > IDLE or now - began > LONGEST:
                logout(request)
            elif SEEN not in request.session or now - seen >= NOTED_EVERY:
                request.session.update({BEGAN: began, SEEN: now})
        return self.get_response(request)


class SecondFactorMiddleware:
    """Lead people who need a second factor to setting it up, or to giving it, before any page opens."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:  # noqa: ARG002
        """Redirect instead of calling the view, or let it be."""
        match = request.resolver_match
        actor = actor_of(request)
        if match is None or API_NAMESPACE in match.namespaces or not second_factor.missing(actor):
            return None
        name = match.url_name or ""
        if name in OPEN_NAMES or name.startswith("mfa_"):
            return None
        if isinstance(request.user, User) and second_factor.set_up(request.user):
            query = urlencode({"next": request.get_full_path()})
            return HttpResponseRedirect(f"{reverse('mfa_reauthenticate')}?{query}")
        return HttpResponseRedirect(reverse("mfa_index"))
