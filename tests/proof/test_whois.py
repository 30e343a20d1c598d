"""Files of internet registries: read in pieces, kept with date and source, and compared with who claims."""

import gzip
import io
import ipaddress
import json
import shutil
from datetime import date
from pathlib import Path

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from tests.proof.conftest import DOMAIN, claim, new
from tests.proof.test_flow import answer, fresh, rewind, start
from tests.registry.people import ANALYST, OFFICER, administrator

from dijkwacht.platform import tenancy
from dijkwacht.rooms.proof import actions, addresses, checking, reads, words
from dijkwacht.rooms.proof.errors import NotAllowed, UnreadableSnapshot
from dijkwacht.rooms.proof.models import Snapshot
from dijkwacht.rooms.proof.whois import matching, rdap, rpsl, store
from dijkwacht.rooms.registry import actions as registry

SAMPLES = Path(__file__).parent / "samples"
database = pytest.mark.django_db


def bring_in(path=SAMPLES / "ripe.db", actor=OFFICER, source="RIPE", dated=date(2026, 11, 1)):
    with tenancy.acting(actor):
        return store.import_snapshot(actor=actor, path=path, source=source, dated=dated)


@pytest.fixture(autouse=True)
def _empty_store():
    shutil.rmtree(store.folder(), ignore_errors=True)


@pytest.fixture
def organisation():
    return new("Gemeente Voorbeeld", kvk="90000101")


def with_domain(organisation, value=DOMAIN):
    with tenancy.acting(OFFICER):
        registry.verify_asset(actor=OFFICER, asset=claim(organisation, value).uid, evidence="x")


def compare(organisation, value, kind="prefix"):
    asset = claim(organisation, value, kind)
    challenge = start(asset, "whois")
    return fresh(asset), checking.check(challenge.id), challenge


# reading


def test_a_piece_of_rpsl_becomes_rows_and_what_is_no_range_is_set_aside():
    found = rpsl.parse((SAMPLES / "ripe.db").read_bytes())
    assert (found.objects, found.set_aside) == (13, 1)
    networks = {row["name"]: row for row in found.networks.iter_rows(named=True)}
    assert set(networks) == {
        "VOORBEELD-NET",
        "PROVIDER-NET",
        "CUSTOMER-NET",
        "IANA-BLK",
        "VOORBEELD-NET6",
        "VOORBEELD-AS",
    }
    assert networks["PROVIDER-NET"]["descr"] == "Provider of a +\ncontinued line\nand another"
    assert networks["VOORBEELD-NET"]["first_lo"] == int(ipaddress.ip_address("192.0.2.0"))
    assert networks["VOORBEELD-NET6"]["first_hi"] == int(ipaddress.ip_address("2001:db8:1::")) >> 64
    holders = {row["key"]: row["mails"] for row in found.holders.iter_rows(named=True)}
    assert holders["AR2-RIPE"] == "abuse@provider.example"
    assert "nobody@person.example" not in str(holders)


@given(st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1))
def test_a_range_has_the_numbers_that_the_standard_library_gives(one, two):
    first, last = sorted((one, two))
    text = f"inetnum: {ipaddress.IPv4Address(first)} - {ipaddress.IPv4Address(last)}\nnetname: X\n"
    (row,) = rpsl.parse(text.encode()).networks.iter_rows(named=True)
    assert (row["first_lo"], row["last_lo"], row["family"]) == (first, last, 4)


@given(st.integers(0, 2**128 - 1), st.integers(0, 128))
def test_an_ipv6_prefix_has_the_numbers_that_the_standard_library_gives(number, length):
    network = ipaddress.IPv6Network((number, length), strict=False)
    family, first_hi, first_lo, last_hi, last_lo = rpsl.span(str(network))
    assert family == 6
    assert (first_hi << 64) + first_lo == int(network.network_address)
    assert (last_hi << 64) + last_lo == int(network.broadcast_address)


WRITTEN = [
    "inetnum: 192.0.2.0 - 192.0.2.255",
    "inetnum: 1 - 2",
    "inetnum: 999.1.1.1 - 1.1.1.1",
    "inetnum:",
    "aut-num: AS1x",
    "inet6num: ::/129",
    "inet6num: /",
    "route: 192.0.2.0/24",
    "origin: AS1",
    ": x",
    "+",
    "x",
    "%",
    "#",
    "org: A",
    "org: B",
    "organisation: ORG",
    "role: r",
    "nic-hdl: n",
    "netname: é",
]
LINES = st.lists(st.sampled_from([*WRITTEN, "", " ", "\t: :", "descr: \x00\udc80"]), max_size=25)


@given(LINES)
def test_no_lines_break_the_reader(lines):
    found = rpsl.parse("\n".join(lines).encode("utf-8", "surrogatepass"))
    assert found.set_aside >= 0


@given(st.binary(max_size=400))
def test_no_bytes_break_the_readers(content):
    rpsl.parse(content)
    try:
        list(rdap.parse(io.BytesIO(content)))
    except ValueError:
        return


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 2**33) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["objectClassName", "startAddress", "endAddress", "entities", "roles", "vcardArray", "handle"]
            ),
            inner | st.sampled_from(["ip network", "autnum", "192.0.2.0", "::"]),
            max_size=5,
        )
    ),
    max_leaves=20,
)


@given(VALUES)
def test_no_json_breaks_the_reader_of_rdap(value):
    list(rdap.parse(io.BytesIO(json.dumps(value).encode())))


def test_a_file_is_cut_between_two_objects_only(monkeypatch):
    monkeypatch.setattr(rpsl, "CHUNK", 100)
    pieces = list(rpsl.chunks(io.BytesIO((SAMPLES / "ripe.db").read_bytes())))
    assert len(pieces) > 5
    assert sum(rpsl.parse(piece).networks.height for piece in pieces) == 6


# importing


@database
@pytest.mark.parametrize("packed", [False, True])
def test_a_file_is_imported_once_plain_or_packed(tmp_path, packed):
    path = tmp_path / "ripe.db.gz"
    content = (SAMPLES / "ripe.db").read_bytes()
    path.write_bytes(gzip.compress(content) if packed else content)
    row, new_one = bring_in(path)
    assert (new_one, row.objects_kept["inetnum"], row.source, row.dated) == (True, 4, "RIPE", date(2026, 11, 1))
    assert bring_in(path) == (row, False)
    assert len(list(store.folder().iterdir())) == 1


@database
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        b"%PDF-1.7",
        b"[1, 2",
        b"{}",
        b"\x1f\x8b\x08\x00broken",
        gzip.compress(b"inetnum: x" * 99)[:40],
        b"[" * 100_000,
    ],
)
def test_a_file_that_is_none_is_refused_and_leaves_nothing(tmp_path, content):
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(UnreadableSnapshot):
        bring_in(path)
    assert not list(store.folder().iterdir())
    with tenancy.acting(OFFICER):
        assert not Snapshot.objects.exists()


@database
def test_only_an_officer_imports_and_only_the_centre_sees(organisation):
    with pytest.raises(NotAllowed):
        bring_in(actor=ANALYST)
    bring_in()
    with tenancy.acting(administrator(organisation.id)):
        assert not reads.snapshots(administrator(organisation.id))
        assert not Snapshot.objects.exists()


# comparing


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
