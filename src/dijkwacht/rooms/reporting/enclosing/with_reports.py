"""Files of a report that is filed: encrypted, hashed, never opened. Whoever adds one records it."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.attachments import name_of_file
from dijkwacht.rooms.reporting.enclosing import rules
from dijkwacht.rooms.reporting.enclosing.rules import Enclosed
from dijkwacht.rooms.reporting.errors import AttachmentNotAllowed
from dijkwacht.rooms.reporting.models import Attachment, Incident


def keep_file(actor: Actor, row: Incident, given: Enclosed) -> Attachment:
    """Keep a file of an incident that the actor holds and may add to. Raises AttachmentNotAllowed for its size."""
    if not 0 < len(given.content) <= rules.LARGEST:
        raise AttachmentNotAllowed(megabytes=rules.LARGEST // rules.MEGABYTE, most=rules.MOST)
    made = Attachment(incident=row, organisation_id=row.organisation_id, by=actor.id, at=timezone.now())
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


def keep_files(actor: Actor, row: Incident, given: Sequence[Enclosed]) -> list[Attachment]:
    """Keep the files that came with a report; what is there already is not kept twice. Raises AttachmentNotAllowed.

    In the transaction of the report, which holds the incident.
    """
    there = Attachment.objects.filter(incident=row)
    known = {(one.sha256, one.name) for one in there.defer("content_sealed")} if given else set()
    new = {(sha256(one.content).hexdigest(), name_of_file(one.name)): one for one in given}
    added = [one for key, one in new.items() if key not in known]
    if len(known) + len(added) > rules.MOST:
        raise AttachmentNotAllowed(megabytes=rules.LARGEST // rules.MEGABYTE, most=rules.MOST)
    return [keep_file(actor, row, one) for one in added]
