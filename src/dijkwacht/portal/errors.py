"""What a person sees when something is refused or breaks: one page, in the person's language, without inner details."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _

from dijkwacht.kernel.errors import Problem
from dijkwacht.platform.accounts.permissions import public_page
from dijkwacht.rooms.reporting.enclosing.rules import largest_upload

TEXTS: Final = {
    400: (_("We do not understand this request"), _("Go back and try again. If you typed an address, check it.")),
    403: (_("You may not see this page"), _("Your role does not open it. Ask an administrator of your organisation.")),
    404: (_("There is nothing here"), _("The page does not exist, has moved, or is not yours to see.")),
    413: (
        _("This is too much at once"),
        _("Go back and choose fewer or smaller files. What you typed is still there."),
    ),
    500: (_("Something went wrong with us"), _("Nothing of what you sent was kept. Try again in a few minutes.")),
}
AT_THE_CENTRE: Final = _("Your role at the centre does not open it. Ask an administrator of the centre.")
STALE: Final = (
    _("This form is too old"),
    _("For your safety a form works once, in the browser that opened it. Go back, load the page again, and send it."),
)


def _page(request: HttpRequest, status: int, title: str, text: str, said: str = "") -> HttpResponse:
    values = {"title": gettext(title), "text": gettext(text), "said": said}
    return render(request, "portal/error.html", values, status=status)


def of_status(request: HttpRequest, status: int, said: str = "") -> HttpResponse:
    """The page of a status; one that has no text of its own shows that of its class."""
    title, text = TEXTS.get(status) or TEXTS[400]
    return _page(request, status, title, text, said)


@public_page("says that a request is not understood")
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return of_status(request, HTTPStatus.BAD_REQUEST)


@public_page("says that a page is closed")
def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Say whom to ask: somebody of the centre has no organisation whose administrator could help."""
    title, text = TEXTS[403]
    actor = getattr(request, "actor", None)
    return _page(request, HTTPStatus.FORBIDDEN, title, AT_THE_CENTRE if actor and actor.roles else text)


@public_page("says that there is no such page")
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return of_status(request, HTTPStatus.NOT_FOUND)


@public_page("says that we failed")
def server_error(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Needs nothing that may be what broke: no database, no session, no user."""
    title, text = TEXTS[500]
    values = {"title": gettext(title), "text": gettext(text)}
    return render(None, "portal/error_500.html", values, status=500)


@public_page("says that a form is stale")
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    return _page(request, HTTPStatus.FORBIDDEN, *STALE)


class RefusalMiddleware:
    """A problem that a room raises becomes a page; text with NUL, which the database cannot hold, is refused before."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        largest, sent = largest_upload(request.path_info), str(request.META.get("CONTENT_LENGTH") or 0)
        if largest is not None and sent.isascii() and sent.isdigit() and int(sent) > largest:  # before a byte is read
            return of_status(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:  # noqa: ARG002
        if request.path_info.startswith("/api/"):
            return None
        sent = (value for part in (request.GET, request.POST) for _name, values in part.lists() for value in values)
        if "\0" in request.path_info or any("\0" in value for value in sent):
            return of_status(request, HTTPStatus.BAD_REQUEST)
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Problem) or request.path_info.startswith("/api/"):
            return None
        said = exception.text("en" if get_language() == "en" else "nl")
        return of_status(request, exception.status, said)
