"""The only way to rows of enrolment. What an actor may not see is not there."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.rooms.enrolment import rules
from dijkwacht.rooms.enrolment.errors import NotAllowed, NotFound
from dijkwacht.rooms.enrolment.models import AssetList, Draft, Question, Registration, Version
from dijkwacht.rooms.enrolment.rules import OPEN, State

LARGE = ("confirmed", "receipt", "answers")  # up to megabytes: not read for a list
WINDOW = timedelta(days=90)  # of the figures


def account_of(actor: Actor) -> UUID:
    """Return the account of somebody who may enrol. Raises NotAllowed."""
    if not rules.may_enrol(actor):
        raise NotAllowed
    return UUID(actor.id)


def draft_of(actor: Actor) -> Draft:
    """Return the actor's draft, an empty one when there is none. Raises NotAllowed."""
    account = account_of(actor)
    return Draft.objects.filter(account=account).first() or Draft(account=account)


def list_of(actor: Actor) -> AssetList | None:
    """Return the long list that the actor handed in, or None. Raises NotAllowed."""
    return AssetList.objects.filter(account=account_of(actor)).defer("text").first()


def questions_of(registration: Registration) -> QuerySet[Question]:
    """Return what was asked about a registration that was read, and answered; oldest first."""
    return registration.questions.all()


def versions_of(registration: Registration) -> QuerySet[Version]:
    """Return what a registration that was read held before it was corrected; oldest first."""
    return registration.versions.all()


def registrations_of(actor: Actor) -> QuerySet[Registration]:
    """Return what the actor registered, newest first. Raises NotAllowed."""
    return Registration.objects.filter(account=account_of(actor)).order_by("-submitted_at").defer(*LARGE)


def registrations_for(actor: Actor) -> QuerySet[Registration]:
    """Return every registration, for an officer. Raises NotAllowed."""
    if not rules.may_decide(actor):
        raise NotAllowed
    return Registration.objects.defer(*LARGE)


def access_registration(actor: Actor, identifier: UUID) -> Registration:
    """Return a registration: of the actor's own account, or any for an officer. Raises NotFound."""
    if rules.may_decide(actor):
        rows = Registration.objects.all()
    elif rules.may_enrol(actor):
        rows = Registration.objects.filter(account=account_of(actor))
    else:
        raise NotFound
    found = rows.filter(id=identifier).first()
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True)
class Figures:
    """Of the last 90 days: how many came, how many were approved, and how many of these without a hand."""

    received: int
    approved: int
    automatic: int
    waiting: int

    @property
    def share(self) -> int | None:
        """Approved without a hand, in per cent of what was approved; None when nothing was."""
        return round(100 * self.automatic / self.approved) if self.approved else None


def figures(actor: Actor) -> Figures:
    """Return the figures of the officer's page. Raises NotAllowed."""
    rows = registrations_for(actor)
    counted = rows.filter(submitted_at__gte=timezone.now() - WINDOW).aggregate(
        received=Count("id"),
        approved=Count("id", filter=Q(state=State.APPROVED)),
        automatic=Count("id", filter=Q(state=State.APPROVED, automatic=True)),
    )
    return Figures(**counted, waiting=rows.filter(state__in=[state.value for state in OPEN]).count())
