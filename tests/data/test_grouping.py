"""Pairs folded into findings, and the ids of findings."""

from collections import defaultdict
from datetime import datetime

import numpy as np
import polars as pl
import pytest
from frames import observations, registry
from hypothesis import given, settings
from hypothesis import strategies as st
from slow_reference import Seen

from dijkwacht.data.attribution import attribute
from dijkwacht.data.folding import in_order
from dijkwacht.data.grouping import Grouper, group, merge
from dijkwacht.data.identity import siphash
from dijkwacht.data.index import Index, build_index
from dijkwacht.data.schema import FINDING, PAIR

MASK = (1 << 64) - 1
DAY = [datetime(2026, 11, day) for day in range(1, 29)]  # noqa: DTZ001 - the data path is UTC without a zone


@pytest.fixture(scope="module")
def index() -> Index:
    return build_index(
        registry(
            ("a", "prefix", "192.0.2.0/24"),
            ("b", "domain", "example.nl"),
            ("c", "asn", "1"),
            ("n", "asn", "2", True),
            ("d", "prefix", "2001:db8::/32"),
        )
    )


def test_rows_of_one_asset_kind_key_and_address_become_one_finding(index: Index):
    seen = [Seen("192.0.2.1"), Seen("192.0.2.1"), Seen("192.0.2.1"), Seen(host="www.example.nl"), Seen(asn=2)]
    frame = observations(
        seen, time=[DAY[3], DAY[1], None, DAY[2], None], key=["x", "x", "x", "x", None], severity=[1, 4, 2, None, 3]
    )
    findings = group(frame, attribute(frame, index), index, b"salt", source="file")
    assert findings.schema == FINDING
    assert findings["id_high"].is_sorted()
    shown = findings.drop("id_high", "id_low").sort("asset").rows()
    assert shown == [
        (0, "scan-http", "x", 0, DAY[1], DAY[3], 3, 4, "file", 1),
        (1, "scan-http", "www.example.nl x", 1, DAY[2], DAY[2], 1, 0, "file", 4),
        (3, "scan-http", "", 3, None, None, 1, 3, "file", 5),
    ]


@pytest.mark.parametrize(
    ("first", "second", "findings"),
    [
        (Seen("192.0.2.1"), Seen("192.0.2.2"), 2),
        (Seen("192.0.2.1"), Seen("192.0.2.1"), 1),
        (Seen("192.0.2.1"), Seen("::ffff:192.0.2.1"), 1),
        (Seen("2001:db8::1"), Seen("2001:db8::2"), 2),
        (Seen("2001:db8::1"), Seen("2001:db8:0::1"), 1),
        (Seen("2001:db8:0:1::1"), Seen("2001:db8::1"), 2),
        (Seen(host="a.example.nl"), Seen(host="b.example.nl"), 2),
        (Seen(host="a.example.nl"), Seen(host="a.example.nl"), 1),
        (Seen("203.0.113.1", host="a.example.nl"), Seen("203.0.113.2", host="a.example.nl"), 2),
        (Seen("203.0.113.1", host="a.example.nl"), Seen("203.0.113.1", host="b.example.nl"), 1),
        (Seen("203.0.113.1", host="a.example.nl"), Seen(host="a.example.nl"), 2),
    ],
)
def test_a_subject_is_the_address_or_else_the_host(index: Index, first: Seen, second: Seen, findings: int):
    frame = observations([first, second])
    assert group(frame, attribute(frame, index), index).height == findings


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=60), st.sampled_from([0, 1 << 63])
)
def test_ids_that_share_their_first_bits_are_still_told_apart(ids: list[tuple[int, int]], base: int):
    high = np.array([base + one for one, _ in ids], np.uint64)
    low = np.array([two for _, two in ids], np.uint64)
    order, starts = in_order(high, low)
    assert order.tolist() == sorted(range(len(ids)), key=lambda row: (ids[row], row))
    assert [ids[row] for row in order[starts]] == sorted(set(ids))


def test_no_pairs_give_no_findings(index: Index):
    frame = observations([Seen("203.0.113.1")])
    assert group(frame, attribute(frame, index), index).schema == FINDING
    assert merge().schema == FINDING


rows = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.sampled_from(["k1", "k2", "k1\0"]),
        st.sampled_from(["", "x", "y", "z"]),
        st.none() | st.sampled_from(DAY),
        st.none() | st.integers(0, 4),
    ),
    max_size=40,
)


@settings(max_examples=150, deadline=None)
@given(rows, st.integers(1, 9))
def test_batches_of_any_size_fold_to_what_a_dictionary_gives(index: Index, seen: list[tuple], size: int):
    slow = defaultdict(list)
    for line, (asset, kind, key, time, severity) in enumerate(seen, 1):
        slow[asset, kind, key].append((time, severity or 0, line))
    grouper = Grouper(index, b"s", fold_at=5)
    parts = []
    for start in range(0, len(seen), size):
        part = seen[start : start + size]
        frame = observations(
            [Seen()] * len(part),
            line=range(start + 1, start + len(part) + 1),
            kind=[row[1] for row in part],
            key=[row[2] for row in part],
            time=[row[3] for row in part],
            severity=[row[4] for row in part],
        )
        pairs = pl.DataFrame([(n, row[0], 0) for n, row in enumerate(part)], PAIR, orient="row")
        grouper.add(frame, pairs, "f")
        parts.append(group(frame, pairs, index, b"s", source="f"))
    findings = grouper.findings()
    assert merge(*parts).equals(findings)
    for row in findings.iter_rows(named=True):
        times, severities, lines = zip(*slow.pop((row["asset"], row["kind"], row["key"])), strict=True)
        known = [time for time in times if time]
        assert (row["first_seen"], row["last_seen"]) == ((min(known), max(known)) if known else (None, None))
        assert (row["count"], row["severity"], row["sample_line"]) == (len(lines), max(severities), min(lines))
    assert not slow


def test_an_id_is_the_same_in_every_run_and_another_with_another_salt(index: Index):
    frame = observations([Seen("192.0.2.1")])
    pairs = attribute(frame, index)
    ids = group(frame, pairs, index, b"salt").select("id_high", "id_low").rows()
    assert ids == [(11978896258075268644, 9182358334871004699)]
    assert group(frame, pairs, index, b"other").select("id_high", "id_low").rows() != ids


def test_an_id_follows_the_asset_and_not_its_place_in_the_registry(index: Index):
    frame = observations([Seen("192.0.2.1")])
    moved = build_index(registry(("z", "asn", "9"), ("a", "prefix", "192.0.2.0/24")))
    ids = [group(frame, attribute(frame, one), one, b"s").select("id_high", "id_low").rows() for one in (index, moved)]
    assert ids[0] == ids[1]


def test_a_million_findings_have_a_million_ids():
    words = [np.arange(1_000_000, dtype=np.uint64), *(np.zeros(1_000_000, np.uint64) for _ in range(3))]
    high, low = siphash(words, b"salt")
    assert np.unique(high).size == np.unique(low).size == 1_000_000


def slow_siphash(message: bytes, key: bytes, compress: int, finish: int) -> bytes:
    """SipHash with 128 bits of output, word for word as its authors' reference implementation does it."""
    k0, k1 = (int.from_bytes(key[at : at + 8], "little") for at in (0, 8))
    v = [k0 ^ 0x736F6D6570736575, k1 ^ 0x646F72616E646F6D ^ 0xEE, k0 ^ 0x6C7967656E657261, k1 ^ 0x7465646279746573]

    def turn(word: int, bits: int) -> int:
        return (word << bits | word >> (64 - bits)) & MASK

    def rounds(number: int) -> None:
        for _ in range(number):
            v[0] = v[0] + v[1] & MASK
            v[1] = turn(v[1], 13) ^ v[0]
            v[0] = turn(v[0], 32)
            v[2] = v[2] + v[3] & MASK
            v[3] = turn(v[3], 16) ^ v[2]
            v[0] = v[0] + v[3] & MASK
            v[3] = turn(v[3], 21) ^ v[0]
            v[2] = v[2] + v[1] & MASK
            v[1] = turn(v[1], 17) ^ v[2]
            v[2] = turn(v[2], 32)

    padded = message + bytes(7 - len(message) % 8) + bytes([len(message) & 255])
    for at in range(0, len(padded), 8):
        word = int.from_bytes(padded[at : at + 8], "little")
        v[3] ^= word
        rounds(compress)
        v[0] ^= word
    output = b""
    for place, mark in ((2, 0xEE), (1, 0xDD)):
        v[place] ^= mark
        rounds(finish)
        output += (v[0] ^ v[1] ^ v[2] ^ v[3]).to_bytes(8, "little")
    return output


def test_the_reference_of_this_test_gives_the_published_vector():
    """The first vector of SipHash-2-4 with 128 bits: key 00 to 0f, empty message."""
    assert slow_siphash(b"", bytes(range(16)), 2, 4).hex() == "a3817f04ba25a8e66df67214c7550293"


@given(st.lists(st.integers(0, MASK), min_size=4, max_size=4), st.binary(max_size=20))
def test_the_hash_of_an_id_is_siphash(words: list[int], salt: bytes):
    from hashlib import blake2b

    message = b"".join(word.to_bytes(8, "little") for word in words)
    expected = slow_siphash(message, blake2b(salt, digest_size=16).digest(), 1, 3)
    high, low = siphash([np.array([word], np.uint64) for word in words], salt)
    assert int(high[0]).to_bytes(8, "little") + int(low[0]).to_bytes(8, "little") == expected
