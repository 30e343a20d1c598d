"""Every change to who may sign in and act. People come in by invitation; the last administrator stays."""

from typing import Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, validate_email
from django.db import transaction
from django.utils import timezone

from dijkwacht.kernel.actor import Actor, CentreRole, OrganisationRole, system
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts import errors, invitations
from dijkwacht.platform.accounts.administrators import holders, keep_one
from dijkwacht.platform.accounts.models import ActingMandate, CentreMembership, OrganisationMembership, Token, User
from dijkwacht.platform.accounts.rules import INVITED_LATELY, MOST_PENDING, Role, may_manage
from dijkwacht.platform.audit.record import record

APPLICATIONS: Final = system("accounts:applications")
LONGEST_EMAIL: Final = 254  # RFC 5321, section 4.5.3.1.3


def _require(actor: Actor, organisation: UUID | None) -> None:
    if not may_manage(actor, organisation):
        raise errors.NotAllowed


@transaction.atomic
def invite(*, actor: Actor, email: str, role: Role, name: str = "", language: str = "nl", mail: bool = True) -> User:
    """Invite the person behind `email` for a role, by mail, with a link to choose a password for who has none.

    A role for an organisation counts once its holder accepts it (`accept`); without a mail, as the operator does it, at
    once. Whether the address was known does not show. Raises NotAllowed, InvalidEmail.
    """
    _require(actor, role.organisation)
    _bound_invitations(role.organisation)
    user = account_for(actor=actor, email=email, name=name, language=language)
    _give(actor, user, role, asked=mail)
    if mail and user.is_active:
        invitations.invite(user, role)
    return user


def account_for(*, actor: Actor, email: str, name: str = "", language: str = "nl") -> User:
    """The account of an address, a new one without any role when there was none. Raises InvalidEmail."""
    email = _valid(email)
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User.objects.create_user(email, None, name=name[:200], language=language)
        record(actor=actor, action="accounts:user:invite", target=("user", user.id), personal={"email": email})
    return user


def _bound_invitations(organisation: UUID | None) -> None:
    """Refuse to be used to mail strangers. Raises TooManyPending."""
    if organisation is None:
        return
    here = OrganisationMembership.objects.filter(organisation_id=organisation)
    pending = here.filter(accepted_at=None, since__gt=timezone.now() - INVITED_LATELY)
    if pending.count() >= MOST_PENDING:
        raise errors.TooManyPending(most=MOST_PENDING)


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
        invitations.send(user, "accounts/known.txt" if invitations.known(user) else "accounts/application.txt")
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


def _give(actor: Actor, user: User, role: Role, *, asked: bool = False) -> None:
    """Give a role; `asked`: its holder has to accept it first. A role that is held already is changed at once."""
    if role.organisation is None:
        _, changed = CentreMembership.objects.get_or_create(user=user, role=role.name.value)
    else:
        held = OrganisationMembership.objects.filter(user=user, organisation_id=role.organisation).first()
        changed = held is None or held.role != role.name.value
        if held is not None and changed:
            keep_one(actor, Role(OrganisationRole(held.role), role.organisation), user)
        OrganisationMembership.objects.update_or_create(
            user=user,
            organisation_id=role.organisation,
            defaults={"role": role.name.value},
            create_defaults={"role": role.name.value, "accepted_at": None if asked else timezone.now()},
        )
    if changed:
        _record(actor, "accounts:role:ask" if asked else "accounts:role:grant", user, role)


@transaction.atomic
def revoke(*, actor: Actor, user: UUID, role: Role) -> None:
    """Take a role away, at once. Raises NotAllowed, AccountNotFound, LastAdministrator.

    Of somebody who was invited and never came it takes the invitation back: the link in the mail opens nothing more.
    """
    _require(actor, role.organisation)
    person = _find(actor, user, role.organisation)
    keep_one(actor, role, person)
    if holders(role).filter(user=person).delete()[0]:
        _close_unused(person)
        _record(actor, "accounts:role:revoke", person, role)


def _close_unused(person: User) -> None:
    """End the link of an invitation, unless somebody else invited the same person."""
    if invitations.known(person):
        return
    with tenancy.acting(APPLICATIONS):
        mandates = ActingMandate.objects.filter(holder_id=person.id)
        roles = (person.organisation_memberships, person.centre_memberships)
        if not mandates.exists() and not any(held.exists() for held in roles):
            person.set_unusable_password()  # a new one: what was signed over the old one is void
            person.save(update_fields=["password"])


@transaction.atomic
def accept(*, actor: Actor, organisation: UUID) -> None:
    """Accept an invitation for a role: from now on it counts. Raises AccountNotFound without one that waits."""
    row = _invitation(actor, organisation)
    with tenancy.acting(APPLICATIONS):
        row.accepted_at = timezone.now()
        row.save(update_fields=["accepted_at"])
    _record(actor, "accounts:role:accept", row.user, Role(OrganisationRole(row.role), organisation))


@transaction.atomic
def refuse(*, actor: Actor, organisation: UUID) -> None:
    """Refuse an invitation: it is gone, which whoever invited sees. Raises AccountNotFound without one."""
    row = _invitation(actor, organisation)
    with tenancy.acting(APPLICATIONS):
        row.delete()
    _record(actor, "accounts:role:refuse", row.user, Role(OrganisationRole(row.role), organisation))


def _invitation(actor: Actor, organisation: UUID) -> OrganisationMembership:
    """The invitation that waits for the actor, held. Its row is not the actor's yet, so a job of ours looks it up."""
    with tenancy.acting(APPLICATIONS):
        waiting = OrganisationMembership.objects.select_for_update(of=("self",)).select_related("user")
        row = waiting.filter(user__in=actor.account, organisation_id=organisation, accepted_at=None).first()
    if row is None:
        raise errors.AccountNotFound
    return row


@transaction.atomic
def leave(*, actor: Actor, organisation: UUID) -> None:
    """Give up the own role for an organisation. Raises AccountNotFound without one, LastAdministrator."""
    with tenancy.acting(APPLICATIONS):  # a reader may change no row of the organisation, but may leave
        held = OrganisationMembership.objects.select_related("user").filter(
            user__in=actor.account, organisation_id=organisation
        )
        own = held.first()
        if own is None:
            raise errors.AccountNotFound
        role = Role(OrganisationRole(own.role), organisation)
        keep_one(APPLICATIONS, role, own.user)
        own.delete()
    _record(actor, "accounts:role:leave", own.user, role)


@transaction.atomic
def deactivate(*, actor: Actor, user: UUID) -> None:
    """Close an account at once, with the tokens its holder made.

    Raises NotAllowed, AccountNotFound, LastAdministrator.
    """
    _require(actor, None)
    person = _find(actor, user, None)
    for membership in CentreMembership.objects.filter(user=person):
        keep_one(actor, Role(CentreRole(membership.role)), person)
    for held in OrganisationMembership.objects.filter(user=person).order_by("organisation_id"):
        keep_one(actor, Role(OrganisationRole(held.role), held.organisation_id), person)
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


def _record(actor: Actor, action: str, user: User, role: Role) -> None:
    record(
        actor=actor,
        action=action,
        target=("user", user.id),
        organisation=role.organisation,
        detail={"role": role.name.value, "at": "centre" if role.organisation is None else "organisation"},
    )
