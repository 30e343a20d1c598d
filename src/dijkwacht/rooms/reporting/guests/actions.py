"""Changes by the link of a mail. The link was checked; what it opens is one incident, and nothing is looked up."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform import tenancy
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.reporting import letters, reads, scheduling
from dijkwacht.rooms.reporting.actions.conversing import attach
from dijkwacht.rooms.reporting.actions.filing import Guest, file_report
from dijkwacht.rooms.reporting.enclosing.guests import room_for, within_report
from dijkwacht.rooms.reporting.enclosing.rules import Enclosed
from dijkwacht.rooms.reporting.errors import AlreadyDone, NoRoom, NotFound
from dijkwacht.rooms.reporting.models import Attachment, Incident
from dijkwacht.rooms.reporting.rules import Channel, Stage
from dijkwacht.rooms.reporting.submitting import Filed

CONTACT = "contact_email"  # the address that was shown to be theirs: the link goes there, so the link does not move it


@transaction.atomic
def file_next_as_guest(
    *,
    actor: Actor,
    incident: UUID,
    stage: Stage,
    facts: Mapping[str, Any],
    seen: int,
    files: Sequence[Enclosed] = (),
) -> Filed:
    """File the next stage, or a new version of one, for whoever showed that the address is theirs.

    `seen`: how many reports the form knew of; another number says that it was sent before. `files`: where there is no
    room for them the report is filed without (`no_room`). Raises NotFound, AlreadyDone, GuestFilesRefused, and what
    `file_report` does.
    """
    size = sum(one.size for one in within_report(files))
    with tenancy.acting(scheduling.CLERK) as clerk:
        row = _confirmed(clerk, incident)
        if len(reads.reports_of(row)) != seen:
            raise AlreadyDone
        kept = files if not files or not row.network or room_for(size, row.network, confirmed=True) else ()
        made = file_report(
            actor=clerk,
            stage=stage,
            facts={name: value for name, value in facts.items() if name != CONTACT},
            organisation=None,
            incident=row.id,
            channel=Channel.GUEST,
            guest=Guest(row.network),
            files=kept,
        )
        made.no_room = len(kept) < len(files)
        _record(actor, "file", row, reports=[report.number for report in made.reports], files=len(kept))
    return made


@transaction.atomic
def attach_as_guest(*, actor: Actor, incident: UUID, name: str, content: bytes) -> Attachment:
    """Keep a file of whoever showed that the address is theirs. Raises NotFound, AttachmentNotAllowed, NoRoom."""
    with tenancy.acting(scheduling.CLERK) as clerk:
        row = _confirmed(clerk, incident)
        if row.network and not room_for(len(content), row.network, confirmed=True):
            raise NoRoom
        made = attach(actor=clerk, incident=row.id, name=name, content=content)
        _record(actor, "attach", row, sha256=made.sha256)
        letters.tell_duty(row, "message")
    return made


@transaction.atomic
def renew_link(*, actor: Actor, incident: UUID) -> None:
    """Mail a new link to the address that is known, and to no other. Raises NotFound."""
    with tenancy.acting(scheduling.CLERK) as clerk:
        row = reads.access_guest(clerk, incident)
        letters.tell_reporter(row)
        _record(actor, "renew", row)


def _confirmed(clerk: Actor, incident: UUID) -> Incident:
    """Return an incident, held, whose reporter showed that the address is theirs. Raises NotFound."""
    row = Incident.objects.select_for_update().get(id=reads.access_guest(clerk, incident).id)
    if row.verified_at is None:
        raise NotFound
    return row


def _record(actor: Actor, verb: str, row: Incident, **detail: Any) -> None:
    record(actor=actor, action=f"reporting:guest:{verb}", target=("incident", row.id), detail=detail)
