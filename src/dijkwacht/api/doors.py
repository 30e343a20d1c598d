"""Who stands at the API's door, and whether the door may open: before anything of the request is parsed.

A route says `auth=requires("findings:read")`; a house test refuses one that does not.
"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.middleware.csrf import CsrfViewMiddleware
from ninja.security import APIKeyCookie, HttpBearer

from dijkwacht.api import errors, limits
from dijkwacht.kernel.actor import Actor, Kind
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts import origins, second_factor, tokens
from dijkwacht.platform.accounts.permissions import PERMISSIONS, actor_of, allows


def _admit(actor: Actor, permission: str) -> Actor:
    if not allows(actor, permission):
        raise errors.Forbidden(permission=permission)
    return actor


class Bearer(HttpBearer):
    """A token in the Authorization header. It alone counts: a session beside it is not looked at."""

    def __init__(self, permission: str) -> None:
        super().__init__()
        self.permission = permission

    def __call__(self, request: HttpRequest) -> Actor | None:
        header = request.headers.get("Authorization")
        if header is None:
            return None
        scheme, _, presented = header.partition(" ")
        return self.authenticate(request, presented.strip() if scheme.lower() == "bearer" else "")

    def authenticate(self, request: HttpRequest, token: str) -> Actor:
        """Give the request the token's actor. Raises SignInFirst, TooManyRequests, Forbidden."""
        origin = origins.address(request)
        actor = tokens.resolve(token, origin=origin)
        if actor is None:
            refuse_guessing(origin)
            raise errors.SignInFirst
        request.actor = actor  # type: ignore[attr-defined]
        spend(request, limits.PER_TOKEN, actor.id)
        tenancy.enter(actor)
        return _admit(actor, self.permission)


class FormToken(CsrfViewMiddleware):
    """Django's check of the form token, without the page that Django would make of a refusal."""

    @classmethod
    def missing(cls, request: HttpRequest) -> bool:
        """Whether a change lacks the token that the browser's cookie asks for."""
        request.csrf_processing_done = False  # type: ignore[attr-defined]
        check = cls(lambda _: HttpResponse())
        check.process_request(request)
        return check.process_view(request, _no_view, (), {}) is not None

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponseForbidden:  # noqa: ARG002
        return HttpResponseForbidden(reason)


def _no_view(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Stand for a view that asks for no exemption."""
    return HttpResponse()


class Session(APIKeyCookie):
    """The session of a signed-in browser; a change needs the X-CSRFToken header too."""

    param_name = settings.SESSION_COOKIE_NAME

    def __init__(self, permission: str) -> None:
        super().__init__(csrf=False)  # checked below, after we know that there is somebody
        self.permission = permission

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:  # noqa: ARG002
        """The person of the session. Raises FormTokenMissing, SecondFactorMissing, Forbidden."""
        actor = actor_of(request)
        if actor.kind is not Kind.PERSON:
            return None
        if FormToken.missing(request):
            raise errors.FormTokenMissing
        if second_factor.missing(actor):
            raise errors.SecondFactorMissing
        return _admit(actor, self.permission)


class Anybody:
    """No door at all, with the reason why."""

    def __init__(self, reason: str) -> None:
        self.permission = f"public: {reason}"

    def __call__(self, request: HttpRequest) -> Actor:
        return actor_of(request)


def requires(permission: str) -> list[Any]:
    """The `auth=` of a route for those whom `permission` allows. Raises KeyError when it is not in the table."""
    PERMISSIONS[permission]
    return [Bearer(permission), Session(permission)]


def public(reason: str) -> list[Any]:
    """The `auth=` of a route for anybody, and why."""
    return [Anybody(reason)]


def refuse_guessing(origin: str) -> None:
    """Count a wrong token. Raises TooManyRequests when an address gives too many."""
    limit = limits.WRONG_TOKENS.take(origin)
    if limit.exceeded:
        raise errors.TooManyRequests(seconds=limit.wait)


def spend(request: HttpRequest, buckets: limits.Buckets, key: str) -> None:
    """Take one request from a bucket and show the rest in the answer. Raises TooManyRequests."""
    limit = buckets.take(key)
    request.api_limit = limit  # type: ignore[attr-defined]
    if limit.exceeded:
        raise errors.TooManyRequests(seconds=limit.wait)
