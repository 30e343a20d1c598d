"""What allauth tells us."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from dijkwacht.platform.accounts import brokers, second_factor
from dijkwacht.platform.accounts.models import User


def remember_numbers(*, request: HttpRequest, user: User, sociallogin: Any = None, **kwargs: Any) -> None:  # noqa: ARG001
    """Keep what a broker proved with the session that it opened; a sign-in of another kind proves nothing."""
    if sociallogin is not None:
        brokers.remember(request, sociallogin)
    else:
        request.session.pop(brokers.SESSION, None)


def note_new_factor(*, request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any) -> None:  # noqa: ARG001
    """A passkey was made in this session, so its holder has it at hand. For an app's codes see `web.ActivateTotp`."""
    if authenticator.type == Authenticator.Type.WEBAUTHN:
        second_factor.note(request, user, authenticator.type)
