"""Changes of campaigns."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.accounts.permissions import allows
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.phishing import events
from dijkwacht.rooms.phishing.campaigns.models import Campaign
from dijkwacht.rooms.phishing.errors import NotAllowed


@transaction.atomic
def settle(*, actor: Actor, campaign: UUID, verdict: str, reason: Sequence[dict[str, Any]]) -> Campaign:
    """Give a campaign its verdict, with the evidence for it; tells who waits for an answer when it changed.

    `verdict` is one of campaigns.models.VERDICTS; `reason` holds {"code", "family", "nl", "en"} each.
    """
    if not allows(actor, "phishing:decide"):
        raise NotAllowed
    found = Campaign.objects.select_for_update().get(id=campaign)
    before = found.verdict
    found.verdict, found.reason = verdict, [*reason]
    found.judged_by, found.judged_at = str(actor.id), timezone.now()
    found.save(update_fields=["verdict", "reason", "judged_by", "judged_at"])
    if before != verdict:
        detail = {"before": before, "after": verdict, "codes": [one["code"] for one in reason]}
        record(actor=actor, action="phishing:campaign:settle", target=("campaign", found.id), detail=detail)
        events.verdict_changed.send(Campaign, campaign=found.id, before=before, after=verdict, actor=actor)
    return found
