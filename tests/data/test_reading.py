"""A file that is partly wrong: what is wrong is set aside with its place and reason, and all else is read."""

import csv
import io
from datetime import datetime

import polars as pl
import pytest

from dijkwacht.data import tables
from dijkwacht.data.reading import REASONS, ReportRefused, header_of, read_batches, read_lines
from dijkwacht.data.schema import OBSERVATION, SET_ASIDE
from dijkwacht.feeds import catalogue

FEED = catalogue()["shadowserver"]
REPORT = FEED.reports["scan_http"]
HEADER = ",".join(f'"{name}"' for name in REPORT.known).encode()


def row(number: int = 6, **values: str) -> bytes:
    """One good row of scan_http, with some values replaced."""
    known = {
        "timestamp": f"2026-11-01 00:00:{number % 60:02d}", "severity": "info", "ip": f"198.18.0.{number % 256}",
        "protocol": "tcp", "port": "443", "hostname": "www.klant.example", "asn": "64496", "server": "nginx",
    }  # fmt: skip
    known |= values
    return ",".join('"' + known.get(name, "").replace('"', '""') + '"' for name in REPORT.known).encode()


def read(lines: list[bytes], end: bytes = b"\n", header: bytes = HEADER, **options: object):
    """One batch from a header and lines, with the line end after each."""
    body = b"".join(line + end for line in [header, *lines])
    (batch,) = read_batches(io.BytesIO(body), FEED, REPORT, **options)
    assert list(batch.frame.columns)[: len(OBSERVATION)] == OBSERVATION.names()
    assert batch.set_aside.schema == SET_ASIDE
    return batch


def among(bad: bytes, **options: object):
    """A batch in which `bad` stands as the sixth of twenty rows."""
    lines = [row(number) for number in range(1, 21)]
    lines[5] = bad
    return read(lines, **options)


BAD = [
    ("a column too few", row().rsplit(b",", 1)[0], "", "column-count", "25 columns, the header has 26"),
    ("a column too many", row() + b',"x"', "", "column-count", "27 columns, the header has 26"),
    ("a byte that is no UTF-8", row().replace(b"nginx", b"ngi\xffx"), "", "encoding", "0xff"),
    ("a NUL byte", row().replace(b"nginx", b"ngi\0x"), "", "nul-byte", "at byte"),
    ("a quote that is not closed", row().replace(b'nginx"', b"nginx"), "", "quotes", "not closed"),
    ("a quote that is not opened", row().replace(b'"nginx', b"nginx"), "", "quotes", "not closed"),
    ("text behind a quote", row().replace(b'"nginx"', b'"ng"inx'), "", "quotes", ""),
    ("a port that does not exist", row(port="70000"), "port", "bad-port", "“70000”"),
    ("a negative port", row(port="-1"), "port", "bad-port", "“-1”"),
    ("an address that does not exist", row(ip="198.18.0.256"), "ip", "bad-address", "“198.18.0.256”"),
    ("an octal address", row(ip="198.18.0.01"), "ip", "bad-address", "“198.18.0.01”"),
    ("an address of three parts", row(ip="198.18.1"), "ip", "bad-address", "“198.18.1”"),
    ("an address with a zone", row(ip="fe80::1%eth0"), "ip", "bad-address", "“fe80::1%eth0”"),
    ("other digits", row(ip="198.18.0.\u0661"), "ip", "bad-address", "“198.18.0.\u0661”"),
    ("no address", row(ip=""), "ip", "no-subject", ""),
    ("a day that does not exist", row(timestamp="2026-02-30 00:00:00"), "timestamp", "bad-time", "2026-02-30"),
    ("no time", row(timestamp=""), "timestamp", "bad-time", ""),
    ("an AS number that is text", row(asn="many"), "asn", "bad-asn", "“many”"),
    ("a line that is too long", row(server="x" * 200_000), "", "too-long", "at most 131072"),
]


@pytest.mark.parametrize(("line", "column", "reason", "detail"), [case[1:] for case in BAD], ids=[c[0] for c in BAD])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"], ids=["LF", "CRLF", "CR"])
def test_a_bad_line_is_set_aside_with_its_place_and_reason_and_the_others_are_read(line, column, reason, detail, end):
    batch = among(line, end=end)
    assert batch.frame["line"].to_list() == [number for number in range(1, 21) if number != 6]
    (aside,) = batch.set_aside.to_dicts()
    assert (aside["line"], aside["column"], aside["reason"]) == (6, column, reason)
    assert detail in aside["detail"]
    assert aside["raw"] == line[:65_536]
    assert reason in REASONS


GOOD = [
    ("a line end in quotes", row(server="a\nb\r\nc"), "raw_server", "a\nb\r\nc"),
    ("a lone carriage return in quotes", row(server="a\rb"), "raw_server", "a\rb"),
    ("an escaped quote", row(server='a "b" c'), "raw_server", 'a "b" c'),
    ("a formula stays data", row(server="=cmd|' /C calc'!A0"), "raw_server", "=cmd|' /C calc'!A0"),
    ("text beyond ASCII", row(server="café €"), "raw_server", "café €"),
    ("a host in capitals", row(hostname="WWW.Klant.Example."), "host", "www.klant.example"),
    ("a host beyond ASCII", row(hostname="www.bücher.example"), "host", "www.xn--bcher-kva.example"),
    ("a host that is none", row(hostname="no host"), "host", None),
    ("a host that is an address", row(hostname="198.18.0.1"), "host", None),
    ("a host with empty labels", row(hostname="a..example"), "host", None),
    ("a host with an underscore", row(hostname="_dmarc.klant.example"), "host", "_dmarc.klant.example"),
    ("an AS number with its letters", row(asn="AS64496"), "asn", 64496),
    ("no port", row(port=""), "port", None),
    ("protocol in capitals", row(protocol="TCP"), "protocol", "tcp"),
    ("an IPv6 address", row(ip="2001:db8::1"), "ip_high", 0x20010DB800000000),
    ("an IPv4-mapped address", row(ip="::ffff:198.18.0.6"), "ip_low", 0xFFFFC6120006),
    ("severity", row(severity="critical"), "severity", 4),
    ("no severity: the kind's own", row(severity=""), "severity", 0),
    ("a time with a zone", row(timestamp="2026-11-01T02:00:00+02:00"), "time", datetime(2026, 11, 1)),  # noqa: DTZ001
    ("a time with a fraction", row(timestamp="2026-11-01 00:00:00.5"), "time", datetime(2026, 11, 1, 0, 0, 0, 500_000)),  # noqa: DTZ001
]


@pytest.mark.parametrize(("line", "column", "value"), [case[1:] for case in GOOD], ids=[c[0] for c in GOOD])
def test_an_unusual_line_is_read_as_it_is_meant(line, column, value):
    batch = among(line)
    assert batch.set_aside.is_empty()
    assert batch.frame["line"].to_list() == list(range(1, 21))
    assert batch.frame[column][5] == value


def test_lines_are_counted_as_rows_and_not_as_line_ends():
    batch = read([row(server="a\nb"), row(ip="wrong"), row(server="c\nd\ne"), b"", row()])
    assert batch.frame["line"].to_list() == [1, 3, 4]
    assert batch.set_aside["line"].to_list() == [2]


def test_mixed_line_ends_in_one_file():
    ends = [b"\n", b"\r\n", b"\r"]
    body = HEADER + b"\n" + b"".join(row(number) + ends[number % 3] for number in range(30))
    (batch,) = read_batches(io.BytesIO(body), FEED, REPORT)
    assert (batch.frame.height, batch.set_aside.height) == (30, 0)


def test_a_last_line_that_is_half_written_is_set_aside():
    batch = read([row(1), row(2), row(3)[:70]])
    assert batch.frame["line"].to_list() == [1, 2]
    assert batch.set_aside.select("line", "reason").rows() == [(3, "quotes")]


def test_a_last_line_without_a_line_end_is_read():
    (batch,) = read_batches(io.BytesIO(HEADER + b"\n" + row()), FEED, REPORT)
    assert batch.frame.height == 1


def test_what_was_set_aside_can_be_corrected_and_replayed():
    batch = among(row(port="70000"))
    corrected = batch.set_aside["raw"][0].replace(b"70000", b"7000")
    (again,) = read_lines([corrected], FEED, REPORT, header_of(io.BufferedReader(io.BytesIO(HEADER + b"\n"))))
    assert again.frame.select("port", "ip").rows() == [(7000, "198.18.0.6")]


def test_columns_in_another_order_are_read_the_same():
    names = list(reversed(REPORT.known))
    values = dict(zip(REPORT.known, next(csv.reader([row().decode()])), strict=True))
    turned = read([",".join(f'"{values[name]}"' for name in names).encode()], header=",".join(names).encode())
    assert turned.frame.equals(read([row()]).frame)
    assert turned.announcements == ()


def test_a_new_column_is_kept_and_announced():
    batch = read([row() + b',"new value"'], header=HEADER + b',"weather"')
    assert batch.frame["raw_weather"].to_list() == ["new value"]
    assert [(one.code, one.columns) for one in batch.announcements] == [("new-columns", ("weather",))]


def test_a_missing_optional_column_is_announced():
    batch = read([row()], header=HEADER.replace(b'"hostname"', b'"gastheer"'))
    assert batch.frame["host"].to_list() == [None]
    assert {one.code: one.columns for one in batch.announcements}["missing-columns"] == ("hostname",)


def test_an_unknown_severity_is_announced_and_the_default_used():
    batch = read([row(severity="huge")])
    assert batch.frame["severity"].to_list() == [0]
    assert [one.code for one in batch.announcements] == ["unknown-severity"]


REFUSED = [
    ("no address column", HEADER.replace(b'"ip"', b'"ipp"') + b"\n", "missing-column", "ip"),
    ("no time column", HEADER.replace(b'"timestamp"', b'"when"') + b"\n", "missing-column", "timestamp"),
    ("a column twice", HEADER + b',"ip"\n', "column-twice", "ip"),
    ("nothing", b"", "no-header", "header"),
    ("only a byte order mark", b"\xef\xbb\xbf", "no-header", "header"),
    ("UTF-16", HEADER.decode().encode("utf-16"), "utf-16", "UTF-16"),
    ("NUL bytes", b"\0" * 100, "no-header", "header"),
    ("a picture", b"\x89PNG\r\n\x1a\n\0\0", "no-header", "header"),
    ("too many columns", ",".join(f"c{n}" for n in range(2000)).encode() + b"\n", "too-many-columns", "1000"),
]


@pytest.mark.parametrize(("body", "reason", "named"), [case[1:] for case in REFUSED], ids=[c[0] for c in REFUSED])
def test_a_file_that_cannot_be_read_is_refused_with_what_is_wrong(body, reason, named):
    with pytest.raises(ReportRefused, match=named) as refused:
        list(read_batches(io.BytesIO(body), FEED, REPORT))
    assert refused.value.reason == reason
    assert refused.value.text.nl


def test_a_byte_order_mark_of_utf_8_is_no_part_of_the_header():
    assert read([row()], header=b"\xef\xbb\xbf" + HEADER).frame.height == 1


def test_a_header_alone_gives_one_empty_batch():
    assert read([]).frame.is_empty()


def test_rows_come_in_batches_and_keep_their_numbers(monkeypatch):
    monkeypatch.setattr(tables, "CHUNK", 4_000)
    body = b"\n".join([HEADER, *(row(number) for number in range(500))])
    batches = list(read_batches(io.BytesIO(body), FEED, REPORT, batch_rows=100))
    assert len(batches) > 4
    assert all(batch.frame.height <= 100 for batch in batches)
    assert pl.concat([batch.frame["line"] for batch in batches]).to_list() == list(range(1, 501))


def test_a_line_longer_than_a_chunk_is_set_aside_and_the_next_is_read(monkeypatch):
    monkeypatch.setattr(tables, "CHUNK", 50_000)
    batch = pl.concat
    body = b"\n".join([HEADER, row(1), row(2, server="x" * 1_000_000), row(3)])
    frames = list(read_batches(io.BytesIO(body), FEED, REPORT))
    assert batch([one.frame for one in frames])["line"].to_list() == [1, 3]
    assert batch([one.set_aside for one in frames]).select("line", "reason").rows() == [(2, "too-long")]


def test_an_account_is_a_keyed_hash_and_its_secret_columns_are_not_read():
    report = FEED.reports["compromised_account"]
    values = {"timestamp": "2026-11-01 00:00:00", "email": "Jan@klant.example", "username": "jan", "severity": "high"}
    line = ",".join(values.get(name, "geheim") for name in report.known).encode()
    body = ",".join(report.known).encode() + b"\n" + line + b"\n"
    (one,) = read_batches(io.BytesIO(body), FEED, report, secret=b"1" * 32)
    (other,) = read_batches(io.BytesIO(body), FEED, report, secret=b"2" * 32)
    assert one.frame["host"].to_list() == ["klant.example"]
    assert one.frame["raw_account"][0] != other.frame["raw_account"][0]
    assert "jan" not in str(one.frame.to_dicts()).lower()


def test_a_victim_with_only_a_name_is_kept_for_a_person_to_match():
    report = FEED.reports["ransomware_victim"]
    values = {"timestamp": "2026-11-01 00:00:00", "entity_name": "Bakkerij Jansen", "ransomware": "bende"}
    body = ",".join(report.known) + "\n" + ",".join(values.get(name, "") for name in report.known) + "\n"
    (batch,) = read_batches(io.BytesIO(body.encode()), FEED, report)
    assert batch.frame.select("ip", "host", "raw_entity_name").rows() == [(None, None, "Bakkerij Jansen")]
