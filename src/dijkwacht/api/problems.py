"""Every refusal as `application/problem+json` (RFC 9457), in the language of the request."""

import json
from collections.abc import Iterator
from typing import Any, Final, cast

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from dijkwacht.api import errors
from dijkwacht.kernel.errors import Language, Problem

MEDIA_TYPE: Final = "application/problem+json"
MEMBERS: Final = frozenset({"type", "title", "status", "detail", "instance", "errors"})
# For errors that Django or ninja raise, with which of our problems they are told.
BY_STATUS: Final = {
    400: errors.UnreadableBody,
    401: errors.SignInFirst,
    404: errors.NotFound,
    405: errors.MethodNotAllowed,
}


def language() -> Language:
    return "en" if (translation.get_language() or "").startswith("en") else "nl"


def title(slug: str) -> str:
    """The short name of a kind of problem: `not-found` reads "Not found"."""
    return slug.replace("-", " ").capitalize()


def type_uri(slug: str) -> str:
    """The address that names a kind of problem, and explains it to who follows it."""
    return f"{settings.BASE_URL}/api/v1/problems/{slug}"


def body(request: HttpRequest, problem: Problem, fields: list[dict[str, str]] | None = None) -> dict[str, Any]:
    """The members of the answer; the problem's own fields follow as extension members."""
    members: dict[str, Any] = {
        "type": type_uri(problem.type),
        "title": title(problem.type),
        "status": problem.status,
        "detail": problem.text(language()),
        "instance": request.path,
    }
    if fields is not None:
        members["errors"] = fields
    return {key: value for key, value in problem.fields.items() if key not in MEMBERS} | members


def respond(request: HttpRequest, problem: Problem, fields: list[dict[str, str]] | None = None) -> HttpResponse:
    content = json.dumps(body(request, problem, fields), cls=DjangoJSONEncoder, default=str).encode("utf-8", "replace")
    response = HttpResponse(content, status=problem.status, content_type=MEDIA_TYPE)
    if problem.status == 401:  # noqa: PLR2004
        response["WWW-Authenticate"] = 'Bearer realm="dijkwacht"'
    if isinstance(problem, errors.TooManyRequests):
        response["Retry-After"] = str(problem.fields["seconds"])
    return response


def for_status(status: int) -> Problem:
    """The problem that stands for a bare HTTP status."""
    return BY_STATUS.get(status, Problem if status < 500 else errors.InternalError)()  # noqa: PLR2004


def field_errors(found: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Name the place and field of each thing pydantic refused, without repeating what was sent."""
    return [
        {
            "location": str(error["loc"][0]) if error["loc"] else "body",
            "field": ".".join(str(part) for part in _named(error["loc"])),
            "message": cast("str", error["msg"]),
        }
        for error in found
    ]


def _named(location: tuple[int | str, ...]) -> tuple[int | str, ...]:
    """Where in the request, without the name our function happens to give the body or the query."""
    return location[2:] if len(location) > 2 else location[1:]  # noqa: PLR2004


def kinds() -> Iterator[type[Problem]]:
    """Every kind of problem the running system knows."""
    waiting = [Problem]
    while waiting:
        kind = waiting.pop()
        yield kind
        waiting += kind.__subclasses__()
