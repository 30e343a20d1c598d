"""Place a campaign in a wave."""

from collections import defaultdict
from typing import Final
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.mails.sketch import likeness
from dijkwacht.platform.accounts.permissions import allows
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.phishing.campaigns.models import Campaign
from dijkwacht.rooms.phishing.campaigns.placing import ASLEEP
from dijkwacht.rooms.phishing.errors import NotAllowed
from dijkwacht.rooms.phishing.fetching import reads as pages

from . import rules
from .models import CampaignMark

LOCK: Final = 7_302_042  # PostgreSQL advisory lock: one campaign at a time is placed
CANDIDATES: Final = 50  # campaigns with a like mail that one is compared with
_CARRIED: Final = """
select n.kind, n.value, m.campaign_id, m.wave from unnest(%s::varchar[], %s::varchar[]) n (kind, value), lateral (
    select o.campaign_id, o.at, c.wave from phishing_campaignmark o join phishing_campaign c on c.id = o.campaign_id
    where o.value = n.value and o.kind = n.kind and o.campaign_id <> %s and c.last_at > %s order by o.at limit %s) m
order by m.at, m.campaign_id
"""


@transaction.atomic
def place(*, actor: Actor, campaign: UUID) -> UUID | None:
    """Write down the marks of a campaign, and let it join its nearest kin where it is alone; gives its wave.

    Two never place kin at the same time: a lock is held until the transaction ends, which should be soon. The rows are
    locked after all was read, in the order in which everybody takes them. Raises NotAllowed.
    """
    if not allows(actor, "phishing:decide"):
        raise NotAllowed
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [LOCK])
    found = Campaign.objects.get(id=campaign)
    known = {rules.Mark(*one) for one in CampaignMark.objects.filter(campaign=found).values_list("kind", "value")}
    marks = _seen(found) - known
    kin = rules.nearest(_shared(found, marks | known)) if found.wave is None else None
    if not marks and kin is None:
        return found.wave
    list(
        Campaign.objects.filter(id__in=[campaign, kin or campaign]).order_by("id").select_for_update().values_list("id")
    )
    now = timezone.now()
    CampaignMark.objects.bulk_create(
        [CampaignMark(campaign=found, kind=one.kind, value=one.value, at=now) for one in sorted(marks)],
        ignore_conflicts=True,
    )
    return _join(actor, found, kin) if kin is not None else found.wave


def _seen(campaign: Campaign) -> set[rules.Mark]:
    """Give the marks of its links and of the pages that were looked at."""
    looks = [last for row in pages.looks_of(campaign.id) if (last := row.last)]
    marks = {*rules.marks_of_links(campaign.analysis.get("links", []))}
    return marks | {mark for one in looks for mark in rules.marks_of_page(one)}


def _shared(campaign: Campaign, marks: set[rules.Mark]) -> dict[UUID, set[str]]:
    """Give by campaign the kinds of marks that it shares with this one; worn marks are left out."""
    found: dict[UUID, set[str]] = defaultdict(set)
    carried: dict[rules.Mark, list[tuple[UUID, UUID | None]]] = defaultdict(list)
    ordered = sorted(marks)
    with connection.cursor() as cursor:
        kinds, values = [one.kind for one in ordered], [one.value for one in ordered]
        cursor.execute(_CARRIED, [kinds, values, campaign.id, timezone.now() - ASLEEP, rules.WORN])
        for kind, value, other, wave in cursor.fetchall():
            carried[rules.Mark(kind, value)].append((other, wave))
    for mark, others in carried.items():
        for other, _ in () if rules.is_worn([wave for _, wave in others]) else others:
            found[other].add(mark.kind)
    for other in _of_one_mail(campaign):
        found[other].add("mail")
    return found


def _of_one_mail(campaign: Campaign) -> list[UUID]:
    """Give the campaigns of a like mail, the oldest first: their sites are others, or they were one campaign."""
    bands = campaign.marks[: len(campaign.sketch) // 4]
    if not campaign.sketch or not bands:
        return []
    near = Campaign.objects.filter(marks__overlap=bands, last_at__gt=timezone.now() - ASLEEP).exclude(id=campaign.id)
    rows = near.order_by("-last_at").values_list("id", "sketch", "first_at")[:CANDIDATES]
    like = [(at, one) for one, sketch, at in rows if likeness(campaign.sketch, sketch) >= rules.SAME_TEXT]
    return [one for _, one in sorted(like)]


def _join(actor: Actor, campaign: Campaign, kin: UUID) -> UUID:
    """Let a campaign join the wave of its kin; who was alone begins one, which bears its identifier."""
    wave = Campaign.objects.filter(id=kin).values_list("wave", flat=True).get() or kin
    Campaign.objects.filter(id=kin, wave=None).update(wave=wave)
    Campaign.objects.filter(id=campaign.id).update(wave=wave)
    campaign.wave = wave
    record(actor=actor, action="phishing:wave:join", target=("campaign", campaign.id), detail={"wave": wave, "by": kin})
    return wave
