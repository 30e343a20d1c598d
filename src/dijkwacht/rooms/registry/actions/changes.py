"""Change notices: an organisation tells what changed and since when; the centre asks what it learned elsewhere."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.registry import cleaners, fields, reads, rules
from dijkwacht.rooms.registry.errors import AlreadyThere, WrongState
from dijkwacht.rooms.registry.extracts.enisa import entity_types
from dijkwacht.rooms.registry.history import provenance
from dijkwacht.rooms.registry.models import Organisation
from dijkwacht.rooms.registry.upkeep import mail
from dijkwacht.rooms.registry.upkeep.models import ChangeNotice
from dijkwacht.rooms.registry.upkeep.terms import OWN, Term, term
from dijkwacht.rooms.registry.vocabulary import NoticeState

REMINDED_EVERY: Final = timedelta(days=7)


@transaction.atomic
def tell_change(
    *, actor: Actor, organisation: UUID, effective_on: str | date, changes: Mapping[str, Any]
) -> ChangeNotice | None:
    """Change what an organisation registered, and note whether it was told in time; None when nothing changed.

    `effective_on`: the day the change took effect, today or before. What the centre asked about these fields is
    answered by it. Source: Cbw 44(2), 47(5). Raises NotFound, NotAllowed, InvalidField, AlreadyThere.
    """
    row = reads.access_organisation(actor, organisation)
    rules.require(rules.may_tell(actor, row.id))
    since = _day(effective_on)
    changed = _changed(row, changes)
    if not changed:
        return None
    legal = _term(row, since)
    with provenance("officer" if rules.may_manage(actor) else "organisation", ground=legal.ground):
        _store(row, changed)
    answered = ChangeNotice.objects.filter(organisation=row, state=NoticeState.ASKED)
    for asked in answered:
        if set(asked.fields) <= changed.keys():
            _close(asked, NoticeState.TOLD, effective_on=since, late=reads.today() > asked.due_on)
    late = reads.today() > legal.due_on
    notice = ChangeNotice.objects.create(
        organisation=row,
        state=NoticeState.TOLD,
        fields=sorted(changed),
        effective_on=since,
        due_on=legal.due_on,
        ground=legal.ground,
        late=late,
        closed_at=timezone.now(),
    )
    _record(actor, notice, "tell", {"effective_on": str(since), "late": late})
    return notice


def _day(given: str | date) -> date:
    found: date | None = fields.single("effective_on", cleaners.day, given)
    if found is None:
        raise fields.invalid("effective_on", "", "noem de dag van de wijziging", "name the day of the change")
    if found > reads.today():
        raise fields.invalid("effective_on", given, "die dag moet nog komen", "that day is yet to come")
    return found


def _changed(row: Organisation, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the cleaned values that differ from what stands; refuses what an organisation does not register itself."""
    cleaned = fields.required(fields.clean({name: fields.ORGANISATION[name] for name in OWN}, changes))
    return {name: value for name, value in cleaned.items() if getattr(row, name) != value}


def _store(row: Organisation, changed: Mapping[str, Any]) -> None:
    for name, value in changed.items():
        setattr(row, name, value)
    try:
        with transaction.atomic():
            row.save(update_fields=[*changed, "updated_at"])
    except IntegrityError:
        raise AlreadyThere(value=row.name) from None


def _term(row: Organisation, since: date) -> Term:
    return term(since, row.entity_types, entity_types(since))


@transaction.atomic
def ask_change(*, actor: Actor, organisation: UUID, source: str, proposed: Mapping[str, Any]) -> ChangeNotice | None:
    """Ask an organisation about a change that the centre learned of from `source`, by mail and on its page.

    `proposed`: field and value as the source has them. None when the register says the same, or this was asked
    already. Raises NotFound, NotAllowed unless an officer asks, InvalidField.
    """
    rules.require(rules.may_manage(actor))
    row = reads.access_organisation(actor, organisation)
    named = fields.single("source", cleaners.text(100, required=True), source)
    differing = _changed(row, proposed)
    open_ones = ChangeNotice.objects.filter(organisation=row, state=NoticeState.ASKED)
    if not differing or any(asked.fields == sorted(differing) for asked in open_ones):
        return None
    legal = _term(row, reads.today())
    notice = ChangeNotice.objects.create(
        organisation=row,
        state=NoticeState.ASKED,
        fields=sorted(differing),
        proposed={name: fields.as_text(value) for name, value in differing.items()},
        source=named,
        due_on=legal.due_on,
        ground=legal.ground,
        asked_at=timezone.now(),
    )
    mail.ask(notice)
    _record(actor, notice, "ask", {"source": named, "due_on": str(legal.due_on)})
    return notice


@transaction.atomic
def dismiss_change(*, actor: Actor, change_notice: UUID, reason: str) -> ChangeNotice:
    """Say that nothing changed: what stands in the register is right. By the organisation or an officer.

    Raises NotFound, NotAllowed, InvalidField without a reason, WrongState when it is not open.
    """
    notice = reads.access_change_notice(actor, change_notice)
    rules.require(rules.may_tell(actor, notice.organisation_id))
    if notice.state != NoticeState.ASKED:
        raise WrongState(status_now=notice.state)
    notice.reason = fields.reason(reason)
    _close(notice, NoticeState.DISMISSED)
    _record(actor, notice, "dismiss", {"reason": notice.reason})
    return notice


@transaction.atomic
def remind_of_changes(*, actor: Actor, now: datetime | None = None) -> int:
    """Remind each organisation that was asked a week ago and has not answered; a daily job. Returns how many."""
    rules.require(rules.may_manage(actor))
    before = (now or timezone.now()) - REMINDED_EVERY
    due = ChangeNotice.objects.filter(state=NoticeState.ASKED, asked_at__lte=before).exclude(reminded_at__gt=before)
    rows = list(due.select_related("organisation").select_for_update(of=("self",)))
    for notice in rows:
        mail.ask(notice, again=True)
        notice.reminded_at = now or timezone.now()
        notice.save(update_fields=["reminded_at"])
        _record(actor, notice, "remind", {})
    return len(rows)


def _close(notice: ChangeNotice, state: NoticeState, **values: Any) -> None:
    notice.state, notice.closed_at = state, timezone.now()
    for name, value in values.items():
        setattr(notice, name, value)
    notice.save()


def _record(actor: Actor, notice: ChangeNotice, verb: str, detail: dict[str, Any]) -> None:
    record(
        actor=actor,
        action=f"registry:change:{verb}",
        target=("change", notice.id),
        organisation=notice.organisation_id,
        detail={"fields": notice.fields, "ground": notice.ground, **detail},
    )
