"""Whatever the bytes: nothing is dropped, numbers are right, and nothing is raised but a refusal."""

import csv
import io
from ipaddress import AddressValueError, IPv4Address, IPv6Address

import msgspec
import polars as pl
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dijkwacht.data import lines as line_tables
from dijkwacht.data import tables
from dijkwacht.data.hosts import canonical, hosts
from dijkwacht.data.reading import ReportRefused, read_batches
from dijkwacht.data.values import addresses, times
from dijkwacht.feeds import catalogue

SHADOWSERVER = catalogue()["shadowserver"]
REPORT = SHADOWSERVER.reports["blocklist"]
HEADER = ",".join(REPORT.known)
FIELD = st.one_of(
    st.sampled_from(["2026-11-01 00:00:00", "198.18.0.1", "2001:db8::1", "low", "www.klant.example", "", "64496"]),
    st.text(max_size=12),
)
QUICK = settings(max_examples=60, deadline=None)


def _counts(body: bytes, feed=SHADOWSERVER, report=REPORT) -> tuple[list[int], list[int]]:
    """The numbers of the lines that were read and of those set aside."""
    batches = list(read_batches(io.BytesIO(body), feed, report))
    read = pl.concat([batch.frame["line"] for batch in batches])
    aside = pl.concat([batch.set_aside["line"] for batch in batches])
    return read.to_list(), aside.to_list()


@given(rows=st.lists(st.lists(FIELD, min_size=1, max_size=15), max_size=30), chunk=st.integers(30, 900))
@QUICK
def test_every_row_comes_out_once_or_is_set_aside_once(rows, chunk):
    file = io.StringIO()
    csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    body = (HEADER + "\n" + file.getvalue()).encode(errors="replace")
    before, tables.CHUNK = tables.CHUNK, chunk
    try:
        read, aside = _counts(body)
    finally:
        tables.CHUNK = before
    assert sorted(read + aside) == list(range(1, len(rows) + 1))
    widths = {number for number, row in enumerate(rows, 1) if len(row) != len(REPORT.known)}
    assert widths <= set(aside)


@given(
    body=st.one_of(
        st.binary(max_size=400),
        st.lists(
            st.sampled_from([b'"', b",", b"\n", b"\r", b"\0", b"\xff", b"a", b'""', b"198.18.0.1"]), max_size=120
        ).map(b"".join),
    ),
    chunk=st.integers(5, 100),
)
@example(body=b'"\n"\n"', chunk=5)
@settings(max_examples=120, deadline=None)
def test_no_bytes_raise_anything_but_a_refusal_and_the_size_of_a_chunk_changes_nothing(body, chunk):
    results = []
    for size in (chunk, 1 << 20):
        before, tables.CHUNK = tables.CHUNK, size
        try:
            results.append(_counts(HEADER.encode() + b"\n" + body))
        finally:
            tables.CHUNK = before
    read, aside = results[1]
    assert sorted(read + aside) == list(range(1, len(read) + len(aside) + 1))
    assert sorted(results[0][0] + results[0][1])[-1:] == sorted(read + aside)[-1:]


@given(feed=st.sampled_from(sorted(set(catalogue()) - {"shadowserver"})), body=st.binary(max_size=300))
@settings(max_examples=60, deadline=None)
def test_no_bytes_of_any_feed_raise_anything_but_a_refusal(feed, body):
    found = catalogue()[feed]
    for start in (b"", b"[", b'{"objects": [', b"192.0.2.1\n"):
        try:
            _counts(start + body, found, next(iter(found.reports.values())))
        except ReportRefused:
            continue


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["id", "type", "object_refs", "address", "ip", "category", "time", "url", "src_ref", "x"]),
            inner,
        )
    ),
    max_leaves=20,
)


@given(items=st.lists(JSON, max_size=5), feed=st.sampled_from(["n6", "jsonl-mapped", "stix-observed-data"]))
@QUICK
def test_no_json_raises_anything_but_a_refusal(items, feed):
    found = catalogue()[feed]
    document = {"objects": items} if feed.startswith("stix") else items
    read, aside = _counts(msgspec.json.encode(document), found, next(iter(found.reports.values())))
    if not feed.startswith("stix"):
        assert {*read, *aside} == set(range(1, len(items) + 1))


@given(
    st.lists(
        st.one_of(st.ip_addresses().map(str), st.text("0123456789.:af", max_size=18), st.text(max_size=9)), max_size=20
    )
)
@QUICK
def test_addresses_agree_with_the_standard_library(values):
    high, low, valid = addresses(pl.Series(values, dtype=pl.String))
    for value, first, second, good in zip(values, high, low, valid, strict=True):
        assert ((int(first) << 64 | int(second)) if good else None) == _slow_address(value)


def _slow_address(value: str) -> int | None:
    try:
        if ":" in value:
            return None if "%" in value else int(IPv6Address(value))
        return int(IPv4Address(value)) | 0xFFFF << 32
    except AddressValueError:
        return None


@given(st.lists(st.one_of(st.none(), st.text("abz09-_.AB", max_size=12), st.text(max_size=9)), max_size=20))
@QUICK
def test_hosts_agree_with_one_name_at_a_time(values):
    found = hosts(pl.Series(values, dtype=pl.String)).to_list()
    assert found == [None if value is None else canonical(value) for value in values]


@given(st.lists(st.one_of(st.datetimes().map(str), st.text(max_size=20)), max_size=10))
@QUICK
def test_times_never_raise_and_read_what_python_writes(values):
    assert len(times(pl.Series(values, dtype=pl.String))) == len(values)


def test_a_list_counts_its_rows_and_not_its_comments(monkeypatch):
    monkeypatch.setattr(line_tables, "CHUNK", 7)
    found = catalogue()["list-ip"]
    body = b"# note\n192.0.2.1\n\n; note\nwrong\n192.0.2.2\n"
    assert _counts(body, found, found.reports["listed-address"]) == ([1, 3], [2])
