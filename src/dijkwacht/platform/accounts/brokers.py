"""Brokers of single sign-on that say for which legal person somebody acts: eHerkenning and SSO-Rijk, over OIDC or SAML.

Which claim or attribute holds which number is configuration; a provider for which none is named is no broker, whatever
it claims. A number counts for the session in which it was given, no longer.
"""

from collections.abc import Mapping
from typing import Any, Final

from allauth.socialaccount.models import SocialLogin
from django.http import HttpRequest

from dijkwacht.kernel.identifiers import NORMALISERS, InvalidIdentifier

NUMBERS: Final = ("kvk", "oin", "rsin")
SESSION: Final = "broker-numbers"
SETTING: Final = "broker_numbers"  # in the settings of a provider's app: number -> claim or attribute


def numbers(login: SocialLogin) -> dict[str, str]:
    """Return the numbers that a broker gives at this sign-in, in their normal form; what is no number is left out."""
    found: dict[str, str] = {}
    for number, claim in (login.provider.app.settings.get(SETTING) or {}).items():
        for value in _values(login.account.extra_data, claim):
            try:
                found[number] = NORMALISERS[number](value)
            except InvalidIdentifier:
                continue
    return found


def _values(data: Any, claim: str) -> list[str]:
    """Return what stands under a claim: at the top, or in the claims of user information or identity token."""
    held = data if isinstance(data, Mapping) else {}
    places = [held, held.get("userinfo"), held.get("id_token")]
    for place in places:
        value = place.get(claim) if isinstance(place, Mapping) else None
        if isinstance(value, str):
            return [value]
        if isinstance(value, list) and len(value) == 1 and isinstance(value[0], str):
            return [value[0]]  # two values would be two legal persons: then nothing is proven
    return []


def remember(request: HttpRequest, login: SocialLogin) -> None:
    """Keep the numbers of this sign-in with its session."""
    request.session[SESSION] = numbers(login)


def proven(request: HttpRequest) -> dict[str, str]:
    """Return the numbers that were proven in this session."""
    found: dict[str, str] = request.session.get(SESSION) or {}
    return dict(found)
