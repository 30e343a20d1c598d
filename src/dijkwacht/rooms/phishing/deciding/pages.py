"""What the pages of the room have in common."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.translation import get_language

from dijkwacht.kernel.errors import Problem
from dijkwacht.rooms.phishing import errors

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def refusals_as_pages(view: View[P]) -> View[P]:
    """Show what is not there as a page that is not there, and what an actor may not do as forbidden."""

    @wraps(view)
    def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except errors.NotFound as problem:
            raise Http404 from problem
        except errors.NotAllowed as problem:
            raise PermissionDenied from problem

    return answer


def attempt(request: HttpRequest, change: Callable[[], Any], done: str) -> bool:
    """Make a change, and say how it went on the next page; gives whether it was made."""
    try:
        change()
    except (errors.NotFound, errors.NotAllowed):
        raise
    except Problem as problem:
        messages.error(request, problem.text("nl" if (get_language() or "nl").startswith("nl") else "en"))
        return False
    messages.success(request, done)
    return True
