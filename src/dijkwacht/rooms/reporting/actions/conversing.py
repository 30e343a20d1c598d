"""What reporter and centre say to each other, and the files that go with it."""

from hashlib import sha256
from typing import Final
from uuid import UUID

from django.db import transaction

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts.permissions import where
from dijkwacht.platform.attachments import name_of_file
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.reporting import cleaning, letters, reads, rules, scheduling, terms
from dijkwacht.rooms.reporting.enclosing import rules as files
from dijkwacht.rooms.reporting.enclosing.rules import LARGEST, Enclosed
from dijkwacht.rooms.reporting.enclosing.with_reports import keep_file, own_files, told
from dijkwacht.rooms.reporting.errors import AttachmentNotAllowed, InvalidValue, NotAllowed
from dijkwacht.rooms.reporting.models import Attachment, Incident, Message

LONGEST: Final = 20_000  # characters of a message


@transaction.atomic
def send_message(*, actor: Actor, incident: UUID, text: str) -> Message:
    """Write to the other side. The first one that a person of the centre writes meets the duty to answer (Cbw 36).

    Raises NotAllowed, NotFound, InvalidValue.
    """
    row, ours = _mine(actor, incident)
    said = text.replace("\r\n", "\n").strip()
    if not said or len(said) > LONGEST or cleaning.UNSEEN.search(said):
        raise InvalidValue(
            field="text", reason_nl=f"1 tot {LONGEST} zichtbare tekens", reason_en=f"1 to {LONGEST} visible characters"
        )
    made = Message(incident=row, organisation_id=row.organisation_id, from_centre=ours, by=actor.id)
    made.text = said
    made.save(force_insert=True)
    record(
        actor=actor,
        action="reporting:message:send",
        target=("message", made.id),
        organisation=row.organisation_id,
        detail={"incident": str(row.id), "from_centre": ours},
    )
    if ours and row.first_answer_at is None:
        row.first_answer_at = made.at
        Incident.objects.filter(id=row.id).update(first_answer_at=made.at)
        scheduling.schedule(row, terms.filed_of(reads.reports_of(row)), made.at)
    if ours:
        letters.tell_reporter(row)
    else:
        letters.tell_duty(row, "message")
    return made


def _mine(actor: Actor, incident: UUID) -> tuple[Incident, bool]:
    """Return the incident, and whether the actor speaks for the centre. Raises NotAllowed, NotFound."""
    row = reads.access_any(actor, incident)
    if row.organisation_id in where(actor, reads.WRITE):
        return row, False
    if rules.may_handle(actor):
        return row, True
    raise NotAllowed


@transaction.atomic
def attach_once(*, actor: Actor, incident: UUID, name: str, content: bytes) -> Attachment:
    """Keep a file unless the same bytes are there under the same name: a program sends again what got no answer.

    Raises as `attach`.
    """
    row, _ours = _mine(actor, incident)
    with tenancy.acting(scheduling.CLERK):
        Incident.objects.select_for_update().get(id=row.id)
    known = name_of_file(name)
    same = Attachment.objects.filter(incident=row, sha256=sha256(content).hexdigest()).defer("content_sealed")
    found = next((one for one in same if one.name == known), None)
    return found or attach(actor=actor, incident=incident, name=name, content=content)


@transaction.atomic
def attach(*, actor: Actor, incident: UUID, name: str, content: bytes) -> Attachment:
    """Keep a file: encrypted, hashed, never opened. Raises NotAllowed, NotFound, AttachmentNotAllowed."""
    row, _ours = _mine(actor, incident)
    with tenancy.acting(scheduling.CLERK):
        Incident.objects.select_for_update().get(id=row.id)  # two at a time would both count the same
        there = own_files(row.id).count()
    if there >= files.MOST:
        raise AttachmentNotAllowed(megabytes=LARGEST // files.MEGABYTE, most=files.MOST)
    made = keep_file(actor, row, Enclosed(name, content))
    record(actor=actor, **told(made))
    return made
