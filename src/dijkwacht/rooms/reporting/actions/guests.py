"""Somebody without an account: reports at once, shows by mail that the address is theirs, and goes on by the link."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts.origins import network_of
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.reporting import cleaning, letters, reads, scheduling
from dijkwacht.rooms.reporting.actions.conversing import LONGEST
from dijkwacht.rooms.reporting.actions.filing import Guest, file_report
from dijkwacht.rooms.reporting.enclosing.guests import room_for, within_report
from dijkwacht.rooms.reporting.enclosing.rules import Enclosed
from dijkwacht.rooms.reporting.errors import InvalidValue, TooMany
from dijkwacht.rooms.reporting.models import Incident, Message
from dijkwacht.rooms.reporting.once import identifier_of
from dijkwacht.rooms.reporting.rules import Channel, Stage
from dijkwacht.rooms.reporting.submitting import Filed

MOST_A_DAY: Final = 20  # reports without account from one network


@transaction.atomic
def file_as_guest(
    *,
    actor: Actor,
    stage: Stage,
    facts: Mapping[str, Any],
    language: str = "nl",
    once: str = "",
    files: Sequence[Enclosed] = (),
) -> Filed:
    """File for somebody without account, whoever that is; the centre alone sees it. Nothing is looked up.

    `once`: what the form held to be filed once by; IntegrityError says that it was filed at this very moment. `files`:
    where there is no room for them the report is filed without (`no_room`). Raises TooMany when one network files too
    many, GuestFilesRefused, and what `file_report` does.
    """
    network, size = network_of(actor.origin) or "unknown", sum(one.size for one in within_report(files))
    with tenancy.acting(scheduling.CLERK) as clerk:
        since = timezone.now() - timedelta(days=1)
        if Incident.objects.filter(network=network, received_at__gte=since).count() >= MOST_A_DAY:
            raise TooMany
        kept = files if not files or room_for(size, network, confirmed=False) else ()
        made = file_report(
            actor=clerk,
            stage=stage,
            facts=facts,
            organisation=None,
            channel=Channel.GUEST,
            language=language,
            guest=Guest(network, identifier_of(once) if once else None),
            files=kept,
        )
        made.no_room = len(kept) < len(files)
        record(
            actor=actor,
            action="reporting:guest:file",
            target=("incident", made.incident.id),
            detail={"reports": [report.number for report in made.reports], "files": len(kept)},
        )
    return made


@transaction.atomic
def verify_guest(*, actor: Actor, incident: UUID) -> Incident:
    """Keep that whoever reported reads the mail of the address given. The link was checked. Raises NotFound."""
    with tenancy.acting(scheduling.CLERK) as clerk:
        row = reads.access_guest(clerk, incident)
        if row.verified_at is None:
            row.verified_at = timezone.now()
            row.save(update_fields=["verified_at"])
            record(actor=actor, action="reporting:guest:verify", target=("incident", row.id))
    return row


@transaction.atomic
def write_as_guest(*, actor: Actor, incident: UUID, text: str) -> Message:
    """Write to the centre by the link. Raises NotFound, InvalidValue."""
    said = text.replace("\r\n", "\n").strip()
    if not said or len(said) > LONGEST or cleaning.UNSEEN.search(said):
        raise InvalidValue(
            field="text", reason_nl=f"1 tot {LONGEST} zichtbare tekens", reason_en=f"1 to {LONGEST} visible characters"
        )
    with tenancy.acting(scheduling.CLERK) as clerk:
        row = reads.access_guest(clerk, incident)
        made = Message(incident=row, from_centre=False, by=actor.id)
        made.text = said
        made.save(force_insert=True)
        record(
            actor=actor,
            action="reporting:message:send",
            target=("message", made.id),
            detail={"incident": str(row.id), "from_centre": False},
        )
        letters.tell_duty(row, "message")
    return made
