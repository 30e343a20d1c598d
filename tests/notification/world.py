"""Organisations, findings and notices as rows, made without the pipeline, for the tests of what comes after it."""

import uuid
from datetime import timedelta

from django.utils import timezone

from dijkwacht.kernel.actor import Actor, CentreRole, Kind, OrganisationRole, system
from dijkwacht.rooms.notification import rendering
from dijkwacht.rooms.notification.models import Batch, Decision, Event, Finding, Notice, NoticeItem
from dijkwacht.rooms.registry.models import Contact, Organisation

TEST = system("test")


def officer(name: str = "ada") -> Actor:
    return Actor(kind=Kind.PERSON, id=f"person:{name}", name=name, roles=frozenset({CentreRole.OFFICER}))


def member(*organisations: Organisation) -> Actor:
    roles = {organisation.id: OrganisationRole.SECURITY for organisation in organisations}
    return Actor(kind=Kind.PERSON, id="person:member", memberships=roles)


def organisation(name: str = "Bakkerij Korst", *, mail: str = "veiligheid@korst.example", **contact) -> Organisation:
    made = Organisation.objects.create(name=name)
    if mail:
        Contact.objects.create(organisation=made, email=mail, **{"language": "nl", **contact})
    return made


def decision(**record) -> Decision:
    return Decision.objects.create(
        digest=uuid.uuid4().hex,
        policy_set="0" * 64,
        facts={},
        record={"obligations": [], **record},
        route="direct",
        sentence_nl="U bent een andere organisatie; het mag op grond van de wet.",
        sentence_en="You are another organisation; the law gives the ground.",
    )


def finding(owner: Organisation, address: str = "192.0.2.7", **values) -> Finding:
    now = timezone.now()
    return Finding.objects.create(
        **{
            "id": uuid.uuid4(),
            "organisation": owner,
            "asset_id": 1,
            "asset": "192.0.2.0/24",
            "how": "prefix",
            "feed": "shadowserver",
            "kind": "scan-rdp",
            "key": address,
            "address": address,
            "port": 3389,
            "protocol": "tcp",
            "severity": 3,
            "count": 2,
            "first_seen": now - timedelta(days=1),
            "last_seen": now - timedelta(hours=1),
            "state_changed_at": now,
            "created_at": now,
            "evidence": {"tag": "rdp"},
            **values,
        }
    )


def batch(**values) -> Batch:
    name = uuid.uuid4().hex
    return Batch.objects.create(
        sha256=name, filename=f"{name}.csv", size=1, channel="cli", received_by="test", **values
    )


def notice(receiver: Organisation, *findings: Finding, outcome: str = "told", **values) -> Notice:
    """A notice with its items and events; `decided` is the decision of all of them."""
    decided = values.pop("decided", None) or decision()
    contact = values.pop("contact", None) or receiver.contacts.order_by("order", "id").first()
    came_in = values.pop("batch", None) or batch()
    made = Notice.objects.create(
        **{
            "organisation": receiver,
            "contact_id": contact.id if contact else None,
            "route": "direct",
            "channel": contact.channel if contact else "portal",
            "language": contact.language if contact else "nl",
            "severity": max((row.severity for row in findings), default=0),
            "findings": len(findings),
            "kinds": sorted({row.kind for row in findings}),
            "tlp": "AMBER",
            "subject": "",
            "dedupe_key": uuid.uuid4().hex,
            "batch_id": came_in.id,
            **values,
        }
    )
    made.subject = rendering.subject(made)
    made.save()
    for row in findings:
        event = Event.objects.create(
            finding=row,
            organisation_id=row.organisation_id,
            batch_id=came_in.id,
            actor="test",
            to_state=row.state,
            severity=row.severity,
            version=row.version,
            reason="new",
            decision=decided,
            outcome=outcome,
        )
        NoticeItem.objects.create(
            notice=made,
            organisation_id=receiver.id,
            about_id=row.organisation_id,
            contact_id=made.contact_id,
            finding_id=row.id,
            event_id=event.id,
            version=row.version,
            decision=decided,
        )
    return made
