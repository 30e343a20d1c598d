"""Sign-ins, sign-outs and refused sign-ins, from Django's own signals: whatever door was used, they enter the log."""

from collections.abc import Mapping
from typing import Any, Final

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest

from dijkwacht.kernel.actor import ANONYMOUS, Actor, Kind
from dijkwacht.platform.accounts import origins
from dijkwacht.platform.audit.record import record

MAX_EMAIL: Final = 320  # a longer one is nobody's; it is cut before it is kept


def _origin(request: HttpRequest | None) -> str:
    return origins.address(request) if request is not None else ""


def _person(request: HttpRequest | None, user: Any) -> Actor:
    return Actor(kind=Kind.PERSON, id=str(user.pk), origin=_origin(request))


def signed_in(*, request: HttpRequest | None = None, user: Any, **_: Any) -> None:
    """Record that `user` signed in."""
    record(
        actor=_person(request, user),
        action="accounts:session:start",
        target=("user", user.pk),
        personal={"email": user.get_username()},
    )


def signed_out(*, request: HttpRequest | None = None, user: Any = None, **_: Any) -> None:
    """Record that `user` signed out; a visitor who was not signed in leaves nothing to record."""
    if user is not None:
        record(actor=_person(request, user), action="accounts:session:end", target=("user", user.pk))


def refused(*, credentials: Mapping[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    """Record that a sign-in failed: the address given enters the log as a commitment only."""
    given = str(credentials.get("email") or credentials.get("username") or "").strip().lower()[:MAX_EMAIL]
    record(
        actor=Actor(kind=ANONYMOUS.kind, id=ANONYMOUS.id, origin=_origin(request)),
        action="accounts:session:start",
        target=("user", "unknown"),
        result="refused",
        personal={"email": given} if given else None,
    )


def connect() -> None:
    """Listen from now on. Called once, when the app is ready."""
    user_logged_in.connect(signed_in, dispatch_uid="audit:signed-in")
    user_logged_out.connect(signed_out, dispatch_uid="audit:signed-out")
    user_login_failed.connect(refused, dispatch_uid="audit:refused")
