"""How allauth behaves here: no sign-up, sealed factors, single sign-on for invited people only."""

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.http import HttpRequest

from dijkwacht.platform.accounts import actors, origins, second_factor
from dijkwacht.platform.crypto import fields

# Authenticators have no identifier yet when allauth encrypts their secret, so the place is the table's column alone.
PLACE = {"table": "mfa_authenticator", "row": "", "column": "data"}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts exist by invitation only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return origins.address(request)


class SocialAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Single sign-on leads to an invited account with the same verified address, never to a new one."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:  # noqa: ARG002
        return False

    def authenticate_by_email(self, sociallogin: SocialLogin) -> Any:
        """The invited person and address, or None. Only a claim that is the boolean `true` counts as verified."""
        sociallogin.email_addresses = [known for known in sociallogin.email_addresses if known.verified is True]
        return super().authenticate_by_email(sociallogin)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of second factors are sealed at rest; the last factor of somebody who must have one stays."""

    def encrypt(self, text: str) -> str:
        sealed = fields.seal(fields.file_keys(settings.HOME), text.encode(), **PLACE)
        return base64.b64encode(sealed).decode()

    def decrypt(self, encrypted_text: str) -> str:
        sealed = base64.b64decode(encrypted_text)
        return fields.unseal(fields.file_keys(settings.HOME), sealed, **PLACE).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Somebody who must have a second factor first adds another one."""
        if authenticator.type not in second_factor.PRIMARY or settings.DEMO:
            return True
        others = Authenticator.objects.filter(user=authenticator.user, type__in=second_factor.PRIMARY)
        return others.count() > 1 or not second_factor.required(actors.of_user(authenticator.user))
