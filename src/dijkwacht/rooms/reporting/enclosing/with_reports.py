"""Files of a report that is filed: encrypted, hashed, never opened. Whoever adds one records it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.attachments import name_of_file
from dijkwacht.rooms.reporting.enclosing import rules
from dijkwacht.rooms.reporting.enclosing.rules import AnyFile, Shared
from dijkwacht.rooms.reporting.errors import AttachmentNotAllowed
from dijkwacht.rooms.reporting.models import Attachment, Incident


def keep_file(actor: Actor, row: Incident, given: AnyFile) -> Attachment:
    """Keep a file of an incident that the actor holds and may add to. Raises AttachmentNotAllowed for its size."""
    if not 0 < given.size <= rules.LARGEST:
        raise AttachmentNotAllowed(megabytes=rules.LARGEST // rules.MEGABYTE, most=rules.MOST)
    made = Attachment(incident=row, organisation_id=row.organisation_id, by=actor.id, at=timezone.now())
    if isinstance(given, Shared):
        made.size, made.sha256, made.shared_id = given.size, given.sha256, given.file
        made.name, made.content_sealed = name_of_file(given.name), b""
    else:
        made.keep(given.name, given.content)
    made.save(force_insert=True)
    return made


def told(made: Attachment) -> dict[str, Any]:
    """Return what the log says of a file that was added: not its name, which the reporter gave."""
    return {
        "action": "reporting:attachment:add",
        "target": ("attachment", made.id),
        "organisation": made.organisation_id,
        "detail": {"incident": str(made.incident_id), "size": made.size, "sha256": made.sha256},
    }


def own_files(incident: UUID) -> QuerySet[Attachment]:
    """Return the files that count for the bound of an incident, without content.

    What its provider sent to many does not count: neither of the two takes the room of the other.
    """
    return Attachment.objects.filter(incident_id=incident, shared=None).defer("content_sealed")


def keep_files(actor: Actor, row: Incident, given: Sequence[AnyFile]) -> list[Attachment]:
    """Keep the files that came with a report; what is there already is not kept twice. Raises AttachmentNotAllowed.

    In the transaction of the report, which holds the incident.
    """
    there = list(Attachment.objects.filter(incident=row).defer("content_sealed")) if given else []
    known = {(one.sha256, one.name) for one in there}
    new = {(one.sha256, name_of_file(one.name)): one for one in given}
    added = [one for key, one in new.items() if key not in known]
    counting = [one for one in there if one.shared_id is None]
    if len(counting) + sum(not isinstance(one, Shared) for one in added) > rules.MOST:
        raise AttachmentNotAllowed(megabytes=rules.LARGEST // rules.MEGABYTE, most=rules.MOST)
    return [keep_file(actor, row, one) for one in added]
