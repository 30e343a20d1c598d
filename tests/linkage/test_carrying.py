"""Two organisations become one: nothing is lost, nobody is told twice, and undoing puts all back."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.notification import world
from tests.notification.test_pipeline import hand_in, report, row
from tests.registry.people import OFFICER, administrator

from dijkwacht.platform import belonging, tenancy
from dijkwacht.platform.outbox.models import Message
from dijkwacht.rooms.enrolment.models import Registration
from dijkwacht.rooms.linkage import actions
from dijkwacht.rooms.notification import feedback, reads, retro
from dijkwacht.rooms.notification.models import Event, Feedback, Finding, Notice, NoticeItem
from dijkwacht.rooms.proof.models import Challenge, Check
from dijkwacht.rooms.registry.models import Asset, AssetConflict, ChangeNotice, Organisation, Review, ReviewCampaign
from dijkwacht.rooms.services.models import Subscription

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def scope(settings, tmp_path):
    settings.HOME = tmp_path
    with tenancy.acting(OFFICER):
        yield


@pytest.fixture
def two():
    """One to keep without anything verified, and one to go that holds two verified assets."""
    kept, gone = world.organisation("Korst BV", mail=""), world.organisation("Bakkerij Korst", mail="a@korst.example")
    for kind, value in (("prefix", "192.0.2.0/24"), ("domain", "korst.example")):
        Asset.objects.create(organisation=gone, kind=kind, value=value, status="verified", verified_at=timezone.now())
    return kept, gone


def join(kept, gone):
    return actions.join_organisations(actor=OFFICER, kept=kept.id, gone=gone.id, reason="one legal person")


def rows_of(*models):
    """Every row of these tables, whole."""
    return {model._meta.label: sorted(map(str, model.objects.values())) for model in models}


SEEN = (row("192.0.2.7"), row("198.51.100.9", host="shop.korst.example"))


def test_what_was_told_is_not_told_again_after_joining_nor_after_undoing(two):
    kept, gone = two
    hand_in(report(*SEEN))
    assert (Finding.objects.count(), Message.objects.count()) == (2, 1)
    before = {str(one) for one in Finding.objects.values_list("id", flat=True)}
    joining = join(kept, gone)
    assert {one.organisation_id for one in Finding.objects.all()} == {kept.id}
    assert before.isdisjoint({str(one) for one in Finding.objects.values_list("id", flat=True)})
    assert retro.look_back([kept.id]) is not None
    again = hand_in(report(*SEEN, row("192.0.2.7", time="2026-11-22 04:00:00")), "2026-11-22-scan_http-nl.csv")
    assert (again.findings_new, again.findings_repeated, again.notices) == (0, 2, 0)
    assert (Finding.objects.count(), Message.objects.count()) == (2, 1)
    actions.undo_joining(actor=OFFICER, joining=joining.id, reason="two after all")
    assert {str(one) for one in Finding.objects.values_list("id", flat=True)} == before
    last = hand_in(report(*SEEN, row("192.0.2.7", time="2026-11-23 04:00:00")), "2026-11-23-scan_http-nl.csv")
    assert (last.findings_new, last.notices, Message.objects.count()) == (0, 0, 1)


def test_the_kept_one_sees_answers_and_hears_of_what_gets_worse(two):
    kept, gone = two
    hand_in(report(row("192.0.2.7", severity="low")))
    told = Notice.objects.get()
    join(kept, gone)
    actor = administrator(kept.id)
    with tenancy.acting(actor):
        found = reads.findings_for(actor).get()
        assert reads.access_notice(actor, told.id).organisation_id == kept.id
        feedback.give_feedback(actor=actor, notice=told.id, answer="working", findings=[found.id], comment="")
    found.refresh_from_db()
    assert found.state == "acknowledged"
    assert Feedback.objects.get().organisation_id == kept.id
    worse = hand_in(report(row("192.0.2.7", severity="high")), "2026-11-22-scan_http-nl.csv")
    assert (worse.findings_changed, worse.notices) == (1, 1)
    assert Event.objects.filter(reason="worse").get().organisation_id == kept.id


def test_a_finding_that_the_kept_one_has_too_stays_with_both(two):
    kept, gone = two
    Asset.objects.create(organisation=kept, kind="prefix", value="192.0.2.0/24", status="verified")
    hand_in(report(row("192.0.2.7")))
    before = rows_of(Finding, Event, NoticeItem)
    join(kept, gone)
    assert rows_of(Finding, Event)["notification.Finding"] == before["notification.Finding"]


def everything(kept, gone):
    """A row of the one that goes in every table that takes part."""
    domain = Asset.objects.get(organisation=gone, kind="domain")
    asked = {"organisation": gone, "asset": domain, "method": "dns", "state": "proven", "proven_at": timezone.now()}
    challenge = Challenge.objects.create(**asked, expires_at=timezone.now() + timedelta(days=30))
    Check.objects.create(challenge=challenge, organisation=gone, outcome="match", code="dns-match", actor="x")
    campaign = ReviewCampaign.objects.create(title="x", due_on=timezone.localdate(), started_by="x")
    Review.objects.create(campaign=campaign, organisation=gone, due_on=campaign.due_on)
    ChangeNotice.objects.create(organisation=gone, state="asked", due_on=campaign.due_on, ground="Cbw 44(2)")
    Subscription.objects.create(
        organisation=gone, product="advisories", consent_version=1, consent_sha256="0" * 64, language="nl", given_by="x"
    )
    Registration.objects.create(account=kept.id, organisation_id=gone.id, name="x", confirmed={}, receipt="{}")
    finding = world.finding(gone, asset_id=Asset.objects.get(organisation=gone, kind="prefix").id)
    world.notice(gone, finding)
    return domain, challenge


TABLES = [
    *(Asset, Challenge, Check, Review, ChangeNotice, Subscription, Registration),
    *(Notice, NoticeItem, Finding, Event, Feedback),
]


def test_proofs_reviews_change_notices_registrations_and_subscriptions_go_along_and_come_back(two):
    kept, gone = two
    everything(kept, gone)
    before = rows_of(*TABLES)
    joining = join(kept, gone)
    for model in (Challenge, Check, Review, ChangeNotice, Subscription, Registration, Notice):
        assert {one.organisation_id for one in model.objects.all()} == {kept.id}, model
    actions.undo_joining(actor=OFFICER, joining=joining.id, reason="two")
    assert rows_of(*TABLES) == before


def test_what_the_one_that_goes_has_shown_counts_for_the_kept_one_that_only_claimed_it(two):
    kept, gone = two
    domain, challenge = everything(kept, gone)
    claimed = Asset.objects.create(organisation=kept, kind="domain", value=domain.value, status="claimed")
    AssetConflict.objects.create(first=domain, second=claimed)
    before = rows_of(*TABLES)
    joining = join(kept, gone)
    for one in (claimed, challenge, domain):
        one.refresh_from_db()
    assert (claimed.status, claimed.verified_at is None, domain.status) == ("verified", False, "claimed")
    assert (challenge.asset_id, challenge.organisation_id) == (claimed.id, kept.id)
    actions.undo_joining(actor=OFFICER, joining=joining.id, reason="two")
    assert rows_of(*TABLES) == before


def test_a_subscription_that_both_have_stays_where_it_was(two):
    kept, gone = two
    everything(kept, gone)
    Subscription.objects.create(
        organisation=kept, product="advisories", consent_version=1, consent_sha256="0" * 64, language="nl", given_by="y"
    )
    join(kept, gone)
    assert {one.organisation_id for one in Subscription.objects.all()} == {kept.id, gone.id}


def test_a_row_that_does_not_name_the_one_that_goes_is_left_alone(two):
    kept, gone = two
    assert belonging.move_row(Asset, "organisation_id", Asset.objects.first().pk, kept.id, gone.id) is False
    assert {one.organisation_id for one in Asset.objects.all()} == {gone.id}


def test_everything_that_moves_is_a_column_of_its_table_and_follows_a_relation_of_it():
    assert belonging.movers()
    for model, column, following in belonging.movers():
        assert model._meta.get_field(column)
        assert not following or model._meta.get_field(following).is_relation


CONFLICTS = ("id", "decision", "reason", "decided_by", "decided_at", "first__status", "second__status")


def test_a_conflict_between_the_two_is_closed_by_the_joining_with_its_reason_and_open_again_when_undone(two):
    kept, gone = two
    mine, theirs = (
        Asset.objects.create(organisation=one, kind="prefix", value=value, status="disputed")
        for one, value in ((kept, "203.0.113.0/24"), (gone, "203.0.113.0/25"))
    )
    row = AssetConflict.objects.create(first=mine, second=theirs)
    before = list(AssetConflict.objects.values_list(*CONFLICTS))
    joining = join(kept, gone)
    row.refresh_from_db()
    assert (row.decision, row.decided_by, bool(row.reason)) == ("keep-both", OFFICER.id, True)
    assert {asset.status for asset in Asset.objects.filter(id__in=[mine.id, theirs.id])} == {"claimed"}
    assert not AssetConflict.objects.filter(decision="").exists()
    actions.undo_joining(actor=OFFICER, joining=joining.id, reason="two")
    assert list(AssetConflict.objects.values_list(*CONFLICTS)) == before


def test_a_conflict_with_a_third_stays_open_and_what_was_decided_is_left_alone(two):
    kept, gone = two
    third = Organisation.objects.create(name="Derde")
    mine, theirs, other = (
        Asset.objects.create(organisation=one, kind="prefix", value=value, status="disputed")
        for one, value in ((kept, "203.0.113.0/24"), (gone, "203.0.113.0/25"), (third, "203.0.113.0/26"))
    )
    AssetConflict.objects.create(first=mine, second=theirs, decision="first", reason="seen", decided_by="dina")
    AssetConflict.objects.create(first=theirs, second=other)
    before = list(AssetConflict.objects.values_list(*CONFLICTS))
    joining = join(kept, gone)
    assert list(AssetConflict.objects.values_list(*CONFLICTS)) == before
    assert Asset.objects.get(id=theirs.id).status == "disputed"
    actions.undo_joining(actor=OFFICER, joining=joining.id, reason="two")
    assert list(AssetConflict.objects.values_list(*CONFLICTS)) == before
