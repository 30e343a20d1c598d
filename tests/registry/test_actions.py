"""Every change of the registry, as each kind of actor."""

import uuid

import pytest

from dijkwacht.platform import tenancy
from dijkwacht.platform.audit.models import Event
from dijkwacht.rooms.registry import actions, events, frame, reach, reads
from dijkwacht.rooms.registry.errors import AlreadyThere, ConflictOpen, InvalidField, NotAllowed, NotFound, WrongState
from dijkwacht.rooms.registry.models import Asset, AssetConflict

from .people import ANALYST, OFFICER, administrator, member, relay, token

pytestmark = pytest.mark.django_db


@pytest.fixture
def organisation():
    return new("Gemeente Waterkant")


@pytest.fixture
def other():
    return new("Bakkerij De Korst")


def new(name, **values):
    with tenancy.acting(OFFICER):
        return actions.create_organisation(
            actor=OFFICER, name=name, **{"kind": "organisation", "classification": "other", **values}
        )


def claim(organisation, kind, value, **values):
    with tenancy.acting(OFFICER):
        return actions.claim_asset(actor=OFFICER, organisation=organisation.id, kind=kind, value=value, **values)


def verify(asset):
    with tenancy.acting(OFFICER):
        return actions.verify_asset(actor=OFFICER, asset=asset.uid, evidence="letter of 1 May")


def as_centre(read):
    with tenancy.acting(OFFICER):
        return read()


def conflicts():
    return as_centre(lambda: list(reads.conflicts_for(OFFICER)))


def test_a_created_organisation_stands_in_the_audit_log(organisation):
    event = Event.objects.get(action="registry:organisation:create", object_id=str(organisation.id))
    assert event.organisation == organisation.id


def test_a_wrong_identifier_is_refused_in_both_languages():
    with pytest.raises(InvalidField) as refused:
        new("Fout BV", rsin="123456789")
    assert "check digit" in refused.value.text("en")
    assert "controlecijfer" in refused.value.text("nl")


def test_two_organisations_cannot_share_an_oin():
    new("A", oin="00000003123456780000")
    with pytest.raises(AlreadyThere):
        new("B", oin="00000003123456780000")


@pytest.mark.parametrize("actor", [ANALYST, administrator(uuid.uuid4())], ids=["analyst", "administrator elsewhere"])
def test_only_an_officer_creates_organisations(actor):
    with tenancy.acting(actor), pytest.raises(NotAllowed):
        actions.create_organisation(actor=actor, name="X", kind="organisation", classification="other")


def test_an_update_records_the_old_and_the_new_value(organisation):
    with tenancy.acting(OFFICER):
        actions.update_organisation(actor=OFFICER, organisation=organisation.id, sectors="1.10b;1.5")
    event = Event.objects.get(action="registry:organisation:update")
    assert event.detail["changed"] == {"sectors": [[], ["1.10b", "1.5"]]}


def test_an_administrator_keeps_the_contacts_of_its_own_organisation(organisation):
    actor = administrator(organisation.id)
    with tenancy.acting(actor):
        contact = actions.add_contact(actor=actor, organisation=organisation.id, role="security", email="soc@a.example")
        actions.update_contact(actor=actor, contact=contact.id, rhythm="daily", quiet_from="22:00", quiet_to="07:00")
        assert reads.contacts_for_role(actor, organisation.id, "security")[0].rhythm == "daily"
        actions.remove_contact(actor=actor, contact=contact.id)
        assert not reads.contacts_of(actor, organisation.id)


def test_a_mere_member_or_a_token_without_scope_changes_no_contact(organisation):
    for actor in (member(organisation.id), token(organisation.id, "organisations:read")):
        with tenancy.acting(actor), pytest.raises(NotAllowed):
            actions.add_contact(actor=actor, organisation=organisation.id, email="soc@a.example")


def test_another_organisation_does_not_exist_for_an_administrator(organisation, other):
    actor = administrator(other.id)
    with tenancy.acting(OFFICER):
        contact = actions.add_contact(actor=OFFICER, organisation=organisation.id, email="soc@a.example")
        asset = actions.claim_asset(actor=OFFICER, organisation=organisation.id, kind="domain", value="a.example")[0]
    with tenancy.acting(actor):
        for attempt in (
            lambda: actions.add_contact(actor=actor, organisation=organisation.id, email="x@x.example"),
            lambda: actions.update_contact(actor=actor, contact=contact.id, email="x@x.example"),
            lambda: actions.remove_asset(actor=actor, asset=asset.uid),
            lambda: reads.access_organisation(actor, organisation.id),
        ):
            with pytest.raises(NotFound):
                attempt()


def test_a_webhook_gets_a_secret_and_needs_an_address(organisation):
    with tenancy.acting(OFFICER):
        contact = actions.add_contact(
            actor=OFFICER, organisation=organisation.id, channel="webhook", webhook_url="https://hook.a.example/in"
        )
        assert len(contact.webhook_secret) >= 40
        with pytest.raises(InvalidField):
            actions.add_contact(actor=OFFICER, organisation=organisation.id, channel="webhook")


def test_a_bounce_is_forgotten_when_the_address_changes(organisation):
    with tenancy.acting(OFFICER):
        contact = actions.add_contact(actor=OFFICER, organisation=organisation.id, email="old@a.example")
        actions.set_contact_status(actor=OFFICER, contact=contact.id, status="bouncing", reason="550 no such user")
        assert reads.contacts_for_role(OFFICER, organisation.id, "security") == []
        assert actions.update_contact(actor=OFFICER, contact=contact.id, email="new@a.example").status == "working"


def test_the_audit_log_holds_no_address_of_a_contact(organisation):
    with tenancy.acting(OFFICER):
        actions.add_contact(actor=OFFICER, organisation=organisation.id, email="jan@a.example", phone="+31612345678")
    detail = str(Event.objects.get(action="registry:contact:add").detail)
    assert "jan@" not in detail
    assert "+31612345678" not in detail


def test_an_administrator_claims_but_never_verifies(organisation):
    actor = administrator(organisation.id)
    with tenancy.acting(actor):
        asset = actions.claim_asset(actor=actor, organisation=organisation.id, kind="prefix", value="192.0.2.0/25")[0]
        assert asset.status == "claimed"
        with pytest.raises(NotAllowed):
            actions.verify_asset(actor=actor, asset=asset.uid, evidence="my word")


def test_a_range_becomes_several_assets(organisation):
    rows = claim(organisation, "prefix", "192.0.2.0 - 192.0.2.9")
    assert [row.value for row in rows] == ["192.0.2.0/29", "192.0.2.8/31"]


def test_verification_needs_evidence_and_is_heard_in_the_same_transaction(organisation):
    heard = []

    def hear(sender, asset, actor, **_):
        heard.append((asset.value, actor.id))

    events.asset_verified.connect(hear)
    asset = claim(organisation, "domain", "waterkant.example")[0]
    with tenancy.acting(OFFICER), pytest.raises(InvalidField):
        actions.verify_asset(actor=OFFICER, asset=asset.uid, evidence=" ")
    assert verify(asset).status == "verified"
    assert heard == [("waterkant.example", "officer")]


def test_an_equal_claim_of_another_is_a_conflict_and_both_are_disputed(organisation, other):
    first, second = claim(organisation, "asn", "AS64500")[0], claim(other, "asn", "64500")[0]
    assert [(row.first_id, row.second_id) for row in conflicts()] == [(first.id, second.id)]
    assert as_centre(lambda: set(Asset.objects.values_list("status", flat=True))) == {"disputed"}
    with pytest.raises(ConflictOpen):
        verify(second)


def test_a_strangers_claim_does_not_silence_a_verified_owner(organisation, other):
    owned = verify(claim(organisation, "prefix", "192.0.2.0/24")[0])
    intruder = claim(other, "prefix", "192.0.2.128/25")[0]
    assert as_centre(lambda: reads.access_asset(OFFICER, owned.uid).status) == "verified"
    assert intruder.status == "disputed"


@pytest.mark.parametrize(
    ("kind", "outer", "inner"),
    [
        ("prefix", "198.18.0.0/16", "198.18.255.0/24"),
        ("prefix", "198.18.0.0/16", "198.18.0.0/17"),
        ("prefix", "2001:db8::/32", "2001:db8:ffff:ffff::/64"),
        ("domain", "waterkant.example", "mail.waterkant.example"),
    ],
)
@pytest.mark.parametrize("outer_first", [True, False])
def test_nested_space_is_a_conflict_whoever_claims_first(organisation, other, kind, outer, inner, outer_first):
    for owner, value in [(organisation, outer), (other, inner)][:: 1 if outer_first else -1]:
        claim(owner, kind, value)
    assert len(conflicts()) == 1


@pytest.mark.parametrize(
    ("kind", "one", "two"),
    [
        ("prefix", "198.18.0.0/24", "198.18.1.0/24"),
        ("prefix", "2001:db8::/48", "2001:db8:1::/48"),
        ("domain", "kant.example", "waterkant.example"),
        ("domain", "a.example", "a-b.example"),
    ],
)
def test_neighbours_do_not_collide(organisation, other, kind, one, two):
    claim(organisation, kind, one)
    claim(other, kind, two)
    assert conflicts() == []


def test_a_network_owners_block_around_a_customers_is_no_conflict(organisation):
    provider = new("Kabelnet", kind="network-owner")
    claim(provider, "prefix", "198.18.0.0/16", fallback=True)
    assert claim(organisation, "prefix", "198.18.4.0/24")[0].status == "claimed"
    claim(organisation, "prefix", "198.18.0.0/16")
    assert conflicts() == []
    rival = new("Glasnet", kind="network-owner")
    claim(rival, "prefix", "198.18.0.0/16", fallback=True)
    assert len(conflicts()) == 1


def test_only_a_network_owner_holds_space_for_customers(organisation):
    with pytest.raises(InvalidField):
        claim(organisation, "prefix", "192.0.2.0/24", fallback=True)


def test_a_decision_expires_the_loser_and_lets_the_winner_be_verified(organisation, other):
    first, second = claim(organisation, "asn", "64501")[0], claim(other, "asn", "64501")[0]
    with tenancy.acting(OFFICER):
        actions.decide_conflict(actor=OFFICER, conflict=conflicts()[0].id, decision="first", reason="RIPE says so")
        assert reads.access_asset(OFFICER, second.uid).status == "expired"
    assert verify(first).status == "verified"
    assert conflicts() == []


def test_a_loser_that_claims_again_is_decided_again(organisation, other):
    claim(organisation, "asn", "64501")
    claim(other, "asn", "64501")
    with tenancy.acting(OFFICER):
        actions.decide_conflict(actor=OFFICER, conflict=conflicts()[0].id, decision="first", reason="RIPE says so")
    assert claim(other, "asn", "64501")[0].status == "disputed"
    assert len(conflicts()) == 1


def test_keeping_both_is_not_asked_again(organisation, other):
    first, second = claim(organisation, "prefix", "192.0.2.0/24")[0], claim(other, "prefix", "192.0.2.0/24")[0]
    conflict = conflicts()[0]
    with tenancy.acting(OFFICER):
        actions.decide_conflict(actor=OFFICER, conflict=conflict.id, decision="keep-both", reason="shared line")
        with pytest.raises(WrongState):
            actions.decide_conflict(actor=OFFICER, conflict=conflict.id, decision="first", reason="changed my mind")
    assert [verify(first).status, verify(second).status] == ["verified", "verified"]


def test_a_claim_given_up_ends_its_conflict(organisation, other):
    kept, left = claim(organisation, "asn", "64501")[0], claim(other, "asn", "64501")[0]
    actor = administrator(other.id)
    with tenancy.acting(actor):
        actions.remove_asset(actor=actor, asset=left.uid)
    assert conflicts() == []
    assert as_centre(lambda: reads.access_asset(OFFICER, kept.uid).status) == "claimed"


def test_the_version_rises_only_with_what_may_be_attributed(organisation):
    before = frame.registry_version()
    asset = claim(organisation, "domain", "waterkant.example")[0]
    assert frame.registry_version() == before
    verify(asset)
    assert frame.registry_version() != before
    between = frame.registry_version()
    with tenancy.acting(OFFICER):
        actions.update_organisation(actor=OFFICER, organisation=organisation.id, active="no")
    assert frame.registry_version() != between


def test_the_frame_holds_verified_assets_of_active_organisations(organisation, other):
    from dijkwacht.data.schema import REGISTRY

    assert frame.registry_frame().is_empty()
    asset = verify(claim(organisation, "prefix", "192.0.2.0/24")[0])
    claim(other, "domain", "korst.example")
    found = frame.registry_frame()
    assert dict(list(found.schema.items())[:4]) == dict(REGISTRY)
    assert found.rows() == [
        (str(organisation.id), "prefix", "192.0.2.0/24", False, asset.id, str(organisation.id), "verified")
    ]


def test_an_asset_whose_date_passed_expires(organisation):
    from datetime import timedelta

    from django.utils import timezone

    asset = verify(claim(organisation, "domain", "waterkant.example")[0])
    with tenancy.acting(OFFICER):
        Asset.objects.filter(id=asset.id).update(expires_at=timezone.now() - timedelta(days=1))
        assert frame.registry_frame().is_empty()
        assert actions.expire_due_assets(actor=OFFICER) == 1
        assert reads.access_asset(OFFICER, asset.uid).status == "expired"


def test_a_mandate_is_read_by_relay_and_member_and_followed_by_its_status(organisation, other):
    sector = new("Z-Waakt", kind="relay")
    with tenancy.acting(OFFICER):
        mandate = actions.add_mandate(actor=OFFICER, relay=sector.id, member=organisation.id, informations="victim")
        with pytest.raises(AlreadyThere):
            actions.add_mandate(actor=OFFICER, relay=sector.id, member=organisation.id)
        with pytest.raises(InvalidField):
            actions.add_mandate(actor=OFFICER, relay=other.id, member=organisation.id)
    for actor in (member(sector.id), member(organisation.id)):
        with tenancy.acting(actor):
            assert [row.id for row in reads.mandates_for(actor)] == [mandate.id]
    with tenancy.acting(member(other.id)):
        assert not reads.mandates_for(member(other.id))
    assert reach.members_of(frozenset({sector.id})) == {organisation.id}
    with tenancy.acting(OFFICER):
        actions.suspend_mandate(actor=OFFICER, mandate=mandate.id, reason="audit failed")
        assert reads.relay_for(OFFICER, organisation.id) == []
        actions.withdraw_mandate(actor=OFFICER, mandate=mandate.id, reason="contract ended")
        with pytest.raises(WrongState):
            actions.resume_mandate(actor=OFFICER, mandate=mandate.id, reason="again")
    assert reach.members_of(frozenset({sector.id})) == frozenset()


def test_a_relay_reads_its_member_but_not_the_members_contacts(organisation):
    sector = new("Z-Waakt", kind="relay")
    with tenancy.acting(OFFICER):
        actions.add_contact(actor=OFFICER, organisation=organisation.id, email="soc@a.example")
    actor = relay(sector.id, organisation.id)
    with tenancy.acting(actor):
        assert reads.access_organisation(actor, organisation.id).name == organisation.name
        assert not reads.contacts_of(actor, organisation.id)
        with pytest.raises(NotAllowed):
            actions.claim_asset(actor=actor, organisation=organisation.id, kind="domain", value="a.example")


def test_accounts_learn_for_whom_a_relay_reads(organisation, other):
    from dijkwacht.platform.accounts import relays

    sector = new("Z-Waakt", kind="relay")
    with tenancy.acting(OFFICER):
        mandate = actions.add_mandate(actor=OFFICER, relay=sector.id, member=organisation.id)
        own = frozenset({sector.id, other.id})
        assert relays.resolve(own) == (frozenset({sector.id}), frozenset({organisation.id}), frozenset())
        actions.withdraw_mandate(actor=OFFICER, mandate=mandate.id, reason="over")
        assert relays.resolve(own) == (frozenset({sector.id}), frozenset(), frozenset())


def test_the_database_itself_hides_other_organisations_and_all_conflicts(organisation, other):
    claim(organisation, "asn", "64501")
    claim(other, "asn", "64501")
    with tenancy.acting(administrator(other.id)):
        assert list(Asset.objects.values_list("organisation_id", flat=True)) == [other.id]
        assert not AssetConflict.objects.exists()
