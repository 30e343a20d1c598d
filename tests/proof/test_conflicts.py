"""Two claimants: what the rule decides, what a person decides, and what neither learns."""

import pytest
from django.utils import timezone
from tests.proof.conftest import DOMAIN, claim
from tests.proof.steps import fresh, prove, publish, rewind, start
from tests.registry.people import OFFICER

from dijkwacht.platform import tenancy
from dijkwacht.rooms.proof import checking, reads, tasks
from dijkwacht.rooms.registry import actions as registry
from dijkwacht.rooms.registry import errors
from dijkwacht.rooms.registry.models import AssetConflict

pytestmark = pytest.mark.django_db


def conflicts(**where):
    with tenancy.acting(OFFICER):
        return list(AssetConflict.objects.filter(**where))


def test_a_fresh_proof_stands_against_a_bare_claim_which_rests(organisation, other, names, way):
    bare, ours = claim(other), claim(organisation)
    assert {fresh(bare).status, fresh(ours).status} == {"disputed"}
    prove(ours, names, way)
    assert (fresh(ours).status, fresh(bare).status) == ("verified", "claimed")
    (conflict,) = conflicts()
    assert (conflict.decision, conflict.decided_by) == ("proven-2", "system:proof:rule")
    with tenancy.acting(OFFICER), pytest.raises(errors.ConflictOpen):
        registry.verify_asset(actor=OFFICER, asset=bare.uid, evidence="a phone call")


def test_two_proofs_are_for_a_person_and_each_sees_only_its_own(organisation, other, names, way):
    bare, ours = claim(other), claim(organisation)
    mine = prove(ours, names, way)
    theirs = start(bare)
    publish(names, mine, theirs)
    checking.check(theirs.id, egress=way)
    assert (fresh(ours).status, fresh(bare).status, fresh(theirs).state) == ("verified", "disputed", "proven")
    assert [row.decision for row in conflicts()] == [""]
    with tenancy.acting(OFFICER):
        shown = reads.evidence_for(OFFICER, [ours, bare], "en")
        registry.decide_conflict(actor=OFFICER, conflict=conflicts()[0].id, decision="first", reason="sold")
    assert all(len(shown[asset.id]) == 1 for asset in (ours, bare))
    assert tasks.settle_waiting() == 1
    assert (fresh(bare).status, fresh(ours).status) == ("verified", "expired")


def test_whose_proof_is_contested_is_looked_at_again_once(organisation, other, names, way):
    ours = claim(organisation)
    mine = prove(ours, names, way)
    rewind(mine, 5)
    theirs = start(claim(other))
    assert fresh(mine).next_at > timezone.now()
    assert (tasks.look_at_contested(), tasks.look_at_contested()) == (1, 0)
    checking.check(mine.id, egress=way)
    assert [row.decision for row in conflicts()] == ["proven-1"]
    publish(names, mine, theirs)
    rewind(mine, 5)
    checking.check(theirs.id, egress=way)
    assert fresh(mine).next_at <= timezone.now()  # at once: who sold a domain often left a proof behind
    checking.check(mine.id, egress=way)
    assert fresh(theirs).next_at > timezone.now()  # and not back and forth


def test_an_officers_doubt_is_not_overruled_by_a_record(organisation, names, way):
    asset = claim(organisation)
    with tenancy.acting(OFFICER):
        registry.dispute_asset(actor=OFFICER, asset=asset.uid, reason="odd letter")
    challenge = prove(asset, names, way)
    assert (fresh(challenge).state, fresh(asset).status) == ("proven", "disputed")


def test_the_proof_of_a_name_below_leaves_the_claim_above_alone(organisation, other, names, way):
    above, below = claim(other), claim(organisation, f"shop.{DOMAIN}")
    challenge = start(below)
    publish(names, challenge, name=f"_dijkwacht-challenge.shop.{DOMAIN}")
    checking.check(challenge.id, egress=way)
    assert (fresh(below).status, fresh(above).status) == ("verified", "claimed")
