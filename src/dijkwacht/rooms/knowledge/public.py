"""Public pages that any cache may keep: they see no cookie, carry no session, and say when they changed.

`CookielessMiddleware` stands before all that reads a cookie. It takes cookies and credentials off requests for public
pages, so what they answer cannot depend on them; then `Vary: Cookie`, which the session adds, is not true and goes.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag

PREFIX: Final = "/knowledge"
SECONDS: Final = 300  # that a cache may keep a page
LANGUAGES: Final = ("nl", "en")


def is_public(path: str) -> bool:
    """Whether a path is one of the public pages. The front is none: it leads on, in the language somebody chose."""
    return path.startswith(f"{PREFIX}/")


class CookielessMiddleware:
    """Let nothing that says who asks through to the public pages, and nothing that marks the asker back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_public(request.path_info):
            return _for_all(self.get_response(request))
        for header in ("HTTP_COOKIE", "HTTP_AUTHORIZATION"):
            request.META.pop(header, None)
        request.__dict__.pop("COOKIES", None)
        response = self.get_response(request)
        response.cookies.clear()
        vary = [one.strip() for one in response.get("Vary", "").split(",") if one.strip()]
        kept = [one for one in vary if one.lower() != "cookie" and not (_spoken(request) and one == "Accept-Language")]
        if kept:
            response["Vary"] = ", ".join(kept)
        elif vary:
            del response["Vary"]
        return response


def _for_all(response: HttpResponse) -> HttpResponse:
    """Take back that an answer depends on cookie or language, where its view says `same_for_all`."""
    if getattr(response, "same_for_all", False):
        response["Vary"] = "Accept-Encoding"
        response.cookies.clear()
    return response


def _spoken(request: HttpRequest) -> bool:
    """Whether the address names the language, so that the browser's wish changes nothing."""
    return request.path_info.split("/")[2:3] in ([code] for code in LANGUAGES)


def page(
    request: HttpRequest, template: str, context: Mapping[str, object], language: str, changed: datetime
) -> HttpResponse:
    """Render a public page in the language of its address, cacheable; 304 where the asker has it already."""
    with translation.override(language):
        other = "en" if language == "nl" else "nl"
        elsewhere = request.get_full_path().replace(f"{PREFIX}/{language}", f"{PREFIX}/{other}", 1)
        shown = {**context, "language": language, "elsewhere": elsewhere, "other": other}
        response = render(request, template, shown)
    return cacheable(request, response, changed)


def cacheable(request: HttpRequest, response: HttpResponse, changed: datetime) -> HttpResponse:
    """Give an answer its ETag, Last-Modified and how long it may be kept; 304 where the asker has it."""
    etag = quote_etag(sha256(response.content).hexdigest()[:32])
    response["ETag"], response["Last-Modified"] = etag, http_date(changed.timestamp())
    response["Cache-Control"] = f"public, max-age={SECONDS}"
    found = get_conditional_response(request, etag=etag, last_modified=int(changed.timestamp()), response=response)
    return found if isinstance(found, HttpResponse) else response
