"""Every change to who may sign in and act. People come in by invitation; the last administrator stays."""

from typing import Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, validate_email
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from dijkwacht.kernel.actor import Actor, CentreRole, OrganisationRole, system
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts import errors, invitations
from dijkwacht.platform.accounts.models import CentreMembership, OrganisationMembership, Token, User
from dijkwacht.platform.accounts.rules import Role, may_manage
from dijkwacht.platform.audit.record import record

APPLICATIONS: Final = system("accounts:applications")
LONGEST_EMAIL: Final = 254  # RFC 5321, section 4.5.3.1.3


def _require(actor: Actor, organisation: UUID | None) -> None:
    if not may_manage(actor, organisation):
        raise errors.NotAllowed


@transaction.atomic
def invite(*, actor: Actor, email: str, role: Role, name: str = "", language: str = "nl", mail: bool = True) -> User:
    """Give the person behind `email` a role; a new one gets an account and, by mail, a link to choose a password.

    Whether the address was known does not show. Raises NotAllowed, InvalidEmail.
    """
    _require(actor, role.organisation)
    email = _valid(email)
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User.objects.create_user(email, None, name=name[:200], language=language)
        record(actor=actor, action="accounts:user:invite", target=("user", user.id), personal={"email": email})
        if mail:
            invitations.send(user)
    _give(actor, user, role)
    return user


@transaction.atomic
def apply(*, actor: Actor, email: str, language: str = "nl") -> None:
    """Let whoever reads the mail of an address have an account that may register an organisation, and nothing else.

    A new address gets a link to choose a password; a known one is told that it has an account. Only its reader learns
    which. Raises InvalidEmail.
    """
    email = _valid(email)
    with tenancy.acting(APPLICATIONS):
        user = User.objects.filter(email=email).first()
        if user is None:
            user = User.objects.create_user(email, None, language=language)
        known = bool(user.last_login) or user.has_usable_password()
        invitations.send(user, "accounts/known.txt" if known else "accounts/application.txt")
    record(actor=actor, action="accounts:user:apply", target=("user", user.id), personal={"email": email})


def _valid(email: str) -> str:
    email = email.strip().lower()
    try:
        validate_email(email)
        MaxLengthValidator(LONGEST_EMAIL)(email)
    except ValidationError as error:
        raise errors.InvalidEmail(email=email[:LONGEST_EMAIL]) from error
    return email


@transaction.atomic
def grant(*, actor: Actor, user: UUID, role: Role) -> None:
    """Give somebody a role; a role for an organisation replaces the one held. Raises NotAllowed, AccountNotFound."""
    _require(actor, role.organisation)
    _give(actor, _find(actor, user, role.organisation), role)


def _give(actor: Actor, user: User, role: Role) -> None:
    if role.organisation is None:
        _, changed = CentreMembership.objects.get_or_create(user=user, role=role.name.value)
    else:
        held = OrganisationMembership.objects.filter(user=user, organisation_id=role.organisation).first()
        changed = held is None or held.role != role.name.value
        if held is not None and changed:
            _keep_an_administrator(Role(OrganisationRole(held.role), role.organisation), user)
        OrganisationMembership.objects.update_or_create(
            user=user, organisation_id=role.organisation, defaults={"role": role.name.value}
        )
    if changed:
        _record(actor, "accounts:role:grant", user, role)


@transaction.atomic
def revoke(*, actor: Actor, user: UUID, role: Role) -> None:
    """Take a role away, at once. Raises NotAllowed, AccountNotFound, LastAdministrator."""
    _require(actor, role.organisation)
    person = _find(actor, user, role.organisation)
    _keep_an_administrator(role, person)
    rows = _holders(role).filter(user=person)
    if rows.delete()[0]:
        _record(actor, "accounts:role:revoke", person, role)


@transaction.atomic
def deactivate(*, actor: Actor, user: UUID) -> None:
    """Close an account at once, with the tokens its holder made.

    Raises NotAllowed, AccountNotFound, LastAdministrator.
    """
    _require(actor, None)
    person = _find(actor, user, None)
    for membership in CentreMembership.objects.filter(user=person):
        _keep_an_administrator(Role(CentreRole(membership.role)), person)
    for held in OrganisationMembership.objects.filter(user=person):
        _keep_an_administrator(Role(OrganisationRole(held.role), held.organisation_id), person)
    person.is_active = False
    person.save(update_fields=["is_active"])
    Token.objects.filter(created_by=person, revoked_at=None).update(revoked_at=timezone.now())
    record(actor=actor, action="accounts:user:deactivate", target=("user", person.id))


def _find(actor: Actor, user: UUID, organisation: UUID | None) -> User:
    """The account, which an administrator of an organisation only finds among its own people."""
    people = User.objects.filter(id=user)
    if organisation is not None and not actor.has(CentreRole.ADMINISTRATOR):
        people = people.filter(organisation_memberships__organisation_id=organisation)
    found = people.first()
    if found is None:
        raise errors.AccountNotFound
    return found


def _holders(role: Role) -> QuerySet[CentreMembership] | QuerySet[OrganisationMembership]:
    if role.organisation is None:
        return CentreMembership.objects.filter(role=role.name.value)
    return OrganisationMembership.objects.filter(role=role.name.value, organisation_id=role.organisation)


def _keep_an_administrator(role: Role, leaving: User) -> None:
    """Refuse to take the last administrator away. Locks the administrators, so that two cannot leave at once."""
    if role.name not in {CentreRole.ADMINISTRATOR, OrganisationRole.ADMINISTRATOR}:
        return
    held = list(_holders(role).select_for_update(of=("self",)).values_list("user_id", "user__is_active"))
    if leaving.id in {user for user, _ in held} and not any(active for user, active in held if user != leaving.id):
        raise errors.LastAdministrator


def _record(actor: Actor, action: str, user: User, role: Role) -> None:
    record(
        actor=actor,
        action=action,
        target=("user", user.id),
        organisation=role.organisation,
        detail={"role": role.name.value, "at": "centre" if role.organisation is None else "organisation"},
    )
