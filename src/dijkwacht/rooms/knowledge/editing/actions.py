"""Every change of revisions and lessons: actor first; permission, change and audit in one transaction."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection, transaction
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.knowledge import checking, published
from dijkwacht.rooms.knowledge.editing import reads
from dijkwacht.rooms.knowledge.editing.models import Lesson, Revision
from dijkwacht.rooms.knowledge.errors import (
    ChangedMeanwhile,
    NameTaken,
    NotFound,
    NotWaiting,
    OwnRevision,
    TextNotUsable,
)
from dijkwacht.rooms.knowledge.texts import Unusable, parse

LOCK: Final = 7_302_561
NAME: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_NAME: Final = 60  # characters


@dataclass(frozen=True, slots=True)
class Edit:
    """A new text of a measure. `base`: the newest revision that the writer saw, 0 for none."""

    text: str
    why: str
    base: int
    publish_on: date
    owner: str = ""
    lesson: UUID | None = None


@transaction.atomic
def begin(*, actor: Actor, measure: str, edit: Edit) -> Revision:
    """Keep the first draft of a measure that is new; nobody outside sees it before a second person approved it.

    Raises NotAllowed, TextNotUsable; NameTaken for the name of a measure that is there or in the making.
    """
    reads.require(actor, reads.WRITE)
    if len(measure) > LONGEST_NAME or not NAME.fullmatch(measure):
        raise TextNotUsable(fault=f"name: small letters, digits and hyphens, at most {LONGEST_NAME}")
    if reads.is_known(actor, measure):
        raise NameTaken(name=measure)
    return _keep(actor, measure, edit)


@transaction.atomic
def write(*, actor: Actor, measure: str, edit: Edit) -> Revision:
    """Keep a new revision as a draft. Raises NotAllowed, NotFound, TextNotUsable, ChangedMeanwhile."""
    reads.require(actor, reads.WRITE)
    reads.access_measure(actor, measure)
    return _keep(actor, measure, edit)


def _keep(actor: Actor, measure: str, edit: Edit) -> Revision:
    _check(measure, edit)
    with connection.cursor() as cursor:  # two writers at once: one of them hears that the other was first
        cursor.execute("select pg_advisory_xact_lock(%s, hashtext(%s))", [LOCK, measure])
    newest = reads.latest(actor, measure)
    if (newest.number if newest else 0) != edit.base:
        raise ChangedMeanwhile(version=newest.number if newest else 0)
    row = Revision.objects.create(
        measure=measure,
        number=edit.base + 1,
        base=edit.base,
        text=edit.text,
        why=edit.why.strip()[:300],
        publish_on=edit.publish_on,
        owner=edit.owner,
        written_by=actor.id[:100],
    )
    if edit.lesson:
        _take(actor, edit.lesson, row)
    _record(actor, "write", row)
    return row


@transaction.atomic
def propose(*, actor: Actor, revision: UUID) -> Revision:
    """Ask a second person to look. Raises NotAllowed, NotFound, NotWaiting."""
    row = _locked(actor, revision, Revision.State.DRAFT)
    row.state = Revision.State.PROPOSED
    row.save(update_fields=["state"])
    _record(actor, "propose", row)
    return row


@transaction.atomic
def decide(*, actor: Actor, revision: UUID, yes: bool, reason: str) -> Revision:
    """Approve a revision of somebody else, or refuse it with a reason.

    Raises NotAllowed, NotFound, OwnRevision, NotWaiting, TextNotUsable; ChangedMeanwhile for a revision that is older
    than one that was approved.
    """
    reads.require(actor, reads.APPROVE)
    row = _locked(actor, revision, Revision.State.PROPOSED)
    if row.written_by == actor.id[:100]:
        raise OwnRevision
    if not yes and not reason.strip():
        raise TextNotUsable(fault="a refusal says why")
    if yes and (newer := reads.approved_after(actor, row)):
        raise ChangedMeanwhile(version=newer)
    row.state = Revision.State.APPROVED if yes else Revision.State.REFUSED
    row.decided_by, row.decided_at, row.decision = actor.id[:100], timezone.now(), reason.strip()[:500]
    row.save(update_fields=["state", "decided_by", "decided_at", "decision"])
    _record(actor, "approve" if yes else "refuse", row)
    return row


@transaction.atomic
def note_lesson(*, actor: Actor, measure: str, text: str, source: str) -> Lesson:
    """Note what an incident taught about a measure. Raises NotAllowed, NotFound, TextNotUsable."""
    reads.require(actor, reads.WRITE)
    published.entry(measure)
    if not 10 <= len(text.strip()) <= 4000:  # noqa: PLR2004 - characters
        raise TextNotUsable(fault="a lesson has 10 to 4000 characters")
    row = Lesson.objects.create(
        measure=measure, text=text.strip(), source=source.strip()[:100], written_by=actor.id[:100]
    )
    detail = {"measure": measure, "source": row.source}
    record(actor=actor, action="knowledge:lesson:note", target=("lesson", row.id), detail=detail)
    return row


@transaction.atomic
def set_aside(*, actor: Actor, lesson: UUID, reason: str) -> Lesson:
    """Say why nothing comes of a lesson. Raises NotAllowed, NotFound, NotWaiting, TextNotUsable."""
    row = _open_lesson(actor, lesson)
    if not reason.strip():
        raise TextNotUsable(fault="setting aside says why")
    row.state, row.reason = Lesson.State.ASIDE, reason.strip()[:500]
    row.handled_by, row.handled_at = actor.id[:100], timezone.now()
    row.save(update_fields=["state", "reason", "handled_by", "handled_at"])
    record(actor=actor, action="knowledge:lesson:set-aside", target=("lesson", row.id), detail={"reason": row.reason})
    return row


def _check(measure: str, edit: Edit) -> None:
    """Hold a text of the portal to what holds for a file. Raises TextNotUsable."""
    try:
        made = parse(measure, edit.text.replace("\r\n", "\n"))
    except Unusable as error:
        raise TextNotUsable(fault=f"line {error.line}: {error.fault}") from error
    today = timezone.localdate()
    for fault in checking.of_measure(made, edit.text, today, {*published.entries(), measure}):
        if not fault.warning:
            raise TextNotUsable(fault=f"line {fault.line}: {fault.text}")
    if not edit.why.strip():
        raise TextNotUsable(fault="say why it changes")
    if edit.owner:
        try:
            validate_email(edit.owner)
        except ValidationError as error:
            raise TextNotUsable(fault="owner: must be a mail address") from error


def _locked(actor: Actor, identifier: UUID, wanted: str) -> Revision:
    reads.require(actor, reads.WRITE)
    row = Revision.objects.select_for_update().filter(id=identifier).first()
    if row is None:
        raise NotFound(what="revision", what_nl="herziening")
    if row.state != wanted:
        raise NotWaiting(state=row.state)
    return row


def _open_lesson(actor: Actor, identifier: UUID) -> Lesson:
    reads.require(actor, reads.WRITE)
    row = Lesson.objects.select_for_update().filter(id=identifier).first()
    if row is None:
        raise NotFound(what="lesson", what_nl="les")
    if row.state != Lesson.State.OPEN:
        raise NotWaiting(state=row.state)
    return row


def _take(actor: Actor, identifier: UUID, revision: Revision) -> None:
    row = _open_lesson(actor, identifier)
    if row.measure != revision.measure:
        raise NotFound(what="lesson", what_nl="les")
    row.state, row.revision = Lesson.State.TAKEN, revision
    row.handled_by, row.handled_at = actor.id[:100], timezone.now()
    row.save(update_fields=["state", "revision", "handled_by", "handled_at"])


def _record(actor: Actor, what: str, row: Revision) -> None:
    record(
        actor=actor,
        action=f"knowledge:revision:{what}",
        target=("revision", row.id),
        detail={"measure": row.measure, "number": row.number, "publish_on": str(row.publish_on)},
    )
