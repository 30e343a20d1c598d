"""Nothing about victims flows on an asset that is not verified at that moment, whichever way it came there."""

import pytest
from tests.notification import world
from tests.notification.test_pipeline import hand_in, report, row
from tests.registry.people import OFFICER

from dijkwacht.platform import tenancy
from dijkwacht.platform.outbox.models import Message
from dijkwacht.rooms.notification import dispatching, rerouting
from dijkwacht.rooms.notification.models import Finding, Notice, NoticeItem
from dijkwacht.rooms.registry import actions
from dijkwacht.rooms.registry.models import Contact

STATES = ("claimed", "verified", "disputed", "expired")


@pytest.fixture
def centre(db, settings, tmp_path):
    settings.HOME = tmp_path
    with tenancy.acting(OFFICER):
        yield OFFICER


def organisation(name, mail):
    made = actions.create_organisation(actor=OFFICER, name=name, kind="organisation", classification="other")
    Contact.objects.create(organisation=made, email=mail, language="nl")
    return made


def asset_in(state, owner, value):
    (asset,) = actions.claim_asset(actor=OFFICER, organisation=owner.id, kind="prefix", value=value)
    if state != "claimed":
        actions.verify_asset(actor=OFFICER, asset=asset.uid, evidence="letter")
    if state == "disputed":
        actions.dispute_asset(actor=OFFICER, asset=asset.uid, reason="doubt")
    if state == "expired":
        actions.expire_asset(actor=OFFICER, asset=asset.uid, reason="sold")
    return asset


def test_of_an_asset_in_each_state_only_the_verified_one_receives(centre):
    for number, state in enumerate(STATES):
        asset_in(state, organisation(state, f"{state}@contact.example"), f"192.0.2.{number * 64}/26")
    hand_in(report(*(row(f"192.0.2.{number * 64 + 1}") for number in range(4))))
    assert [finding.organisation.name for finding in Finding.objects.all()] == ["verified"]
    assert [message.recipient for message in Message.objects.all()] == ["verified@contact.example"]


def test_two_claims_on_one_space_receive_nothing(centre):
    for name in ("one", "two"):
        owner = organisation(name, f"{name}@contact.example")
        actions.claim_asset(actor=OFFICER, organisation=owner.id, kind="prefix", value="192.0.2.0/24")
    hand_in(report(row("192.0.2.7")))
    assert not Finding.objects.exists()
    assert not Message.objects.exists()


def digest(owner, *findings):
    return world.notice(owner, *findings, state="collecting", due_at="2026-01-01T00:00:00Z", outcome="digest")


@pytest.mark.parametrize("step", [actions.expire_asset, actions.dispute_asset])
def test_a_digest_that_waits_does_not_leave_once_its_asset_is_lost(centre, step):
    owner = organisation("verified", "ciso@contact.example")
    kept, lost = asset_in("verified", owner, "192.0.2.0/25"), asset_in("verified", owner, "192.0.2.128/25")
    both = digest(
        owner,
        world.finding(owner, "192.0.2.7", asset_id=kept.id),
        world.finding(owner, "192.0.2.200", asset_id=lost.id),
    )
    alone = digest(owner, world.finding(owner, "192.0.2.201", asset_id=lost.id))
    step(actor=OFFICER, asset=lost.uid, reason="sold")
    dispatching.dispatch_due()
    both.refresh_from_db()
    alone.refresh_from_db()
    assert (both.state, both.findings, alone.state) == ("queued", 1, "cancelled")
    sent = b"".join(bytes(message.body) for message in Message.objects.all())
    assert b"192.0.2.7" in sent
    assert b"192.0.2.20" not in sent


def test_a_digest_leaves_while_its_asset_is_verified(centre):
    """The control of the test above."""
    owner = organisation("verified", "ciso@contact.example")
    asset = asset_in("verified", owner, "192.0.2.0/24")
    told = digest(owner, world.finding(owner, "192.0.2.200", asset_id=asset.id))
    dispatching.dispatch_due()
    told.refresh_from_db()
    assert (told.state, NoticeItem.objects.count(), Message.objects.count()) == ("queued", 1, 1)


def test_what_bounced_is_not_told_to_the_next_once_its_asset_is_lost(centre):
    owner = organisation("verified", "ciso@contact.example")
    Contact.objects.create(organisation=owner, email="second@contact.example", language="nl", order=1)
    asset = asset_in("verified", owner, "192.0.2.0/24")
    told = world.notice(owner, world.finding(owner, "192.0.2.200", asset_id=asset.id))
    actions.expire_asset(actor=OFFICER, asset=asset.uid, reason="sold")
    assert rerouting.reroute(told) == []
    assert Notice.objects.count() == 1
