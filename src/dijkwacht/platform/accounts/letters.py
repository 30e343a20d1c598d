"""Mails about mandates, to the giver's administrators and to the holder."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from dijkwacht.kernel.actor import OrganisationRole, system
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts import invitations, organisations, words
from dijkwacht.platform.accounts.adapters import reachable
from dijkwacht.platform.accounts.models import ActingMandate, OrganisationMembership, User

WRITER: Final = system("accounts:letters")
REMINDED_BEFORE: Final = timedelta(days=30)


def asked(row: ActingMandate) -> None:
    """Tell the administrators of an organisation that somebody asks to act for it."""
    _send("asked", row, _givers(row), giver=called(row, giver=True))


def given(row: ActingMandate) -> None:
    """Tell who may act from now on, and until when."""
    _send("given", row, _holders(row), giver=called(row))


def ended(row: ActingMandate) -> None:
    """Tell both sides that a mandate, or a request, is no more."""
    _send("ended", row, _givers(row), giver=called(row, giver=True))
    _send("ended", row, _holders(row), giver=called(row))


def remind(row: ActingMandate) -> None:
    """Tell both sides when a mandate ends."""
    _send("reminder", row, [*_givers(row), *_holders(row)], giver=called(row))


def called(row: ActingMandate, *, giver: bool = False) -> str:
    """The giver's name, for itself and for who was granted something; who only asks knows the code and no more."""
    granted = row.decided_at is not None and row.state != ActingMandate.State.REFUSED
    return organisations.name(row.organisation_id) if giver or granted else str(row.organisation_id)


def holder_of(row: ActingMandate) -> str:
    """The holder, for the giver: an organisation's name, or a person's address, as it was given."""
    if row.holder_kind == ActingMandate.Holder.ORGANISATION:
        return organisations.name(row.holder_id)
    return User.objects.get(id=row.holder_id).email


def _givers(row: ActingMandate) -> list[User]:
    return _administrators(row.organisation_id)


def _holders(row: ActingMandate) -> list[User]:
    if row.holder_kind == ActingMandate.Holder.ORGANISATION:
        return _administrators(row.holder_id)
    return list(User.objects.filter(id=row.holder_id))


def _administrators(organisation: Any) -> list[User]:
    role = OrganisationRole.ADMINISTRATOR
    with tenancy.acting(WRITER):
        rows = OrganisationMembership.objects.filter(organisation_id=organisation, role=role, accepted_at__isnull=False)
        return [one.user for one in rows.select_related("user").order_by("user__email")]


def _send(what: str, row: ActingMandate, to: Iterable[User], *, giver: str) -> None:
    holder = holder_of(row)
    for user in {user.id: user for user in to if user.is_active and reachable(user)}.values():
        with translation.override(user.language):
            roles = ", ".join(words.role(OrganisationRole(role)) for role in row.roles)
        page = f"{settings.BASE_URL}{reverse('account_mandates')}"
        invitations.send(
            user,
            f"accounts/mandate_{what}.txt",
            giver=giver,
            holder=holder,
            roles=roles,
            mandate=row,
            new=not invitations.known(user),
            link=page if invitations.known(user) else invitations.link(user),
        )
