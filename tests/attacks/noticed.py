"""Makers of what notification holds: batches, findings, decisions, notices, campaigns; of A, and of B with its mark."""

from uuid import UUID, uuid4

from django.utils import timezone
from tests.attacks.objects import identifiers, makes
from tests.attacks.world import World

from dijkwacht.rooms.notification import campaigns, links
from dijkwacht.rooms.notification.models import (
    Batch,
    Campaign,
    Decision,
    Event,
    Finding,
    Notice,
    NoticeItem,
    Proposal,
)


@makes("batch")
def a_batch(world: World, owner: UUID, mark: str) -> UUID:
    return Batch.objects.create(sha256=mark.ljust(64, "0"), filename=f"{mark}.csv", size=1, channel="api").id


@makes("finding")
def a_finding(world: World, owner: UUID, mark: str) -> UUID:
    now = timezone.now()
    moments = dict.fromkeys(("first_seen", "last_seen", "state_changed_at", "created_at"), now)
    what = {"asset_id": 1, "asset": f"{mark}.example", "how": "domain", "feed": "shadowserver", "kind": "scan_http"}
    row = Finding.objects.create(
        id=uuid4(), organisation_id=owner, key=mark, severity=3, count=1, evidence={"banner": mark}, **what, **moments
    )
    Event.objects.create(
        finding=row, organisation_id=owner, actor="system:x", to_state="open", severity=3, version=1, reason=mark
    )
    return row.id


@makes("decision")
def a_decision(world: World, owner: UUID, mark: str) -> int:
    texts = dict.fromkeys(("sentence_nl", "sentence_en"), mark)
    record = {"rulings": [], "routes": ["direct"], "obligations": [], "selected": ["direct"]}
    return Decision.objects.create(
        digest=mark.ljust(64, "0"), policy_set="x", facts={}, record=record, route="direct", **texts
    ).id


@makes("notice")
def a_notice(world: World, owner: UUID, mark: str) -> UUID:
    which = "a" if owner == world.a else "b"
    finding, decision = identifiers(world, "finding", "uuid")[which], identifiers(world, "decision", "int")[which]
    told = {"route": "direct", "channel": "portal", "language": "en", "tlp": "TLP:AMBER", "subject": mark}
    row = Notice.objects.create(
        organisation_id=owner,
        contact_id=identifiers(world, "contact", "uuid")[which],
        severity=3,
        findings=1,
        kinds=["scan_http"],
        dedupe_key=mark.ljust(64, "0"),
        **told,
    )
    event = Event.objects.get(finding_id=finding)
    seen = {"organisation_id": owner, "about_id": owner, "finding_id": finding, "event_id": event.id, "version": 1}
    NoticeItem.objects.create(notice=row, decision_id=decision, **seen)
    return row.id


@makes("answer-link")
def an_answer_link(world: World, owner: UUID, mark: str) -> str:
    return _link(world, owner, links.ANSWER, links.UNSUBSCRIBE)


@makes("unsubscribe-link")
def an_unsubscribe_link(world: World, owner: UUID, mark: str) -> str:
    return _link(world, owner, links.UNSUBSCRIBE, links.ANSWER)


def _link(world: World, owner: UUID, purpose: str, other: str) -> str:
    """The link of A's notice, which is proof for whoever holds it; for B's one that was signed for something else."""
    of_a = owner == world.a
    return links.token(identifiers(world, "notice", "uuid")["a" if of_a else "b"], purpose if of_a else other)


@makes("campaign")
def a_campaign(world: World, owner: UUID, mark: str) -> UUID:
    """Made by the officer of the matrix, or by somebody else."""
    texts = dict.fromkeys(("title", "source", "text_nl", "text_en"), mark)
    what = {"feed": min(campaigns.list_feeds()), "kind": "scan-rdp", "sha256": "0" * 64, "filename": mark}
    maker = world.people["officer"].id if owner == world.a else "somebody else"
    preview = dict.fromkeys(("rows", "unattributed", "organisations"), 0)
    return Campaign.objects.create(
        created_by=str(maker), state=Campaign.State.PREVIEWED, preview=preview, **texts, **what
    ).id


@makes("proposal")
def a_proposal(world: World, owner: UUID, mark: str) -> UUID:
    return Proposal.objects.create(subject="text", name=mark, content=mark, reason=mark, created_by="somebody").id
