"""What a page does with a Problem: not there and not allowed are pages of their own, all else is said to the reader."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.translation import get_language

from dijkwacht.kernel.errors import Language, Problem

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
FORBIDDEN: Final = 403
NOT_FOUND: Final = 404


def language() -> Language:
    """Return the language of this request."""
    return "nl" if (get_language() or "nl").startswith("nl") else "en"


def refusals_as_pages(view: View[P]) -> View[P]:
    """Show what an actor may not see as a page that is not there, and what it may not do as forbidden."""

    @wraps(view)
    def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except Problem as problem:
            if problem.status == NOT_FOUND:
                raise Http404 from problem
            if problem.status == FORBIDDEN:
                raise PermissionDenied from problem
            raise

    return answer


def attempt(request: HttpRequest, change: Callable[[], Any], done: str) -> bool:
    """Make a change that has no page of its own, and say on the next page how it went; gives whether it was made.

    Raises what `refusals_as_pages` answers.
    """
    try:
        change()
    except Problem as problem:
        if problem.status in {NOT_FOUND, FORBIDDEN}:
            raise
        messages.error(request, problem.text(language()))
        return False
    messages.success(request, done)
    return True
