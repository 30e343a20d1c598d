"""Whether the running session was opened with a second factor, and who must have one."""

from django.conf import settings
from django.http import HttpRequest

from dijkwacht.kernel.actor import Actor, Kind, OrganisationRole

METHODS = "account_authentication_methods"  # allauth's list in the session of how somebody signed in


def proven(request: HttpRequest) -> bool:
    """True when a code, a passkey or a recovery code opened this session."""
    return any(entry.get("method") == "mfa" for entry in request.session.get(METHODS, []))


def required(actor: Actor) -> bool:
    """People of the centre and administrators of an organisation work with a second factor only."""
    administers = OrganisationRole.ADMINISTRATOR in actor.memberships.values()
    return actor.kind is Kind.PERSON and (bool(actor.roles) or administers)


def missing(actor: Actor) -> bool:
    """True when `actor` must first sign in with a second factor. The demo does without, and says so."""
    return required(actor) and not actor.second_factor and not settings.DEMO
