"""What a draft became, for its writer."""

from uuid import UUID

from django.urls import reverse

from dijkwacht.kernel.actor import Actor
from dijkwacht.rooms.reporting import reads
from dijkwacht.rooms.reporting.models import Draft
from dijkwacht.rooms.reporting.rules import Channel
from dijkwacht.rooms.reporting.sending.models import SentDraft


def remember(draft: Draft, *, incident: UUID | None = None, event: UUID | None = None) -> str:
    """Keep what a draft became, in the transaction that files it; give the address where its receipt stands."""
    row = SentDraft(draft=draft.id, account=draft.account, channel=draft.channel, incident_id=incident, event_id=event)
    row.save(force_insert=True)
    return _address(row)


def address_of(actor: Actor, draft: UUID) -> str | None:
    """Return where the receipt of a draft of the actor stands that was sent before, if it was. Raises NotAllowed."""
    row = SentDraft.objects.filter(account=reads.account_of(actor), draft=draft).first()
    return _address(row) if row is not None else None


def _address(row: SentDraft) -> str:
    if row.event_id is not None:
        return reverse("reporting:event", args=[row.event_id])
    place = "desk-incident" if row.channel == Channel.PHONE else "incident"
    return reverse(f"reporting:{place}", args=[row.incident_id])
