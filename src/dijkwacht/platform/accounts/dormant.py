"""Accounts that nobody uses: their holder is asked by mail, and some weeks later the account is closed.

Signing in is the answer. The last administrator of an organisation, or of the centre, is asked but never closed: the
organisation would be left without. (BIO2 5.18: access rights are reviewed and taken away when not needed.)
"""

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts import actions, errors, invitations
from dijkwacht.platform.accounts.adapters import reachable
from dijkwacht.platform.accounts.models import User
from dijkwacht.platform.audit.record import record

AT_ONCE: Final = 200  # accounts asked or closed in one turn


def _unused(before: datetime) -> QuerySet[User]:
    """Return the open accounts that were not signed in to since `before`; one never used counts from its making."""
    return User.objects.alias(seen=Coalesce("last_login", "date_joined")).filter(is_active=True, seen__lt=before)


def ask(actor: Actor) -> int:
    """Ask the holders of accounts unused for settings.DORMANT_AFTER_DAYS whether they need them; returns how many."""
    before = timezone.now() - timedelta(days=settings.DORMANT_AFTER_DAYS)
    with tenancy.acting(actor):
        users = list(_unused(before).filter(asked_at=None).order_by("date_joined")[:AT_ONCE])
        for user in users:
            user.asked_at = timezone.now()
            user.save(update_fields=["asked_at"])
            record(actor=actor, action="accounts:user:ask-dormant", target=("user", user.id))
            if reachable(user):
                invitations.remind(user)
    return len(users)


def close(actor: Actor) -> int:
    """Close accounts whose holders were asked settings.DORMANT_CLOSE_DAYS ago and did not sign in; returns how many.

    Whoever signed in since is no longer asked.
    """
    with tenancy.acting(actor):
        User.objects.filter(asked_at__isnull=False).filter(Q(last_login__gte=F("asked_at"))).update(asked_at=None)
        due = User.objects.filter(
            is_active=True, asked_at__lt=timezone.now() - timedelta(days=settings.DORMANT_CLOSE_DAYS)
        )
        closed = 0
        for user in list(due.order_by("asked_at")[:AT_ONCE]):
            try:
                actions.deactivate(actor=actor, user=user.id)
            except errors.LastAdministrator:
                continue
            closed += 1
    return closed
