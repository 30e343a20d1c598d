"""Whom an internet registry names as the holder, compared with who claims."""

import shutil
from datetime import date

import pytest
from django.utils import timezone
from tests.proof.conftest import claim, new
from tests.proof.snapshots import SAMPLES, bring_in, compare, with_domain
from tests.proof.steps import answer, fresh, rewind, start
from tests.registry.people import OFFICER

from dijkwacht.platform import tenancy
from dijkwacht.rooms.proof import actions, addresses, checking, reads, words
from dijkwacht.rooms.proof.models import Snapshot
from dijkwacht.rooms.proof.whois import matching, store
from dijkwacht.rooms.registry import actions as registry

database = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _empty_store():
    shutil.rmtree(store.folder(), ignore_errors=True)


@pytest.fixture
def organisation():
    return new("Gemeente Voorbeeld", kvk="90000101")


@database
@pytest.mark.parametrize(
    ("kind", "value"),
    [("prefix", "192.0.2.0/24"), ("prefix", "192.0.2.64/26"), ("prefix", "2001:db8:1:2::/64"), ("asn", "64496")],
)
def test_a_holder_with_a_verified_mail_domain_and_the_name_is_verified(organisation, kind, value):
    bring_in()
    with_domain(organisation)
    _, seen, _ = compare(organisation, value, kind)
    assert (seen.outcome, seen.facts["reasons"][:2]) == ("match", ["domain", "name"])
    assert "RIPE of 2026-11-01 names your organisation" in words.sentence(seen, "en")


@database
def test_a_name_alone_is_a_proposal_which_an_officer_judges(organisation):
    bring_in()
    asset, seen, challenge = compare(organisation, "192.0.2.0/24")
    assert (seen.outcome, seen.facts["reasons"]) == ("partial", ["name", "number"])
    assert asset.status == "claimed"
    with tenancy.acting(OFFICER):
        assert list(reads.waiting_for_an_officer(OFFICER)) == [challenge]
        actions.judge_proposal(actor=OFFICER, challenge=challenge.id, accept=True, reason="known to us")
    row = fresh(asset)
    assert (row.status, row.method) == ("verified", "officer")
    assert "known to us" in row.evidence


@database
def test_a_refused_proposal_verifies_nothing(organisation):
    bring_in()
    asset, _, challenge = compare(organisation, "192.0.2.0/24")
    with tenancy.acting(OFFICER):
        actions.judge_proposal(actor=OFFICER, challenge=challenge.id, accept=False, reason="a namesake")
    assert (fresh(asset).status, fresh(challenge).state) == ("claimed", "withdrawn")


@database
def test_a_neighbours_prefix_gives_nothing(organisation):
    bring_in()
    with_domain(organisation)
    asset, seen, _ = compare(organisation, "198.51.100.128/25")
    assert (asset.status, seen.outcome, seen.code) == ("claimed", "absent", "whois-other")
    assert "Provider of Examples" in words.sentence(seen, "nl")  # as the public registry says


@database
def test_a_stranger_with_the_holders_name_is_not_verified():
    bring_in()
    impostor = new("Gemeente Voorbeeld")
    with_domain(impostor, "voorbeeld-nep.nl")
    asset, seen, _ = compare(impostor, "192.0.2.0/24")
    assert (asset.status, seen.outcome) == ("claimed", "partial")


@database
def test_the_most_specific_object_counts_and_parts_of_others_ask_a_person():
    bring_in()
    bakery = new("De Korst Bakkerij")
    provider = new("Provider of Examples")
    with_domain(provider, "provider.example")
    _, seen, _ = compare(provider, "198.51.100.0/24")
    assert (seen.outcome, seen.facts["reasons"]) == ("partial", ["domain", "name"])  # a customer is in it
    _, seen, _ = compare(provider, "198.51.100.64/26")
    assert seen.facts["holder"] == "Bakkerij De Korst B.V."
    with tenancy.acting(OFFICER):
        registry.update_organisation(actor=OFFICER, organisation=bakery.id, name="Bakkerij de Korst BV")
    _, seen, _ = compare(bakery, "198.51.100.96/27")
    assert seen.facts["reasons"] == ["name"]


@database
def test_a_route_from_a_verified_as_is_a_reason_but_not_enough(organisation):
    bring_in()
    with_domain(organisation)
    with tenancy.acting(OFFICER):
        registry.verify_asset(actor=OFFICER, asset=claim(organisation, "64496", "asn").uid, evidence="x")
    _, seen, _ = compare(organisation, "198.51.100.0/25")
    assert (seen.outcome, seen.facts["reasons"]) == ("partial", ["route"])


@database
def test_without_a_snapshot_or_beside_it_nothing_is_said(organisation):
    assert compare(organisation, "192.0.2.0/24")[1].code == "whois-none"
    bring_in()
    assert compare(organisation, "203.0.113.0/24")[1].code == "whois-none"


@database
def test_the_newest_file_of_a_source_counts(organisation, tmp_path):
    with_domain(organisation)
    bring_in()
    path = tmp_path / "newer"
    path.write_bytes(
        (SAMPLES / "ripe.db").read_bytes().replace(b"192.0.2.0 - 192.0.2.255", b"203.0.113.0 - 203.0.113.255")
    )
    bring_in(path, dated=date(2026, 11, 20))
    assert compare(organisation, "192.0.2.0/24")[1].code == "whois-none"
    assert compare(organisation, "203.0.113.0/24")[1].outcome == "match"


@database
def test_a_new_file_lets_what_waited_be_compared_again_and_a_proposal_waits_as_long_as_it_takes(organisation, tmp_path):
    bring_in()
    _, seen, challenge = compare(organisation, "192.0.2.0/24")
    assert seen.outcome == "partial"
    rewind(challenge, 60)
    checking.check(challenge.id)
    assert (fresh(challenge).state, fresh(challenge).next_at > timezone.now()) == ("proposed", True)
    with_domain(organisation)
    path = tmp_path / "newer"
    path.write_bytes((SAMPLES / "ripe.db").read_bytes() + b"\n")
    bring_in(path, dated=date(2026, 11, 20))
    assert fresh(challenge).next_at <= timezone.now()
    checking.check(challenge.id)
    assert fresh(challenge).state == "proven"


@database
def test_rdap_files_are_read_too(organisation):
    bring_in(SAMPLES / "rdap.json", source="RDAP")
    with_domain(organisation)
    _, seen, _ = compare(organisation, "203.0.113.0/24")
    assert seen.outcome == "match"
    with tenancy.acting(OFFICER):
        assert Snapshot.objects.get().set_aside == 1


@database
def test_the_holders_own_addresses_are_offered_for_a_mail(organisation):
    bring_in()
    asset = claim(organisation, "192.0.2.0/24", "prefix")
    assert addresses.offered(asset) == ["abuse@voorbeeld.nl", "noc@ict.voorbeeld.nl"]
    answer(start(asset, "mail", "abuse@voorbeeld.nl"))
    assert (fresh(asset).status, fresh(asset).method) == ("verified", "mail")
    assert addresses.offered(claim(organisation, "203.0.113.0/24", "prefix")) == []


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Bakkerij De Korst B.V.", "bakkerij de korst"),
        ("Coöperatie Zuivel U.A.", "ZUIVEL"),
        ("Stichting Dé Brug", "de brug"),
    ],
)
def test_names_are_compared_without_what_people_leave_out(one, two):
    assert matching.plain(one) == matching.plain(two)
