"""What changed, posted to consumers that have an address for it; signed (Standard Webhooks) with their own key."""

import json
import time
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.platform.outbox import webhook
from dijkwacht.platform.outbox.outcome import Accepted, Outcome, Refused
from dijkwacht.rooms.phishing.listing import consumers, reads
from dijkwacht.rooms.phishing.listing.models import Consumer

PUSHER: Final = system("phishing:push")
MOST: Final = 5_000  # events in one message
SECONDS: Final = 20.0  # for one hand-over


def due() -> list[UUID]:
    """Give the consumers that lack something."""
    newest = reads.serial()
    rows = Consumer.objects.filter(revoked_at=None, pushed_serial__lt=newest).exclude(push_url="")
    return list(rows.values_list("id", flat=True))


def push(consumer: UUID) -> Outcome | None:
    """Post what a consumer lacks; the next state counts as given once it said so. Never twice at the same time."""
    with transaction.atomic(), tenancy.acting(PUSHER):
        row = Consumer.objects.select_for_update(skip_locked=True).filter(id=consumer, revoked_at=None).first()
        if row is None or not row.push_url:
            return None
        events = reads.events_since(row.pushed_serial, most=MOST)
        if not events:
            return None
        after, last = row.pushed_serial, events[-1]["serial"]
        body = json.dumps({"list": settings.BASE_URL, "after": after, "serial": last, "events": events}).encode()
        outcome = _posted(row, f"list-{last}", body)
        if isinstance(outcome, Accepted):
            row.pushed_serial, row.pushed_at, row.push_said = last, timezone.now(), ""
        else:
            row.push_said = str(getattr(outcome, "reason", outcome))[:300]
            if isinstance(outcome, Refused) and "410" in row.push_said:  # it wants no more
                row.push_url = ""
        row.save(update_fields=["pushed_serial", "pushed_at", "push_said", "push_url"])
        return outcome


def _posted(row: Consumer, identifier: str, body: bytes) -> Outcome:
    now = int(time.time())
    fields = {
        "Content-Type": "application/json",
        "User-Agent": "Dijkwacht",
        "Connection": "close",
        "webhook-id": identifier,
        "webhook-timestamp": str(now),
        "webhook-signature": webhook.signature(
            f"whsec_{consumers.secret(row)}", identifier=identifier, timestamp=now, body=body
        ),
    }
    return webhook.post(url=row.push_url, fields=fields, body=body, deadline=time.monotonic() + SECONDS)
