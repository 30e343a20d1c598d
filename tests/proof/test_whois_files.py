"""Files of internet registries: read in pieces, kept with date and source."""

import gzip
import io
import ipaddress
import json
import shutil
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.proof.conftest import new
from tests.proof.snapshots import SAMPLES, bring_in
from tests.registry.people import ANALYST, OFFICER, administrator

from dijkwacht.platform import tenancy
from dijkwacht.rooms.proof import reads
from dijkwacht.rooms.proof.errors import NotAllowed, UnreadableSnapshot
from dijkwacht.rooms.proof.models import Snapshot
from dijkwacht.rooms.proof.whois import rdap, rpsl, store

database = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _empty_store():
    shutil.rmtree(store.folder(), ignore_errors=True)


@pytest.fixture
def organisation():
    return new("Gemeente Voorbeeld", kvk="90000101")


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
        gzip.compress(b"inetnum: x" * 99, mtime=0)[:40],
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
