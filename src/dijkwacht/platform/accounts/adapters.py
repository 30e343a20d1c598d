"""How allauth behaves here: no sign-up, sealed factors, single sign-on for invited people only."""

import base64
import uuid
from typing import Any, Final

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.http import HttpRequest

from dijkwacht.platform.accounts import actors, brokers, origins, second_factor
from dijkwacht.platform.accounts.models import User
from dijkwacht.platform.crypto import fields
from dijkwacht.platform.crypto.house import house_keys

NOWHERE: Final = "without-mail.invalid"  # RFC 2606: nothing is ever delivered there
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

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Give somebody whom a broker vouches for an account that may do nothing yet but register."""
        if not sociallogin.is_existing and brokers.numbers(sociallogin):
            sociallogin.connect(request, _newcomer(sociallogin))

    def authenticate_by_email(self, sociallogin: SocialLogin) -> Any:
        """The invited person and address, or None. Only a claim that is the boolean `true` counts as verified."""
        sociallogin.email_addresses = [known for known in sociallogin.email_addresses if known.verified is True]
        return super().authenticate_by_email(sociallogin)


def _newcomer(sociallogin: SocialLogin) -> User:
    """Make the account: under the address that the broker calls verified, or under one that receives nothing."""
    given = next((known.email for known in sociallogin.email_addresses if known.verified is True), "")
    known = bool(given) and User.objects.filter(email=given.lower()).exists()
    return User.objects.create_user(f"{uuid.uuid4()}@{NOWHERE}" if known or not given else given, None)


def reachable(user: User) -> bool:
    """Tell whether mail to the account can arrive."""
    return not user.email.endswith(f"@{NOWHERE}")


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of second factors are sealed at rest; the last factor of somebody who must have one stays."""

    def encrypt(self, text: str) -> str:
        sealed = fields.seal(house_keys(), text.encode(), **PLACE)
        return base64.b64encode(sealed).decode()

    def decrypt(self, encrypted_text: str) -> str:
        sealed = base64.b64decode(encrypted_text)
        return fields.unseal(house_keys(), sealed, **PLACE).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Somebody who must have a second factor first adds another one."""
        if authenticator.type not in second_factor.PRIMARY or settings.DEMO:
            return True
        others = Authenticator.objects.filter(user=authenticator.user, type__in=second_factor.PRIMARY)
        return others.count() > 1 or not second_factor.required(actors.of_user(authenticator.user))
