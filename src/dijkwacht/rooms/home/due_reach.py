"""What stands in the way of a warning: assets, their proofs, contacts and mandates."""

from collections.abc import Iterator
from typing import Final

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils import timezone

from dijkwacht.rooms.home.case import Case
from dijkwacht.rooms.home.rules import MANDATE_NEAR, NEAR, Due
from dijkwacht.rooms.proof import reads as proof
from dijkwacht.rooms.registry import reads as registry
from dijkwacht.rooms.registry.vocabulary import AssetStatus, ContactRole, ContactStatus, MandateStatus

UNPROVEN: Final = (AssetStatus.CLAIMED, AssetStatus.DISPUTED)  # what is disputed reads claimed: see registry.rules


def assets(case: Case) -> Iterator[Due]:
    """Assets that are not there, not shown to be theirs, or whose proof ends soon."""
    ending = Q(status=AssetStatus.VERIFIED, expires_at__lte=timezone.now() + NEAR)
    rows = registry.assets_of(case.actor, case.row.id).order_by()
    counted = rows.aggregate(
        every=Count("id", filter=~Q(status=AssetStatus.EXPIRED)),
        unproven=Count("id", filter=Q(status__in=UNPROVEN)),
        ending=Count("id", filter=ending),
        first=Min("expires_at", filter=ending),
    )
    page = case.link("proof:assets")
    if not counted["every"]:
        yield case.due("no-asset", case.link("registry:new-asset"))
    if counted["unproven"]:
        yield case.due("unproven", page, {"count": counted["unproven"]})
    if counted["ending"]:
        yield case.due("ending", page, {"count": counted["ending"]}, on=timezone.localdate(counted["first"]))


def proofs(case: Case) -> Iterator[Due]:
    """Proofs that were gone when we looked again."""
    failing = list(proof.failing_of(case.actor, case.row.id))
    if failing:
        values = tuple(sorted({row.asset.value for row in failing}))
        yield case.due("proof-gone", case.link("proof:assets"), values=values)


def contacts(case: Case) -> Iterator[Due]:
    """Whether somebody is reached day and night, and what does not work."""
    security = [one for one in case.contacts if one.role == ContactRole.SECURITY]
    working = [one for one in security if one.status == ContactStatus.WORKING]
    substitutes = any(one.role == ContactRole.SUBSTITUTE for one in case.contacts)
    if not working:
        yield case.due("no-contact", case.link("registry:new-contact"))
    elif not any(one.phone for one in working):
        yield case.due("no-phone", reverse("registry:contact", args=[working[0].id]))
    if len(working) == 1 and not substitutes:
        yield case.due("no-substitute", case.link("registry:new-contact"))
    for one in case.contacts:
        if one.status != ContactStatus.WORKING:
            named = tuple(filter(None, [one.email or one.phone or one.name]))
            yield case.due("contact-fails", reverse("registry:contact", args=[one.id]), values=named)


def mandates(case: Case) -> Iterator[Due]:
    """Mandates that end soon: after that day the relay receives nothing about this organisation."""
    until = case.today + MANDATE_NEAR
    running = registry.mandates_for(case.actor, member=case.row.id).filter(status=MandateStatus.ACTIVE)
    rows = list(running.filter(valid_to__range=(case.today, until)))
    names = registry.names_of(rows) if rows else {}
    page = case.link("registry:organisation")
    for row in rows:
        yield case.due("mandate", page, {"relay": names.get(row.relay_id, "")}, on=row.valid_to, may_do=True)
