"""Which asset an observation belongs to."""

import ipaddress
from pathlib import Path

import polars as pl
import pytest
import slow_reference
from frames import found, observations, registry
from hypothesis import given, settings
from hypothesis import strategies as st
from slow_reference import Asset, Seen

from dijkwacht.data import domains
from dijkwacht.data import index as index_module
from dijkwacht.data.attribution import attribute
from dijkwacht.data.index import CURRENT, Index, IndexUnusableError, build_index
from dijkwacht.data.schema import PAIR

GOLDEN_ASSETS = (
    ("ministry", "prefix", "192.0.2.0/24"),  # 0
    ("hospital", "prefix", "192.0.2.128/25"),  # 1
    ("clinic", "prefix", "192.0.2.128/25"),  # 2
    ("bakery", "domain", "Bakkerij.Example.NL."),  # 3
    ("holding", "domain", "example.nl"),  # 4
    ("carrier", "asn", "AS64500"),  # 5
    ("carrier", "prefix", "192.0.0.0/16", True),  # 6
    ("carrier", "asn", "64501", True),  # 7
    ("lab", "prefix", "2001:db8::/32"),  # 8
    ("lab-west", "prefix", "2001:db8:0:0:8000::/65"),  # 9
    ("lab-host", "prefix", "2001:db8::1"),  # 10
    ("mapped", "prefix", "::ffff:198.51.100.0/120"),  # 11
    ("müller", "domain", "müller.example.de"),  # 12
    ("edge", "prefix", "255.255.255.255"),  # 13
    ("edge6", "prefix", "ffff::/16"),  # 14
)
GOLDEN = [
    ("the longest prefix wins", Seen("192.0.2.1"), {0: "prefix"}),
    ("all its owners count, the owner around them does not", Seen("192.0.2.200"), {1: "prefix", 2: "prefix"}),
    ("the network owner only where nobody else", Seen("192.0.77.1"), {6: "network-owner"}),
    ("an IPv4-mapped address is that IPv4 address", Seen("::ffff:192.0.2.1"), {0: "prefix"}),
    ("an IPv4-mapped prefix is that IPv4 prefix", Seen("198.51.100.7"), {11: "prefix"}),
    ("an IPv4-compatible address is none", Seen("::192.0.2.1"), {}),
    ("IPv6", Seen("2001:db8:1::1"), {8: "prefix"}),
    ("IPv6 split within one high word", Seen("2001:db8:0:0:8000::1"), {9: "prefix"}),
    ("IPv6 below the split", Seen("2001:db8::2"), {8: "prefix"}),
    ("one IPv6 address", Seen("2001:db8::1"), {10: "prefix"}),
    ("before the first IPv6 prefix", Seen("::"), {}),
    ("after the last IPv6 prefix", Seen("2001:db9::"), {}),
    ("the last IPv4 address", Seen("255.255.255.255"), {13: "prefix"}),
    ("the last IPv6 address", Seen("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"), {14: "prefix"}),
    ("the longest domain wins", Seen(host="www.bakkerij.example.nl"), {3: "domain"}),
    ("the domain itself", Seen(host="example.nl"), {4: "domain"}),
    ("only at a label boundary", Seen(host="notexample.nl"), {}),
    ("IDNA", Seen(host="www.xn--mller-kva.example.de"), {12: "domain"}),
    ("address and name may have different owners", Seen("192.0.2.1", "www.example.nl"), {0: "prefix", 4: "domain"}),
    ("the AS number where neither matched", Seen("203.0.113.1", "host.test", 64500), {5: "asn"}),
    ("the AS number not where one did", Seen("192.0.2.1", None, 64500), {0: "prefix"}),
    ("an AS number before the network owner", Seen("192.0.77.1", None, 64500), {5: "asn"}),
    ("the network owner's AS number last", Seen("203.0.113.1", None, 64501), {7: "network-owner"}),
    ("its prefix before its AS number", Seen("192.0.77.1", None, 64501), {6: "network-owner"}),
    ("nothing known", Seen(), {}),
]


@pytest.mark.parametrize(("seen", "expected"), [row[1:] for row in GOLDEN], ids=[row[0] for row in GOLDEN])
def test_an_observation_belongs_to(seen: Seen, expected: dict[int, str]):
    assert found([seen], registry(*GOLDEN_ASSETS)) == [expected]


def test_a_whole_batch_gives_the_same_as_its_rows_one_by_one():
    assert found([seen for _, seen, _ in GOLDEN], registry(*GOLDEN_ASSETS)) == [expected for *_, expected in GOLDEN]


REFUSED = [
    ("prefix", "192.0.2.1/24", "host-bits"),
    ("prefix", "0.0.0.0/0", "covers-everything"),
    ("prefix", "::/0", "covers-everything"),
    ("prefix", "192.0.2.0/33", "not-a-prefix"),
    ("prefix", "192.0.2.0/+8", "not-a-prefix"),
    ("prefix", "192.0.2.0/٣", "not-a-prefix"),
    ("prefix", "192.0.2", "not-a-prefix"),
    ("prefix", "010.0.0.1", "not-a-prefix"),
    ("prefix", "fe80::1%eth0", "not-a-prefix"),
    ("prefix", "2001:db8::/", "not-a-prefix"),
    ("prefix", "1.2.3.4\0", "not-a-prefix"),
    ("domain", "co.uk", "public-suffix"),
    ("domain", "GitHub.io.", "public-suffix"),
    ("domain", "nl", "public-suffix"),
    ("domain", "xn--55qx5d.cn", "public-suffix"),
    ("domain", "公司.cn", "public-suffix"),
    ("domain", "example..nl", "not-a-domain"),
    ("domain", "*.example.nl", "not-a-domain"),
    ("domain", "-x.example.nl", "not-a-domain"),
    ("domain", "192.0.2.1", "not-a-domain"),
    ("domain", "a" * 64 + ".nl", "not-a-domain"),
    ("domain", "\u2488com.example.nl\u3002", "not-a-domain"),
    ("asn", "AS0", "reserved-asn"),
    ("asn", "4294967296", "not-an-asn"),
    ("asn", "AS-64500", "not-an-asn"),
    ("asn", "٣", "not-an-asn"),
    ("url", "https://example.nl", "unknown-kind"),
    ("prefix", " ", "empty"),
]


@pytest.mark.parametrize(("kind", "value", "reason"), REFUSED)
def test_a_registry_row_is_refused_with_its_reason(kind: str, value: str, reason: str):
    index = build_index(registry(("good", "prefix", "192.0.2.0/24"), ("bad", kind, value)))
    assert index.refused.select("row", "reason").rows() == [(1, reason)]
    assert index.refused["detail"][0]


def test_the_same_row_twice_is_refused_but_not_the_same_asset_of_two_organisations():
    rows = (("a", "domain", "example.nl"), ("a", "domain", "EXAMPLE.nl."), ("b", "domain", "example.nl"))
    index = build_index(registry(*rows))
    assert index.refused.select("row", "reason").rows() == [(1, "twice")]
    assert found([Seen(host="example.nl")], index) == [{0: "domain", 2: "domain"}]


def test_a_public_suffix_in_the_registry_never_matches_the_names_under_it():
    index = build_index(registry(("registry", "domain", "co.uk"), ("host", "domain", "github.io")))
    assert found([Seen(host="shop.co.uk"), Seen(host="someone.github.io")], index) == [{}, {}]


def test_an_empty_registry_and_an_empty_batch_give_no_pairs():
    index = build_index(registry())
    pairs = attribute(observations([Seen("192.0.2.1", "example.nl", 64500)]), index)
    assert (pairs.height, pairs.schema) == (0, PAIR)
    assert attribute(observations([]), build_index(registry(*GOLDEN_ASSETS))).schema == PAIR


def test_hashes_that_agree_by_chance_never_make_a_match(monkeypatch: pytest.MonkeyPatch):
    """With a multiplier of 0 the hash is the first letter, and all that share it fall in one bucket."""
    monkeypatch.setattr(index_module, "build_domains", lambda rows, names, _: domains.build_domains(rows, names, 0))
    names = registry(*((f"o{n}", "domain", f"d{n}.example.nl") for n in range(5)), ("o", "domain", "example.nl"))
    seen = [Seen(host="www.d3.example.nl"), Seen(host="dx.example.nl"), Seen(host="d4.example.net"), Seen(host="nl")]
    assert found(seen, names) == [{3: "domain"}, {5: "domain"}, {}, {}]


def test_hosts_of_many_labels_are_found():
    hosts = [f"{'a.' * n}example.nl" for n in range(60)]
    assert found([Seen(host=host) for host in hosts], registry(("o", "domain", "example.nl"))) == [{0: "domain"}] * 60


def test_a_saved_index_is_mapped_again_and_says_the_same(tmp_path: Path):
    index = build_index(registry(*GOLDEN_ASSETS).with_columns(asset_id=pl.int_range(pl.len())))
    index.save(tmp_path)
    again = Index.load(tmp_path, verify=True)
    assert again.version == index.version
    assert again.registry.equals(index.registry)
    assert again.refused.equals(index.refused)
    seen = [seen for _, seen, _ in GOLDEN]
    assert found(seen, again) == found(seen, index)


def test_the_version_follows_the_contents():
    assert build_index(registry(*GOLDEN_ASSETS)).version == build_index(registry(*GOLDEN_ASSETS)).version
    assert build_index(registry(*GOLDEN_ASSETS)).version != build_index(registry(*GOLDEN_ASSETS[1:])).version


def test_saving_keeps_the_version_before_and_removes_older_ones(tmp_path: Path):
    versions = [build_index(registry(("a", "asn", str(number)))) for number in (1, 2, 3)]
    for index in versions:
        index.save(tmp_path)
    assert {path.name for path in tmp_path.iterdir() if path.is_dir()} == {versions[1].version, versions[2].version}
    assert Index.load(tmp_path).version == versions[2].version


def test_a_folder_without_a_usable_index_is_refused(tmp_path: Path):
    with pytest.raises(IndexUnusableError, match="no index"):
        Index.load(tmp_path)
    folder = build_index(registry(*GOLDEN_ASSETS)).save(tmp_path)
    (folder / "owned-v4.npy").write_bytes(b"nonsense")
    with pytest.raises(IndexUnusableError, match="cannot be read"):
        Index.load(tmp_path)
    (tmp_path / CURRENT).write_text("../elsewhere")
    with pytest.raises(IndexUnusableError):
        Index.load(tmp_path)


def test_a_changed_file_of_a_saved_index_is_noticed(tmp_path: Path):
    folder = build_index(registry(*GOLDEN_ASSETS)).save(tmp_path)
    array = folder / "owned-v4_group.npy"
    array.write_bytes(array.read_bytes()[:-1] + b"\x7f")
    with pytest.raises(IndexUnusableError, match="not what was saved"):
        Index.load(tmp_path, verify=True)


# Few values, so that prefixes nest, touch and coincide, and addresses fall in and beside them.
STARTS = [0, 1 << 8, 10 << 24, (10 << 24) + (1 << 16), 192 << 24, 0xFFFFFF00]
V6_STARTS = [
    0,
    0xFFFF << 32,
    0x20010DB8 << 96,
    (0x20010DB8 << 96) + (1 << 63),
    (0x20010DB8 << 96) + (1 << 64),
    0xFFFF << 112,
]
LABELS = ["a", "bakkerij", "example", "co", "nl", "uk", "io", "github", "com"]


@st.composite
def prefix(draw: st.DrawFn) -> str:
    if draw(st.booleans()):
        length = draw(st.integers(1, 32))
        start = (draw(st.sampled_from(STARTS)) + draw(st.integers(0, 300))) >> (32 - length) << (32 - length)
        text = f"{ipaddress.IPv4Address(start & 0xFFFFFFFF)}/{length}"
        mapped = f"::ffff:{text.split('/', maxsplit=1)[0]}/{length + 96}"
        return mapped if draw(st.integers(0, 4)) == 0 else text
    length = draw(st.sampled_from([1, 16, 32, 48, 63, 64, 65, 96, 120, 127, 128]))
    start = (draw(st.sampled_from(V6_STARTS)) + draw(st.integers(0, 300))) >> (128 - length) << (128 - length)
    return f"{ipaddress.IPv6Address(start)}/{length}"


@st.composite
def address(draw: st.DrawFn) -> str:
    offset = draw(st.integers(-2, 600))
    if draw(st.booleans()):
        number = (draw(st.sampled_from(STARTS)) + offset) % (1 << 32)
        text = str(ipaddress.IPv4Address(number))
        return f"::ffff:{text}" if draw(st.integers(0, 4)) == 0 else text
    return str(ipaddress.IPv6Address((draw(st.sampled_from(V6_STARTS)) + offset) % (1 << 128)))


hosts = st.lists(st.sampled_from(LABELS), min_size=1, max_size=5).map(".".join)
names = hosts.map(lambda host: host.title() + "." if len(host) % 2 else host)
assets = st.builds(
    lambda organisation, held, fallback: Asset(organisation, *held, fallback),
    st.sampled_from("abc"),
    st.one_of(
        st.tuples(st.just("prefix"), prefix()),
        st.tuples(st.just("domain"), names),
        st.tuples(st.just("asn"), st.integers(1, 9).map(lambda number: f"AS{number}" if number % 2 else str(number))),
    ),
    st.booleans(),
)
seen_ = st.builds(Seen, st.none() | address(), st.none() | hosts, st.none() | st.integers(1, 10))


@settings(max_examples=400, deadline=None)
@given(st.lists(assets, max_size=25), st.lists(seen_, max_size=25))
def test_the_fast_way_says_what_the_slow_way_says(held: list[Asset], rows: list[Seen]):
    index = build_index(registry(*held))
    refused = set(index.refused["row"].to_list())
    kept = [asset if row not in refused else Asset("", "", "") for row, asset in enumerate(held)]
    assert found(rows, index) == [slow_reference.attribute(row, kept) for row in rows]
