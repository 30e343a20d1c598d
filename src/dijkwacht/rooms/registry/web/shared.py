"""What the registry's pages have in common."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from dijkwacht.api.errors import InvalidCursor
from dijkwacht.kernel.errors import Problem
from dijkwacht.platform import refusals
from dijkwacht.rooms.registry.errors import NotAllowed, NotFound
from dijkwacht.rooms.registry.forms import CleanedForm

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def refusals_as_pages(view: View[P]) -> View[P]:
    """As `platform.refusals`; a cursor of another list is a page that is not there as well."""

    @wraps(view)
    def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except InvalidCursor as problem:
            raise Http404 from problem

    return refusals.refusals_as_pages(answer)


def organisation_page(organisation: UUID) -> str:
    """Return the address of an organisation's page."""
    return reverse("registry:organisation", args=[organisation])


def back_to(organisation: UUID) -> HttpResponseRedirect:
    """Go to an organisation's page after a change."""
    return HttpResponseRedirect(organisation_page(organisation))


def submitted(form: CleanedForm, change: Callable[[dict[str, Any]], Any]) -> bool:
    """Make the change of a filled form; a refusal is shown in the form. Returns whether it was made."""
    if not form.is_bound or not form.is_valid():
        return False
    try:
        change(form.values)
    except (NotFound, NotAllowed):
        raise
    except Problem as problem:
        form.refuse(problem)
        return False
    return True


def form_page(request: HttpRequest, form: CleanedForm, title: str, back: str, **context: Any) -> HttpResponse:
    """Show a form on a page of its own."""
    context = {"form": form, "title": title, "back": back, **context}
    return render(request, "registry/form.html", context, status=422 if form.errors else 200)
