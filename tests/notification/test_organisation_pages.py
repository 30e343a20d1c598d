"""What an organisation sees of itself: what it was told, never what the law refuses it or an officer still holds."""

import json

import pytest
from tests.notification import world

from dijkwacht.platform import tenancy
from dijkwacht.rooms.notification import exporting, reads
from dijkwacht.rooms.notification.models import Event, Notice

pytestmark = pytest.mark.django_db


def event(finding, outcome):
    Event.objects.create(
        finding=finding,
        organisation_id=finding.organisation_id,
        actor="system:x",
        to_state="open",
        severity=3,
        version=1,
        reason="new",
        outcome=outcome,
    )


@pytest.mark.parametrize(
    ("outcome", "seen"),
    [
        ("pending", False),
        ("refused", False),
        ("held", False),
        ("cancelled", False),
        ("below-threshold", True),
        ("no-contact", True),
        ("silent", True),
    ],
)
def test_an_organisation_sees_its_finding_unless_it_may_not_be_told(outcome, seen):
    with tenancy.acting(world.TEST):
        owner = world.organisation()
        event(world.finding(owner), outcome)
    with tenancy.acting(world.member(owner)) as actor:
        assert reads.findings_for(actor).exists() is seen


def test_what_was_told_stays_in_sight_when_its_next_change_is_held():
    with tenancy.acting(world.TEST):
        owner = world.organisation()
        finding = world.finding(owner)
        world.notice(owner, finding, state=Notice.State.DELIVERED)
        event(finding, "held")
    with tenancy.acting(world.member(owner)) as actor:
        assert [row.id for row in reads.findings_for(actor)] == [finding.id]


def test_a_file_for_a_receiver_holds_no_column_that_the_decision_keeps_back():
    with tenancy.acting(world.TEST):
        owner = world.organisation()
        finding = world.finding(owner)
        kept_back = world.decision(obligations=["address-data-only"])
        world.notice(owner, finding, decided=kept_back, state=Notice.State.DELIVERED)
    with tenancy.acting(world.member(owner)) as actor:
        answer = exporting.findings(actor, reads.findings_for(actor), "json")
        rows = [json.loads(line) for line in b"".join(answer.streaming_content).splitlines()]
    assert [(row["id"], row["evidence"]) for row in rows] == [(str(finding.id), {})]
