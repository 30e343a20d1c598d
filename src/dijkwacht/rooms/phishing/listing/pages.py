"""What the pages of the list and of appeals have in common."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.translation import get_language

from dijkwacht.kernel.errors import Language, Problem
from dijkwacht.rooms.phishing.errors import NotAllowed
from dijkwacht.rooms.phishing.listing import errors as listing
from dijkwacht.rooms.phishing.warning import errors as warning

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
MISSING: Final = (listing.NotListed, listing.ConsumerUnknown, warning.AppealUnknown)


def language() -> Language:
    """Return the language of this request."""
    return "nl" if (get_language() or "nl").startswith("nl") else "en"


def refusals_as_pages(view: View[P]) -> View[P]:
    """Show what is not there as a page that is not there, and what an actor may not do as forbidden."""

    @wraps(view)
    def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except MISSING as problem:
            raise Http404 from problem
        except NotAllowed as problem:
            raise PermissionDenied from problem

    return answer


def attempt(request: HttpRequest, change: Callable[[], Any], done: str) -> Any:
    """Make a change, and say how it went on the next page; gives what it gave, or None when it was refused."""
    try:
        found = change()
    except NotAllowed:
        raise
    except Problem as problem:
        messages.error(request, problem.text(language()))
        return None
    messages.success(request, done)
    return found
