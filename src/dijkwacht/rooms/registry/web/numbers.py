"""How many essential and important entities there are, per sector, as of a day."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from dijkwacht.kernel.errors import Problem
from dijkwacht.platform.accounts.permissions import actor_of, page
from dijkwacht.rooms.registry import actions, history, rules
from dijkwacht.rooms.registry.extracts.files import File
from dijkwacht.rooms.registry.extracts.identified import identified
from dijkwacht.rooms.registry.extracts.numbers import Numbers, numbers
from dijkwacht.rooms.registry.forms import AsOfForm, language, told
from dijkwacht.rooms.registry.web.shared import refusals_as_pages


@page("figures:read")
@refusals_as_pages
@require_safe
def numbers_page(request: HttpRequest) -> HttpResponseBase:
    """The numbers as a chart and a table."""
    asked = request.GET.get("as_of", "").strip() or timezone.localdate().isoformat()
    form = AsOfForm({"as_of": asked})
    form.is_valid()
    counted: Numbers | None = None
    try:
        counted = numbers(actor_of(request), history.parse(asked))
    except Problem as problem:
        form.add_error("as_of", told(problem))
    spoken = language()
    rows = [(row, row.sector.title(spoken)) for row in counted.rows] if counted else []
    exports = rules.may_export(actor_of(request))
    context: dict[str, Any] = {"form": form, "counted": counted, "rows": rows, "exports": exports}
    if counted:
        context["identified"] = identified(actor_of(request), counted.as_of)
        context["nl"] = spoken == "nl"
    return render(request, "registry/numbers.html", context, status=422 if form.errors else 200)


@page("figures:read")
@refusals_as_pages
@require_safe
def numbers_file(request: HttpRequest, ending: str) -> HttpResponseBase:
    """The numbers as a file."""
    public = request.GET.get("public", "") == "yes"
    return _file(request, partial(actions.extract_numbers, public=public), ending)


@page("figures:read")
@refusals_as_pages
@require_safe
def identified_file(request: HttpRequest, ending: str) -> HttpResponseBase:
    """The numbers of identified entities as a file."""
    return _file(request, actions.extract_identified, ending)


@page("registry:export")
@refusals_as_pages
@require_safe
def enisa_file(request: HttpRequest, ending: str) -> HttpResponseBase:
    """The entities for the register of ENISA as a file."""
    return _file(request, actions.extract_enisa, ending)


def _file(request: HttpRequest, extract: Callable[..., File], ending: str) -> HttpResponse:
    try:
        as_of = history.parse(request.GET.get("as_of", ""))
        made = extract(actor=actor_of(request), as_of=as_of, ending=ending)
    except history.NOT_NOW as problem:
        return HttpResponse(told(problem), status=problem.status, content_type="text/plain; charset=utf-8")
    return attachment(made)


def attachment(made: File) -> HttpResponse:
    """Return a file to be kept, with its hash beside it."""
    answer = HttpResponse(made.content, content_type=made.media_type)
    answer["Content-Disposition"] = f'attachment; filename="{made.name}"'
    answer["X-Content-SHA256"] = made.sha256
    return answer
