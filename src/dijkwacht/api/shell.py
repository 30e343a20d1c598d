"""The API under /api/v1: the routers of the rooms, one way to answer, one way to refuse."""

import json
import logging
import re
from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import Any, Final

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.operation import Operation
from ninja.parser import Parser

from dijkwacht.api import describe, errors, idempotency, limits, problems
from dijkwacht.api.middleware import VERSION
from dijkwacht.kernel import strict_json
from dijkwacht.kernel.errors import Problem

log = logging.getLogger(__name__)

# The modules that hold a `router`; a room adds its own here.
ROUTERS: Final = (
    "dijkwacht.api.own",
    "dijkwacht.api.people",
    "dijkwacht.rooms.assessment.api",
    "dijkwacht.rooms.registry.api",
    "dijkwacht.rooms.registry.api_upkeep",
    "dijkwacht.rooms.proof.api",
    "dijkwacht.rooms.notification.api",
    "dijkwacht.rooms.services.api",
    "dijkwacht.rooms.home.api",
    "dijkwacht.rooms.reporting.api",
    "dijkwacht.rooms.reporting.crossing.api",
    "dijkwacht.rooms.reporting.ending.api",
    "dijkwacht.rooms.reporting.programs.api",
    "dijkwacht.rooms.reporting.programs.desk",
    "dijkwacht.rooms.advisories.catalogue.api",
    "dijkwacht.rooms.advisories.sourcing.api",
    "dijkwacht.rooms.phishing.figures.api",
    "dijkwacht.rooms.phishing.intake.api",
    "dijkwacht.rooms.phishing.listing.api",
    "dijkwacht.rooms.advisories.inventory.api",
    "dijkwacht.rooms.advisories.delivery.api",
    "dijkwacht.rooms.advisories.publishing.api",
    "dijkwacht.rooms.knowledge.api",
)
SURROGATE: Final = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")


class BoundedParser(Parser):
    """Reads JSON of bounded size, without a name twice and what PostgreSQL cannot hold: NUL and lone surrogates."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """The decoded body. Raises BodyTooLarge, UnreadableBody."""
        if int(request.META.get("CONTENT_LENGTH") or 0) > limits.LARGEST_BODY:
            raise errors.BodyTooLarge(bytes=limits.LARGEST_BODY)
        body = request.body
        try:
            value: dict[str, Any] = strict_json.loads(body)
            if SURROGATE.search(body) or b"\0" in body:
                _storable(value)
        except (ValueError, RecursionError) as error:
            raise errors.UnreadableBody from error
        return value


def _storable(value: Any) -> None:
    text = json.dumps(value, ensure_ascii=False)
    text.encode()  # a lone surrogate raises UnicodeEncodeError, a ValueError
    if "\\u0000" in text:
        raise ValueError("NUL")


class Api(NinjaAPI):
    """Ninja's API that keeps answers to idempotency keys and describes what holds for every route."""

    def create_response(self, request: HttpRequest, data: Any, **how: Any) -> HttpResponse:
        response = super().create_response(request, data, **how)
        idempotency.keep(request, response)
        return response

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__

    def get_openapi_schema(self, **where: Any) -> Any:
        return describe.complete(super().get_openapi_schema(**where))


def _problem(request: HttpRequest, error: Problem) -> HttpResponse:
    return problems.respond(request, error)


def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return problems.respond(request, errors.InvalidRequest(), problems.field_errors(error.errors))


def _missing(request: HttpRequest, error: Exception) -> HttpResponse:  # noqa: ARG001 - why it is missing stays here
    return problems.respond(request, errors.NotFound())


def _denied(request: HttpRequest, error: PermissionDenied) -> HttpResponse:  # noqa: ARG001
    return problems.respond(request, errors.Forbidden(permission=""))


def _bare(request: HttpRequest, error: HttpError) -> HttpResponse:
    if isinstance(error.__cause__, Problem):
        return problems.respond(request, error.__cause__)
    return problems.respond(request, problems.for_status(error.status_code))


def _too_large(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:  # noqa: ARG001
    return problems.respond(request, errors.BodyTooLarge(bytes=limits.LARGEST_BODY))


def _replayed(request: HttpRequest, error: idempotency.Replay) -> HttpResponse:  # noqa: ARG001
    return idempotency.replay(error.answer)


def _failed(request: HttpRequest, error: Exception) -> HttpResponse:
    log.error("%s %s failed", request.method, request.path, exc_info=error)
    return problems.respond(request, errors.InternalError())


HANDLERS: Final[Mapping[type[Exception], Any]] = {
    Problem: _problem,
    ValidationError: _invalid,
    Http404: _missing,
    ObjectDoesNotExist: _missing,
    PermissionDenied: _denied,
    HttpError: _bare,
    RequestDataTooBig: _too_large,
    idempotency.Replay: _replayed,
    Exception: _failed,
}


def build(routers: Iterable[str] = ROUTERS, namespace: str = "api-v1") -> Api:
    """The API with the `router` of each module in `routers` in it."""
    made = Api(
        title="Dijkwacht",
        version=VERSION,
        description="From feed to notice: what a program of an organisation, a relay or the centre may do.",
        docs_url=None,
        openapi_url="/openapi.json",
        urls_namespace=namespace,
        parser=BoundedParser(),
    )
    for kind, handler in HANDLERS.items():
        made.add_exception_handler(kind, handler)
    for module in routers:
        made.add_router("", import_module(module).router)
    return made


api: Final = build()
