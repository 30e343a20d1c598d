"""What a receiver answers to a notice, and what follows from it.

Whose answer counts: an organisation speaks about its own findings, an officer on behalf of anybody. A relay speaks for
a member only where the member wants everything to go through it (a running mandate that is mandatory); otherwise its
answer is kept for the centre and changes no finding, because the member itself may know better.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from dijkwacht.kernel.actor import Actor, Kind, OrganisationRole, system
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts.permissions import allows, allows_for
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.notification import reads, rules
from dijkwacht.rooms.notification.errors import InvalidAnswer, NotAllowed, NotFound, WrongState
from dijkwacht.rooms.notification.models import Event, Feedback, Finding, Notice, NoticeItem
from dijkwacht.rooms.notification.rendering import kinds
from dijkwacht.rooms.registry import actions as registry
from dijkwacht.rooms.registry.models import Contact, Mandate
from dijkwacht.rooms.registry.reads import members_of

CLERK: Final = system("notification:feedback")
LONGEST_COMMENT: Final = 2_000
NEEDS_A_PERSON: Final = tuple(answer.value for answer in rules.Answer if rules.needs_a_person(answer))


@transaction.atomic
def give_feedback(*, actor: Actor, notice: UUID, answer: str, findings: Sequence[UUID], comment: str) -> int:
    """Take an answer to a notice, to all of it or to the findings named; give how many findings changed state.

    The same answer twice changes nothing the second time. Raises NotAllowed, NotFound, InvalidAnswer.
    """
    meant = _checked(answer, comment)
    told = _notice_to_answer(actor, notice)
    with tenancy.acting(CLERK):
        Notice.objects.select_for_update().get(pk=told.pk)  # answers to one notice go one by one
        named = _items(told, findings)
        changed = _change(actor, meant, named, told) if meant is not rules.Answer.WRONG_CONTACT else 0
        _keep(actor, told, meant, findings, comment.strip())
        record(
            actor=actor,
            action="notification:notice:answer",
            target=("notice", told.id),
            organisation=told.organisation_id,
            detail={"answer": meant.value, "findings": len(findings) or "all", "changed": changed},
        )
        _follow_up(meant, told)
    return changed


def _checked(answer: str, comment: str) -> rules.Answer:
    if answer not in {one.value for one in rules.Answer} or len(comment) > LONGEST_COMMENT or "\x00" in comment:
        raise InvalidAnswer(known=", ".join(rules.Answer), longest=LONGEST_COMMENT)
    return rules.Answer(answer)


def _notice_to_answer(actor: Actor, notice: UUID) -> Notice:
    """The notice, when this actor may answer it: its receiver, an officer, or the holder of its own link."""
    if not allows(actor, "findings:write"):
        raise NotAllowed
    if actor.kind is Kind.LINK and actor.id != link_id(notice):
        raise NotFound
    told = reads.access_notice(actor, notice)
    if not allows_for(actor, "findings:write", told.organisation_id):
        raise NotAllowed
    if told.state in reads.HIDDEN:
        raise WrongState(state=told.state)
    return told


def link_id(notice: UUID) -> str:
    """How the holder of a notice's link is named where an actor stands."""
    return f"link:{notice}"


def _items(told: Notice, findings: Sequence[UUID]) -> list[NoticeItem]:
    """The items answered about. Raises NotFound when one of them is not in this notice."""
    items = list(NoticeItem.objects.filter(notice=told))
    if not findings:
        return items
    named = [item for item in items if item.finding_id in set(findings)]
    if {item.finding_id for item in named} != set(findings):
        raise NotFound
    return named


def _change(actor: Actor, answer: rules.Answer, items: Sequence[NoticeItem], told: Notice) -> int:
    """Bring the findings to the state after the answer, each with an event."""
    speaks = _speaks_for(actor, told, {item.about_id for item in items})
    wanted = [item.finding_id for item in items if item.about_id in speaks]
    rows = Finding.objects.select_for_update().filter(id__in=wanted).order_by("id")
    changed: dict[str, list[Finding]] = defaultdict(list)
    for finding in rows:
        after = rules.state_after(finding.state, answer)
        if after != finding.state:
            changed[after].append(finding)
    for after, moved in changed.items():
        move(moved, to=after, actor=actor.id, reason=f"answer: {answer.value}")
    return sum(len(moved) for moved in changed.values())


def move(findings: Sequence[Finding], *, to: str, actor: str, reason: str) -> None:
    """Bring findings to a state and leave an event of each. A change that somebody told us is not told back."""
    now = timezone.now()
    Finding.objects.filter(id__in=[finding.id for finding in findings]).update(state=to, state_changed_at=now)
    Event.objects.bulk_create(
        (
            Event(
                finding_id=finding.id,
                organisation_id=finding.organisation_id,
                at=now,
                actor=actor[:100],
                from_state=finding.state,
                to_state=to,
                severity=finding.severity,
                version=finding.version,
                reason=reason[:200],
                outcome=Event.Outcome.SILENT,
            )
            for finding in findings
        ),
        batch_size=1_000,
    )


def _speaks_for(actor: Actor, told: Notice, about: Collection[UUID]) -> set[UUID]:
    """The organisations whose findings this answer may change."""
    if actor.is_centre:
        return set(about)
    today = timezone.localdate()
    running = Q(valid_from__lte=today) & (Q(valid_to__isnull=True) | Q(valid_to__gte=today))
    mandated = Mandate.objects.filter(
        running, relay_id=told.organisation_id, member_id__in=list(about), status="active", mandatory=True
    )
    return {told.organisation_id} | set(mandated.values_list("member_id", flat=True))


def _keep(actor: Actor, told: Notice, answer: rules.Answer, findings: Sequence[UUID], comment: str) -> None:
    """Keep the answer, unless the very same one is there: a link pressed twice is one answer."""
    known = set(
        Feedback.objects.filter(notice=told, actor=actor.id[:100], answer=answer.value, comment=comment).values_list(
            "finding_id", flat=True
        )
    )
    Feedback.objects.bulk_create(
        Feedback(
            notice=told,
            organisation_id=told.organisation_id,
            finding_id=finding,
            answer=answer.value,
            comment=comment,
            actor=actor.id[:100],
        )
        for finding in (dict.fromkeys(findings) if findings else [None])
        if finding not in known
    )


def _follow_up(answer: rules.Answer, told: Notice) -> None:
    from dijkwacht.rooms.notification import following

    if answer is rules.Answer.WRONG_CONTACT:
        following.wrong_contact(told)
    else:
        following.settle_call(told.id)


def holder_of(notice: UUID, origin: str = "") -> Actor | None:
    """Whoever holds the link of a notice, as an actor that may read and answer it; None when the link is closed.

    It is closed when the notice was never sent, once its contact turned out to be the wrong person, and to a relay once
    one of the members it is about has no mandate for it any more.
    """
    with tenancy.acting(CLERK):
        told = Notice.objects.filter(pk=notice).exclude(state__in=reads.HIDDEN).first()
        if told is None or Contact.objects.filter(pk=told.contact_id or told.pk, status="wrong").exists():
            return None
        about = set(NoticeItem.objects.filter(notice=told).values_list("about_id", flat=True))
    others = about - {told.organisation_id}
    if told.route == "relay" and not others <= members_of(frozenset({told.organisation_id})):
        return None
    return Actor(
        kind=Kind.LINK,
        id=link_id(notice),
        memberships={told.organisation_id: OrganisationRole.SECURITY},
        members=frozenset(others),
        origin=origin,
    )


@transaction.atomic
def unsubscribe(*, actor: Actor, notice: UUID) -> list[str]:
    """Stop the optional kinds of a notice for the contact it went to; give those kinds. What must be told stays.

    Raises NotAllowed, NotFound.
    """
    told = _notice_to_answer(actor, notice)
    with tenancy.acting(CLERK):
        contact = Contact.objects.select_for_update().filter(pk=told.contact_id or told.pk).first()
        if contact is None:
            raise NotFound
        chosen = [kind for kind in told.kinds if kinds.optional(told.severity, [kind])]
        unsubscribed = sorted({*contact.optional_kinds, *chosen})
        if unsubscribed != sorted(contact.optional_kinds):
            registry.set_optional_kinds(actor=CLERK, contact=contact.id, unsubscribed=unsubscribed)
            record(
                actor=actor,
                action="notification:contact:unsubscribe",
                target=("contact", contact.id),
                organisation=told.organisation_id,
                detail={"notice": str(notice), "kinds": chosen},
            )
    return chosen


def waiting_for(actor: Actor) -> QuerySet[Feedback]:
    """The answers that need a person of the centre, the oldest first: not ours, false alarm, wrong contact."""
    if not actor.is_centre:
        raise NotAllowed
    return reads.feedback_for(actor).filter(answer__in=NEEDS_A_PERSON, handled_at__isnull=True).order_by("at", "id")


@transaction.atomic
def handle(*, actor: Actor, feedback: int, note: str = "") -> Feedback:
    """Say that an answer was looked into. Raises NotAllowed, NotFound, WrongState."""
    if not (actor.is_centre and allows(actor, "findings:write")):
        raise NotAllowed
    row = Feedback.objects.select_for_update().filter(pk=feedback).first()
    if row is None:
        raise NotFound
    if row.handled_at is not None:
        raise WrongState(state="handled")
    row.handled_at, row.handled_by = timezone.now(), actor.id[:100]
    row.save(update_fields=["handled_at", "handled_by"])
    record(
        actor=actor,
        action="notification:feedback:handle",
        target=("feedback", row.pk),
        organisation=row.organisation_id,
        detail={"answer": row.answer, "note": note[:500]},
    )
    return row
