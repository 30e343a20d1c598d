"""An incident as one file, for a colleague or another system; that it was taken out is recorded."""

import json
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.audit.record import record
from dijkwacht.platform.receipts import Signer
from dijkwacht.rooms.reporting import desk, reads, rules, showing, stix
from dijkwacht.rooms.reporting.errors import NotAllowed
from dijkwacht.rooms.reporting.indicators import Found
from dijkwacht.rooms.reporting.models import Incident


def export_incident(*, actor: Actor, incident: UUID, form: str) -> bytes:
    """Return an incident as a signed JSON (`json`) or a STIX 2.1 bundle (`stix`). Raises NotAllowed, NotFound.

    The signed file is verified as a receipt is: `dijkwacht receipt verify`.
    """
    if not rules.may_handle(actor):
        raise NotAllowed
    row = reads.access_incident(actor, incident)
    made = _stix(row) if form == "stix" else _signed(actor, row)
    record(
        actor=actor,
        action="reporting:incident:export",
        target=("incident", row.id),
        organisation=row.organisation_id,
        detail={"form": form},
    )
    return made


def _signed(actor: Actor, row: Incident) -> bytes:
    body: dict[str, Any] = {
        "subject": "incident",
        "number": row.number,
        "centre": settings.CENTRE_NAME,
        "organisation": {"name": (row.facts or {}).get("entity_name", "")},
        "state": row.state,
        "matter": row.matter,
        "facts": row.facts or {},
        "reports": [report.content for report in reads.reports_of(row)],
        "timeline": [[at.isoformat(), what] for at, what in desk.timeline(actor, row)],
        "messages": [
            {"at": one.at.isoformat(), "from_centre": one.from_centre, "text": one.text}
            for one in reads.messages_of(actor, row)
        ],
        "files": [{"sha256": one.sha256, "size": one.size} for one in reads.attachments_of(row)],
    }
    return Signer.of(settings.HOME).sign(body, timezone.now()).encode()


def _open_in(row: Incident) -> str:
    """Return in words which answers are not known yet; STIX has no property for that, so it is a note."""
    names = showing.still_open([one.content for one in reads.reports_of(row)], row.facts or {})
    return f"Not known yet, to be completed by the next report: {', '.join(sorted(names))}." if names else ""


def _stix(row: Incident) -> bytes:
    made = stix.bundle(
        number=row.number,
        facts=row.facts or {},
        centre=settings.CENTRE_NAME,
        whose=str((row.facts or {}).get("entity_name", "")),
        at=row.received_at,
        changed=max((one.submitted_at for one in reads.reports_of(row)), default=row.received_at),
        note=_open_in(row),
        indicators=[Found(one.kind, one.value) for one in reads.indicators_of(row)],
    )
    return json.dumps(made, ensure_ascii=False, indent=1).encode()
