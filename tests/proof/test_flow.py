"""From a claim to a verified asset and, when the proof goes, back: with a real name server and a real database."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.proof.conftest import DOMAIN, claim
from tests.proof.steps import NAME, answer, fresh, mailed, prove, publish, rewind, start
from tests.registry.people import OFFICER

from dijkwacht.platform import tenancy
from dijkwacht.rooms.proof import checking, reads
from dijkwacht.rooms.proof.errors import (
    ClaimFirst,
)
from dijkwacht.rooms.registry import actions as registry
from dijkwacht.rooms.registry import errors, events

pytestmark = pytest.mark.django_db


def test_a_domain_with_our_record_becomes_verified_and_tells_the_other_rooms(organisation, names, way):
    asset, heard = claim(organisation), []

    def listen(*, asset, **_):
        heard.append(asset.uid)

    events.asset_verified.connect(listen)
    challenge = prove(asset, names, way)
    events.asset_verified.disconnect(listen)
    row, proof = fresh(asset), fresh(challenge)
    assert (row.status, row.method, proof.state, heard) == ("verified", "dns", "proven", [asset.uid])
    assert "found your record" in row.evidence
    assert proof.next_at > timezone.now() + timedelta(days=29)


def test_without_the_record_nothing_is_verified_and_we_look_again_ever_later(organisation, way):
    asset = claim(organisation)
    challenge = start(asset)
    checking.check(challenge.id, egress=way)
    row = fresh(challenge)
    assert (fresh(asset).status, row.state) == ("claimed", "open")
    assert timedelta(minutes=59) < row.next_at - timezone.now() < timedelta(minutes=61)
    rewind(challenge, 2)
    checking.check(challenge.id, egress=way)
    assert fresh(challenge).next_at - timezone.now() > timedelta(hours=23)


def test_a_challenge_that_is_not_met_in_time_ends(organisation, way):
    asset = claim(organisation)
    challenge = start(asset)
    rewind(challenge, 31)
    checking.check(challenge.id, egress=way)
    assert (fresh(challenge).state, fresh(asset).status) == ("expired", "claimed")
    assert checking.check(challenge.id, egress=way) is None
    assert start(asset).id != challenge.id


def test_the_record_of_one_organisation_does_not_prove_the_claim_of_another(organisation, other, names, way):
    first, second = claim(organisation), claim(other)
    ours = start(first)
    publish(names, ours)
    theirs = start(second)
    checking.check(theirs.id, egress=way)
    assert fresh(theirs).state == "open"
    assert ours.token != theirs.token


def test_an_asset_that_expired_needs_a_new_token(organisation, names, way):
    asset = claim(organisation)
    challenge = prove(asset, names, way)
    with tenancy.acting(OFFICER):
        registry.expire_asset(actor=OFFICER, asset=asset.uid, reason="sold")
    with pytest.raises(ClaimFirst):
        start(asset)
    checking.check(challenge.id, egress=way)
    assert (fresh(challenge).state, fresh(asset).status) == ("withdrawn", "expired")
    claim(organisation)
    again = start(asset)
    checking.check(again.id, egress=way)
    assert (again.token != challenge.token, fresh(asset).status) == (True, "claimed")


def test_a_proof_that_is_gone_is_warned_about_and_then_lost(organisation, names, way):
    asset = claim(organisation)
    challenge = prove(asset, names, way)
    names.records.clear()
    states = []
    for days in (30, 3, 3, 3, 3, 3, 3):
        rewind(challenge, days)
        checking.check(challenge.id, egress=way)
        row = fresh(challenge)
        states.append((row.state, row.failures, row.warned_at is not None, fresh(asset).status))
    assert states[0] == ("proven", 1, False, "verified")
    assert states[1] == ("proven", 2, True, "verified")
    assert states[-1][0] == "lost"
    assert states[-1][3] == "expired"
    assert [status for *_, status in states].index("expired") >= 5  # two weeks of grace
    assert len(mailed("bewijs voor voorbeeld.nl is weg")) == 1
    assert len(mailed("voorbeeld.nl is verlopen")) == 1


@pytest.mark.parametrize(("days", "status"), [(-1, "expired"), (1, "verified")])
def test_only_another_proof_of_this_claim_holds_up_an_asset_whose_proof_is_gone(organisation, names, way, days, status):
    asset = claim(organisation)
    challenge = prove(asset, names, way)
    other = fresh(challenge)
    other.pk, other.method, other.token_digest = None, "file", None
    other.proven_at = fresh(asset).claimed_at + timedelta(days=days)  # before it was claimed anew, or since
    with tenancy.acting(OFFICER):
        other.save()
    names.records.clear()
    for gone in (30, 3, 3, 3, 3, 3, 3):
        rewind(challenge, gone)
        checking.check(challenge.id, egress=way)
    assert (fresh(challenge).state, fresh(asset).status) == ("lost", status)


def test_looking_twice_on_one_day_is_one_failure(organisation, names, way):
    challenge = prove(claim(organisation), names, way)
    names.records.clear()
    for _ in range(5):
        checking.check(challenge.id, egress=way)
    assert (fresh(challenge).failures, mailed("is weg")) == (1, [])


@pytest.mark.parametrize("fault", ["broken", "silent"])
def test_a_resolver_that_fails_is_no_disproof(organisation, names, way, fault):
    asset = claim(organisation)
    challenge = prove(asset, names, way)
    getattr(names, fault).add(NAME)
    for _ in range(2):
        rewind(challenge, 40)
        checking.check(challenge.id, egress=way)
    row = fresh(challenge)
    assert (row.state, row.failures, fresh(asset).status) == ("proven", 0, "verified")
    assert row.next_at - timezone.now() < timedelta(hours=7)
    with tenancy.acting(OFFICER):
        assert list(reads.failing(OFFICER)) == [row]  # eighty days unseen: an officer is shown it


def test_a_proof_that_comes_back_counts_as_new(organisation, names, way):
    challenge = prove(claim(organisation), names, way)
    names.records.clear()
    rewind(challenge, 30)
    checking.check(challenge.id, egress=way)
    publish(names, challenge)
    checking.check(challenge.id, egress=way)
    assert (fresh(challenge).failures, fresh(challenge).failed_at) == (0, None)


def test_a_second_proof_keeps_the_asset_when_the_first_goes(organisation, names, way):
    asset = claim(organisation)
    challenge = prove(asset, names, way)
    answer(start(asset, "mail", f"hostmaster@{DOMAIN}"))
    names.records.clear()
    for days in (30, 3, 20):
        rewind(challenge, days)
        checking.check(challenge.id, egress=way)
    assert (fresh(challenge).state, fresh(asset).status) == ("lost", "verified")


@pytest.mark.parametrize(("method", "counts"), [("dns", True), ("mail", True), ("officer", True), ("file", False)])
def test_a_verified_domain_above_counts_for_a_name_below(organisation, way, method, counts):
    above, below = claim(organisation), claim(organisation, f"a.b.{DOMAIN}")
    with tenancy.acting(OFFICER):
        registry.verify_asset(actor=OFFICER, asset=above.uid, evidence="x", method=method)
    challenge = start(below, "parent")
    checking.check(challenge.id, egress=way)
    assert fresh(below).status == ("verified" if counts else "claimed")


def test_a_parent_that_is_anothers_a_claim_or_a_shared_platform_does_not_count(organisation, other, way):
    with tenancy.acting(OFFICER):
        registry.verify_asset(actor=OFFICER, asset=claim(other).uid, evidence="x")
    claim(organisation, "andere.nl")
    for value in (f"sub.{DOMAIN}", "sub.andere.nl"):
        asset = claim(organisation, value)
        checking.check(start(asset, "parent").id, egress=way)
        assert fresh(asset).status != "verified"
    with pytest.raises(errors.InvalidAsset):
        claim(organisation, "github.io")


def test_a_name_below_is_lost_when_the_domain_above_is(organisation, way):
    above, below = claim(organisation), claim(organisation, f"sub.{DOMAIN}")
    with tenancy.acting(OFFICER):
        registry.verify_asset(actor=OFFICER, asset=above.uid, evidence="x")
    challenge = start(below, "parent")
    checking.check(challenge.id, egress=way)
    with tenancy.acting(OFFICER):
        registry.expire_asset(actor=OFFICER, asset=above.uid, reason="sold")
    for days in (1, 3, 20):
        rewind(challenge, days)
        checking.check(challenge.id, egress=way)
    assert fresh(below).status == "expired"
