"""A notice did not reach its receiver: the next working contact, else the next lawful route, else a telephone call.

The next route is not read off the old decision: the law is asked again with the facts as they are now, without a way
to reach the receiver itself, and what it says is stored as any decision. So a relay gets nothing it may not have today.
"""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from django.utils import timezone

from dijkwacht.kernel.actor import system
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.notification import deciding, lost_assets, receivers, rendering, sending
from dijkwacht.rooms.notification.models import Call, Finding, Notice, NoticeItem
from dijkwacht.rooms.registry.models import Contact

REROUTER: Final = system("notification:reroute")


def reroute(told: Notice) -> list[Notice]:
    """Tell what was in a notice to the next who may hear it; a call where nobody is left. Give the new notices.

    Runs in the caller's transaction, as the centre. A second time for the same notice does nothing.
    """
    if Notice.objects.filter(replaces=told).exists() or Call.objects.filter(notice=told).exists():
        return []
    items = list(NoticeItem.objects.filter(notice=told))
    gone = lost_assets.lost(item.finding_id for item in items)
    items = [item for item in items if item.finding_id not in gone]
    if gone and not items:  # whoever is next has no right to what is no longer theirs
        return []
    contact = next_contact(told.organisation_id, but=told.contact_id)
    if contact is not None:
        made = [_replace(told, told.route, contact, [(item, item.decision_id) for item in items])]
    else:
        made = _by_other_routes(told, items)
    notices = [notice for notice in made if notice is not None]
    sending.send(notices)
    return notices


def next_contact(organisation: UUID, *, but: UUID | None = None) -> Contact | None:
    """The first working contact of an organisation, other than `but`."""
    choices = receivers.contacts_of([organisation]).get(organisation, [])
    return next((contact for contact in choices if contact.id != but), None)


def _by_other_routes(told: Notice, items: Sequence[NoticeItem]) -> list[Notice | None]:
    findings = {row.id: row for row in Finding.objects.filter(id__in=[item.finding_id for item in items])}
    today = timezone.localdate()
    known = receivers.load({row.organisation_id for row in findings.values()}, today)
    outcomes = deciding.decide({_matter(row) for row in findings.values()}, known, today)
    ways: dict[tuple[str, UUID], list[tuple[NoticeItem, int]]] = defaultdict(list)
    unreached = 0
    for item in items:
        lawful = [
            way for way in outcomes[_matter(findings[item.finding_id])].ways if way.receiver != told.organisation_id
        ]
        for way in lawful:
            ways[way.route, way.receiver].append((item, way.decision))
        unreached += not lawful
    contacts = {key: next_contact(key[1]) for key in ways}
    made = [_replace(told, key[0], contact, chosen) for key, chosen in ways.items() if (contact := contacts[key])]
    if unreached or len(made) < len(ways):
        _call(told, unreached or len(items))
    return made


def _matter(finding: Finding) -> deciding.Matter:
    return deciding.Matter(finding.organisation_id, finding.feed, finding.kind, finding.how)


def _replace(told: Notice, route: str, contact: Contact, items: Sequence[tuple[NoticeItem, int]]) -> Notice | None:
    """The same findings for another contact; None when that contact was told all of them already."""
    known = set(
        NoticeItem.objects.filter(
            organisation_id=contact.organisation_id,
            contact_id=contact.id,
            finding_id__in=[item.finding_id for item, _ in items],
        ).values_list("finding_id", "version")
    )
    fresh = [(item, decision) for item, decision in items if (item.finding_id, item.version) not in known]
    if not fresh:
        return None
    notice = _row(told, route, contact, [item.finding_id for item, _ in fresh])
    NoticeItem.objects.bulk_create(
        NoticeItem(
            notice=notice,
            organisation_id=contact.organisation_id,
            about_id=item.about_id,
            contact_id=contact.id,
            finding_id=item.finding_id,
            event_id=item.event_id,
            version=item.version,
            decision_id=decision,
        )
        for item, decision in fresh
    )
    record(
        actor=REROUTER,
        action="notification:notice:replace",
        target=("notice", notice.id),
        organisation=notice.organisation_id,
        detail={"replaces": str(told.id), "route": route, "findings": len(fresh)},
    )
    return notice


def _row(told: Notice, route: str, contact: Contact, about: Sequence[UUID]) -> Notice:
    shown = list(Finding.objects.filter(id__in=list(about)).values_list("severity", "kind"))
    notice = Notice(
        organisation_id=contact.organisation_id,
        contact_id=contact.id,
        route=route,
        channel=contact.channel,
        language=contact.language,
        batch_id=told.batch_id,
        severity=max((severity for severity, _ in shown), default=told.severity),
        findings=len(about),
        kinds=sorted({kind for _, kind in shown}),
        tlp=told.tlp,
        replaces=told,
        dedupe_key=hashlib.sha256(f"replace:{told.id}:{route}:{contact.id}".encode()).hexdigest(),
    )
    notice.subject = rendering.subject(notice)
    notice.save(force_insert=True)
    return notice


def _call(told: Notice, findings: int) -> None:
    """Nobody is left who may hear it by mail: a person of the centre calls."""
    call, new = Call.objects.get_or_create(
        notice=told,
        defaults={"organisation_id": told.organisation_id, "findings": findings, "why": Call.Why.UNREACHED},
    )
    if new:
        record(
            actor=REROUTER,
            action="notification:call:raise",
            target=("call", call.pk),
            organisation=told.organisation_id,
            detail={"notice": str(told.id), "findings": findings, "why": call.why},
        )
