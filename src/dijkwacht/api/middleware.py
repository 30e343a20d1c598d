"""What holds for every answer under /api/: version, limits, problems instead of pages, no caching."""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

from dijkwacht.api import doors, errors, limits, problems
from dijkwacht.kernel.errors import Problem
from dijkwacht.platform.accounts import origins
from dijkwacht.platform.database.away import BACK_IN, Away

VERSION: Final = "1.0.0"
PREFIX: Final = "/api/"
FIRST_ERROR: Final = 400


class ApiMiddleware:
    """Stands before the transaction, so that a flood opens none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        try:
            check_address(request)
            doors.spend(request, limits.PER_ADDRESS, origins.address(request))
            response = as_problem(request, self.get_response(request))
        except Problem as problem:
            response = problems.respond(request, problem)
        return finish(request, response)


def check_address(request: HttpRequest) -> None:
    """Refuse NUL, which PostgreSQL cannot hold and no identifier needs. Raises UnreadableAddress."""
    if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
        raise errors.UnreadableAddress


def as_problem(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Turn an error page of Django or ninja into a problem; its headers, such as Allow, stay.

    Not its length, which is of the page: where fewer bytes come than were promised, the server gives no answer at all.
    """
    kind = response.get("Content-Type", "").partition(";")[0]
    if response.status_code < FIRST_ERROR or kind == problems.MEDIA_TYPE:
        return response
    if isinstance(response, Away):
        problem: Problem = errors.KeptInDoubt() if response.in_doubt else errors.DatabaseAway(seconds=BACK_IN)
    else:
        problem = problems.for_status(response.status_code)
    told: HttpResponse = problems.respond(request, problem)
    told.status_code = response.status_code
    told["Content-Length"] = str(len(told.content))
    for name, value in response.items():
        told.headers.setdefault(name, value)
    return told


def finish(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    response["API-Version"] = VERSION
    if not response.has_header("Cache-Control"):
        response["Cache-Control"] = "no-store"
    if response["Cache-Control"].startswith("public"):
        del response["Vary"]  # the same for everybody, whatever they send along
    else:
        patch_vary_headers(response, ["Authorization", "Cookie", "Accept-Language"])
    limit: limits.Limit | None = getattr(request, "api_limit", None)
    for name, value in limit.headers().items() if limit else ():
        response[name] = value
    following = getattr(request, "next_page", None)
    if following:
        response["Link"] = f'<{following}>; rel="next"'
    return response
