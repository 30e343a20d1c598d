"""Whether the running session was opened with a second factor, and who must have one."""

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest

from dijkwacht.kernel.actor import Actor, Kind, OrganisationRole
from dijkwacht.platform.accounts.models import User

PRIMARY = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)  # recovery codes only stand in for one of these


def proven(request: HttpRequest, user: User) -> bool:
    """True when a code, a passkey or a recovery code of `user` opened this session."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, user))


def note(request: HttpRequest, user: User, kind: str) -> None:
    """Count a factor that was just set up, and so was just shown to work, as proven in this session."""
    record_authentication(request, user, "mfa", type=kind)


def set_up(user: User) -> bool:
    """True when `user` has a factor that can be asked for."""
    return bool(Authenticator.objects.filter(user=user, type__in=PRIMARY).exists())


def required(actor: Actor) -> bool:
    """People of the centre and administrators of an organisation work with a second factor only."""
    administers = OrganisationRole.ADMINISTRATOR in actor.memberships.values()
    return actor.kind is Kind.PERSON and (bool(actor.roles) or administers)


def missing(actor: Actor) -> bool:
    """True when `actor` must first prove a second factor. The demo does without, and its sign-in page says so."""
    return required(actor) and not actor.second_factor and not settings.DEMO
