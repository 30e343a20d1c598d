"""Changes of looks: to ask for one, to record one, to let raw pages go."""

import hashlib
from datetime import timedelta
from typing import Final
from uuid import UUID

import msgspec
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.accounts.permissions import allows
from dijkwacht.platform.audit.record import record
from dijkwacht.platform.crypto import fields
from dijkwacht.platform.crypto.house import house_keys
from dijkwacht.rooms.phishing import events
from dijkwacht.rooms.phishing.campaigns.models import Campaign
from dijkwacht.rooms.phishing.errors import NotAllowed

from . import looking, rules, tasks
from .models import Look, LookOfCampaign, RawPage
from .rdap import tasks as ages

AGAIN: Final = timedelta(minutes=10)  # a page that was looked at since is not looked at again


@transaction.atomic
def ask(*, actor: Actor, campaign: UUID) -> int:
    """Ask for looks at the links of a campaign; gives how many were asked for.

    Not at what is a protected brand's own, nor at what a mail merely loads.
    """
    if not allows(actor, "phishing:decide"):
        raise NotAllowed
    found = Campaign.objects.get(id=campaign)
    asked = [one for url in rules.to_look_at(found.analysis) if (one := _asked(url, campaign))]
    if asked:
        detail = {"looks": [str(one) for one in asked]}
        record(actor=actor, action="phishing:page:ask", target=("campaign", campaign), detail=detail)
    for one in asked:
        tasks.ask(one)
    return len(asked)


def _asked(url: str, campaign: UUID) -> UUID | None:
    now = timezone.now()
    made, new = Look.objects.get_or_create(
        url_sha256=hashlib.sha256(url.encode()).hexdigest(), defaults={"url": url, "asked_at": now}
    )
    _, first = LookOfCampaign.objects.get_or_create(look=made, campaign_id=campaign)
    if new:
        return made.id
    if made.done_at is not None and made.done_at > now - AGAIN:
        if first:  # seen for another campaign: this one hears of it as soon as this transaction is over
            tasks.tell(campaign)
        return None
    Look.objects.filter(id=made.id).update(asked_at=now)
    return made.id


@transaction.atomic
def keep(*, actor: Actor, look: UUID, seen: looking.Seen) -> Look:
    """Record what was seen, and tell the campaigns that it is of."""
    if not allows(actor, "phishing:decide"):
        raise NotAllowed
    row = Look.objects.select_for_update().get(id=look)
    row.before, row.seen = row.seen, msgspec.to_builtins(seen.look)
    row.state, row.kit, row.done_at = seen.look.state, seen.look.kit, timezone.now()
    row.save(update_fields=["before", "seen", "state", "kit", "done_at"])
    for kind, content in seen.raw.items():
        _seal(row, kind, content)
    codes = [one.code for one in rules.evidence(seen.look)]
    detail = {"state": row.state, "hops": len(seen.look.hops), "codes": codes}
    record(actor=actor, action="phishing:page:look", target=("look", row.id), detail=detail)
    if row.state == "page" and not seen.look.registered and seen.look.hosting == "own":
        ages.ask(row.id, seen.look.host)
    for campaign in LookOfCampaign.objects.filter(look=row).values_list("campaign_id", flat=True):
        events.campaign_changed.send(Look, campaign=campaign, why="page")
    return row


def _seal(row: Look, kind: str, content: bytes) -> None:
    RawPage.objects.filter(look=row, kind=kind).delete()
    term = timedelta(days=settings.PAGES_RAW_DAYS)
    if content and term:
        made = RawPage(look=row, kind=kind, at=timezone.now(), until=timezone.now() + term)
        made.sealed = fields.seal(house_keys(), content, **made.place)
        made.save()


@transaction.atomic
def let_go(*, actor: Actor) -> int:
    """Remove raw pages whose term is over; gives how many."""
    gone, _ = RawPage.objects.filter(until__lte=timezone.now()).delete()
    if gone:
        record(actor=actor, action="phishing:page:let-go", target=("rawpages", ""), detail={"removed": gone})
    return gone
