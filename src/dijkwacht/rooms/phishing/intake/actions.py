"""Take in what somebody hands in: on disk and in the queue, then yes."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts.permissions import allows
from dijkwacht.platform.audit.record import record
from dijkwacht.platform.crypto.house import seal_json
from dijkwacht.platform.database.inserting import insert
from dijkwacht.rooms.phishing.campaigns.models import Report
from dijkwacht.rooms.phishing.errors import NotAllowed, NotFound, NotNow
from dijkwacht.rooms.phishing.intake import reads, tasks, vault
from dijkwacht.rooms.phishing.intake.models import Arrival
from dijkwacht.rooms.phishing.intake.reads import PORTER

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True, slots=True)
class Handed:
    """What somebody handed in. `raw`: the bytes of a mail. `sender`: the envelope's, or of whom the door knows.

    `address`: of the network. `partner`: who a token belongs to. `report`: the identifier of the report to be.
    """

    raw: bytes
    door: str
    sender: str = ""
    address: str = ""
    partner: str = ""
    language: str = ""
    report: UUID | None = None


def accept_many(*, actor: Actor, handed: Sequence[Handed], again: bool = False) -> list[UUID]:
    """Put what came in on disk and in the queue, in one transaction; give the identifiers of the reports to be.

    `again`: an earlier try may have been taken in without hearing so. What has the identifier of a report that is there
    already is a success too. Raises OSError when the vault does not take it: then nothing is in the queue.
    """
    now = timezone.now()
    kept = vault.keep([one.raw for one in handed], now)
    rows = [_row(one, sha256, now) for one, sha256 in zip(handed, kept, strict=True)]
    with tenancy.acting(PORTER):
        new = insert(rows, skip_known=True)
        if again:  # what was read meanwhile is a report, and waits no more
            read = Report.objects.filter(id__in=new).values_list("id", flat=True)
            Arrival.objects.filter(id__in=[*read]).delete()
        tasks.ask_read()
        record(
            actor=actor,
            action="phishing:intake:accept",
            target=("arrivals", rows[0].id),
            detail={"number": len(rows), "doors": sorted({one.door for one in handed})},
        )
    return [row.id for row in rows]


def _row(one: Handed, sha256: str, now: Any) -> Arrival:
    identifier = one.report or uuid.uuid4()
    known = {"sender": one.sender, "address": one.address, "language": one.language}
    sealed = seal_json(
        {name: value for name, value in known.items() if value}, table="arrival", row=identifier, column="sealed"
    )
    return Arrival(
        id=identifier,
        vault=sha256,
        door=one.door,
        sealed=sealed,
        partner=one.partner,
        size=len(one.raw),
        received_at=now,
    )


@transaction.atomic
def requeue(*, actor: Actor, reports: Sequence[UUID] | None = None) -> list[UUID]:
    """Let reports that were set aside be read again, with all attempts before them; gives them. None: all of them.

    Raises NotAllowed; NotFound when one of `reports` is not set aside, and then none is.
    """
    if not allows(actor, "phishing:decide"):
        raise NotAllowed
    rows = reads.aside() if reports is None else reads.aside().filter(id__in=reports)
    found = list(rows.select_for_update().values_list("id", flat=True))
    if reports is not None and (missing := set(reports) - set(found)):
        raise NotFound(", ".join(sorted(map(str, missing))))
    Arrival.objects.filter(id__in=found).update(attempts=0, not_before=None)  # why it failed stays until it is read
    for identifier in found:
        record(actor=actor, action="phishing:arrival:requeue", target=("arrival", identifier))
    if found:
        tasks.ask_read()
    return found


@transaction.atomic
def remove_old(*, actor: Actor, now: datetime) -> int:
    """Remove from the vault what came in before its term, and arrivals of then; give how many hours went."""
    kept = timedelta(days=settings.PHISHING_VAULT_DAYS)
    Arrival.objects.filter(received_at__lt=now - kept).delete()
    hours = vault.remove_old(now, kept)
    if hours:
        record(actor=actor, action="phishing:vault:remove-old", target=("vault", ""), detail={"hours": hours})
    return hours


def accept(*, actor: Actor, handed: Handed) -> UUID:
    """Put one thing on disk and in the queue; give the identifier of the report to be. Raises NotNow."""
    try:
        return accept_many(actor=actor, handed=[handed])[0]
    except OSError as error:
        log.exception("phishing: a report could not be kept")
        raise NotNow from error
