"""What the pages of proof have in common."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.translation import get_language

from dijkwacht.kernel.errors import Language, Problem
from dijkwacht.rooms.proof import errors
from dijkwacht.rooms.registry import errors as registry

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
MISSING: Final = (errors.NotFound, registry.NotFound)
FORBIDDEN: Final = (errors.NotAllowed, registry.NotAllowed)


def language() -> Language:
    """Return the language of this request."""
    return "nl" if (get_language() or "nl").startswith("nl") else "en"


def refusals_as_pages(view: View[P]) -> View[P]:
    """Show what an actor may not see as a page that is not there, and what it may not do as forbidden."""

    @wraps(view)
    def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except MISSING as problem:
            raise Http404 from problem
        except FORBIDDEN as problem:
            raise PermissionDenied from problem

    return answer


def attempt(request: HttpRequest, change: Callable[[], Any], done: str) -> None:
    """Make a change, and say how it went on the next page."""
    try:
        change()
    except (*MISSING, *FORBIDDEN):
        raise
    except Problem as problem:
        messages.error(request, problem.text(language()))
    else:
        messages.success(request, done)
