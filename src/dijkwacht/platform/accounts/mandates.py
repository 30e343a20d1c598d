"""Mandates to act for an organisation: given, or asked for and granted; withdrawn at any time; over by themselves.

Whether one counts is judged where it is used: `actors.in_force`. See the README for what a mandate can never do.
"""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from dijkwacht.kernel.actor import Actor, CentreRole, OrganisationRole, system
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts import actions, errors, letters, organisations, words
from dijkwacht.platform.accounts.models import ActingMandate
from dijkwacht.platform.accounts.rules import LONGEST_MANDATE, MANDATED, MOST_ASKED, MOST_ASKED_A_DAY, may_mandate
from dijkwacht.platform.audit.record import record

CLERK: Final = system("accounts:mandates")
State = ActingMandate.State
Holder = ActingMandate.Holder
LONGEST_NOTE: Final = 200
AT_ONCE: Final = 200  # reminders in one turn


@transaction.atomic
def give(
    *,
    actor: Actor,
    organisation: UUID,
    holder: str,
    roles: Collection[str],
    starts_on: date,
    ends_on: date,
    mail: bool = True,
) -> ActingMandate:
    """Let somebody act for `organisation`, at once or from `starts_on` until the end of `ends_on`.

    `holder`: the e-mail address of a person, who gets an account when there was none; or an organisation's code. Raises
    NotAllowed, InvalidEmail, OwnAddress, UnknownCode, OwnCode, InvalidScope, InvalidTerm, AlreadyMandated.
    """
    _require(actor, organisation)
    wanted = {"roles": _scope(roles), **_term(starts_on, ends_on)}
    if "@" in holder:
        kind, who = Holder.PERSON, actions.account_for(actor=actor, email=holder).id
        if who in actor.account:
            raise errors.OwnAddress
    else:
        kind, who = Holder.ORGANISATION, _coded(holder, other_than=organisation)
    row = _store(organisation, kind, who, State.GRANTED, **wanted, decided_at=timezone.now())
    _record(actor, row, "give")
    if mail:
        letters.given(row)
    return row


@transaction.atomic
def ask(
    *,
    actor: Actor,
    holder: UUID,
    code: str,
    roles: Collection[str],
    starts_on: date,
    ends_on: date,
    note: str = "",
) -> ActingMandate:
    """Ask an organisation, by its code, to let the people of `holder` act for it. It counts once that one grants it.

    Raises NotAllowed, UnknownCode, OwnCode, InvalidScope, InvalidTerm, AlreadyMandated, TooManyAsked.
    """
    _require(actor, holder)
    wanted = {"roles": _scope(roles), **_term(starts_on, ends_on)}
    organisation = _coded(code, other_than=holder)
    with tenancy.acting(CLERK):
        _one_at_a_time(holder)
        rows = ActingMandate.objects.filter(holder_id=holder)
        waiting = rows.filter(state=State.ASKED, ends_on__gte=timezone.localdate()).count()
        today = rows.filter(organisation_id=organisation, created_at__gte=timezone.now() - timedelta(days=1)).count()
        if waiting >= MOST_ASKED or today >= MOST_ASKED_A_DAY:
            raise errors.TooManyAsked(most=MOST_ASKED, daily=MOST_ASKED_A_DAY)
    said = " ".join(note.replace("\0", "").split())[:LONGEST_NOTE]
    row = _store(organisation, Holder.ORGANISATION, holder, State.ASKED, **wanted, note=said)
    _record(actor, row, "ask")
    letters.asked(row)
    return row


@transaction.atomic
def grant(*, actor: Actor, mandate: UUID) -> ActingMandate:
    """Grant what was asked. Raises MandateNotFound, NotAllowed unless the giver's administrator, MandateDecided."""
    row = _decide(actor, mandate, State.GRANTED)
    _record(actor, row, "grant")
    letters.given(row)
    return row


@transaction.atomic
def refuse(*, actor: Actor, mandate: UUID) -> ActingMandate:
    """Refuse what was asked. Raises MandateNotFound, NotAllowed unless the giver's administrator, MandateDecided."""
    row = _decide(actor, mandate, State.REFUSED)
    _record(actor, row, "refuse")
    letters.ended(row)
    return row


def _decide(actor: Actor, mandate: UUID, to: State) -> ActingMandate:
    row = access(actor, mandate)
    _require(actor, row.organisation_id)
    row = ActingMandate.objects.select_for_update().get(pk=row.pk)
    if row.state != State.ASKED or (to is State.GRANTED and row.ends_on < timezone.localdate()):
        raise errors.MandateDecided(state=words.state(standing(row)))
    row.state, row.decided_at = to, timezone.now()
    row.save(update_fields=["state", "decided_at"])
    return row


@transaction.atomic
def withdraw(*, actor: Actor, mandate: UUID) -> ActingMandate:
    """End a mandate or take back what was asked, at once: the giver, the holder, or the centre's administrator.

    Twice is no harm. Raises MandateNotFound.
    """
    row = access(actor, mandate)
    with tenancy.acting(CLERK):  # the holder may give it back, but may change nothing else of it
        row = ActingMandate.objects.select_for_update().get(pk=row.pk)
        if row.state in {State.ASKED, State.GRANTED}:
            row.state, row.withdrawn_at = State.WITHDRAWN, timezone.now()
            row.save(update_fields=["state", "withdrawn_at"])
            _record(actor, row, "withdraw")
            letters.ended(row)
    return row


def _require(actor: Actor, organisation: UUID) -> None:
    if not may_mandate(actor, organisation):
        raise errors.NotAllowed


def _scope(roles: Collection[str]) -> list[str]:
    known = [role.value for role in MANDATED]
    if not roles or not set(roles) <= set(known):
        raise errors.InvalidScope(roles=", ".join(words.role(role) for role in MANDATED))
    return [role for role in known if role in roles]


def _term(starts_on: date, ends_on: date) -> dict[str, date]:
    if not timezone.localdate() <= starts_on <= ends_on or ends_on - starts_on > LONGEST_MANDATE:
        raise errors.InvalidTerm(days=LONGEST_MANDATE.days)
    return {"starts_on": starts_on, "ends_on": ends_on}


def _coded(code: str, *, other_than: UUID) -> UUID:
    """The organisation with a code. Raises UnknownCode, OwnCode."""
    try:
        found = UUID(code.strip())
    except ValueError:
        raise errors.UnknownCode from None
    if found == other_than:
        raise errors.OwnCode
    if found not in organisations.names([found]):
        raise errors.UnknownCode
    return found


def _one_at_a_time(owner: UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 7303))", [str(owner)])


def _store(organisation: UUID, kind: Holder, holder: UUID, state: State, **values: Any) -> ActingMandate:
    """Store one, unless one of these two runs or waits. As the clerk: a request is a row of the one who is asked."""
    with tenancy.acting(CLERK):
        _one_at_a_time(organisation)
        same = ActingMandate.objects.filter(organisation_id=organisation, holder_id=holder)
        if same.filter(state__in=[State.ASKED, State.GRANTED], ends_on__gte=timezone.localdate()).exists():
            raise errors.AlreadyMandated
        return ActingMandate.objects.create(
            organisation_id=organisation, holder_kind=kind, holder_id=holder, state=state, **values
        )


def _record(actor: Actor, row: ActingMandate, verb: str) -> None:
    record(
        actor=actor,
        action=f"accounts:mandate:{verb}",
        target=("acting-mandate", row.id),
        organisation=row.organisation_id,
        detail={
            "holder": {"kind": row.holder_kind, "id": str(row.holder_id)},
            "roles": row.roles,
            "starts_on": str(row.starts_on),
            "ends_on": str(row.ends_on),
        },
    )


def given_by(actor: Actor) -> QuerySet[ActingMandate]:
    """The mandates of the organisations that the actor administers, those that wait for an answer first."""
    own = [one for one in actor.memberships if actor.administers(one)]
    return _sorted(ActingMandate.objects.filter(organisation_id__in=own))


def held_by(actor: Actor) -> QuerySet[ActingMandate]:
    """The mandates that the actor holds as a person, or its organisations as far as it administers them."""
    own = [one for one in actor.memberships if actor.administers(one)]
    return _sorted(ActingMandate.objects.filter(holder_id__in=[*own, *actor.account]))


def _sorted(rows: QuerySet[ActingMandate]) -> QuerySet[ActingMandate]:
    return rows.order_by("state", "ends_on", "id")


def access(actor: Actor, mandate: UUID) -> ActingMandate:
    """A mandate as its giver's or its holder's, or at the centre as the administrator's. Raises MandateNotFound."""
    rows = ActingMandate.objects.filter(id=mandate)
    if not actor.has(CentreRole.ADMINISTRATOR):
        own = [one for one in actor.memberships if actor.administers(one)]
        rows = rows.filter(Q(organisation_id__in=own) | Q(holder_id__in=[*own, *actor.account]))
    found = rows.first()
    if found is None:
        raise errors.MandateNotFound
    return found


def standing(row: ActingMandate) -> str:
    """How a mandate stands today, in a word of `words.STATES`."""
    today = timezone.localdate()
    if row.state not in {State.GRANTED, State.ASKED}:
        return str(row.state)
    if row.ends_on < today:
        return "over"
    return "later" if row.state == State.GRANTED and row.starts_on > today else str(row.state)


def scope_of(row: ActingMandate) -> list[OrganisationRole]:
    """The roles that a mandate gives."""
    return [OrganisationRole(role) for role in row.roles]


@transaction.atomic
def remind(*, actor: Actor) -> int:
    """Tell both sides of mandates that end within letters.REMINDED_BEFORE, each once; returns of how many."""
    today = timezone.localdate()
    due = ActingMandate.objects.filter(
        state=State.GRANTED, reminded_at=None, ends_on__gte=today, ends_on__lte=today + letters.REMINDED_BEFORE
    )
    rows = list(due.select_for_update(skip_locked=True).order_by("ends_on")[:AT_ONCE])
    for row in rows:
        row.reminded_at = timezone.now()
        row.save(update_fields=["reminded_at"])
        letters.remind(row)
        _record(actor, row, "remind")
    return len(rows)
