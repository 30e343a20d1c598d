"""Packed reports: read within bounds, refused with a reason beyond them, and never a way to write or climb."""

import gzip
import io
import os
import zipfile

import pytest

from dijkwacht.data.reading import Limits, ReportRefused, open_report

BODY = b"".join(b"a,b,%d\n" % number for number in range(1000))


def _zip(path, members: dict[str, bytes]):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return path


def _contents(path, **options: object):
    return {member.name: member.stream.read() for member in open_report(path, **options)}


def test_plain_gzip_and_zip_give_the_same_bytes(tmp_path):
    (tmp_path / "report.csv").write_bytes(BODY)
    (tmp_path / "report.csv.gz").write_bytes(gzip.compress(BODY))
    for name in ("report.csv", "report.csv.gz"):
        assert _contents(tmp_path / name) == {"report.csv": BODY}
    assert _contents(_zip(tmp_path / "in.zip", {"report.csv": BODY, "two.csv": b"x"})) == {
        "report.csv": BODY,
        "two.csv": b"x",
    }


def test_what_a_file_is_follows_from_its_bytes_and_not_its_name(tmp_path):
    (tmp_path / "report.csv").write_bytes(gzip.compress(BODY))
    assert _contents(tmp_path / "report.csv", name="2026.csv") == {"2026.csv": BODY}


def test_several_packed_parts_in_one_gzip_are_read_as_one(tmp_path):
    (tmp_path / "two.gz").write_bytes(gzip.compress(b"one\n") + gzip.compress(b"two\n"))
    assert _contents(tmp_path / "two.gz") == {"two": b"one\ntwo\n"}


def test_a_member_outlives_the_iteration(tmp_path):
    (tmp_path / "report.csv").write_bytes(BODY)
    member = next(iter(open_report(tmp_path / "report.csv")))
    assert member.stream.read() == BODY


NAMES = ["../../etc/passwd", "/etc/passwd", "C:\\Windows\\passwd", "..\\..\\passwd", "a/b/../passwd", "pass\x1b\nwd"]


@pytest.mark.parametrize("name", NAMES)
def test_a_path_in_a_zip_is_only_a_name(tmp_path, name):
    assert list(_contents(_zip(tmp_path / "in.zip", {name: b"x"}))) == ["passwd"]


def _bomb() -> bytes:
    return gzip.compress(bytes(80 << 20))


TOO_MUCH = [
    ("too many entries", lambda path: _zip(path, {f"{n}.csv": b"x" for n in range(11)}), "too-many-entries"),
    ("a zip that unpacks too large", lambda path: _zip(path, {"a": bytes(3 << 20), "b": bytes(3 << 20)}), "too-large"),
    ("a gzip that unpacks too large", lambda path: path.write_bytes(gzip.compress(os.urandom(6 << 20))), "too-large"),
    ("a gzip in a zip", lambda path: _zip(path, {"a.gz": gzip.compress(b"x")}), "nested"),
    ("a zip in a zip", lambda path: _zip(path, {"a.csv": _zip(io.BytesIO(), {"x": b"x"}).getvalue()}), "nested"),
    ("a gzip in a gzip", lambda path: path.write_bytes(gzip.compress(gzip.compress(b"x"))), "nested"),
    ("bzip2", lambda path: path.write_bytes(b"BZh91AY&SY"), "packing"),
    ("a cut gzip", lambda path: path.write_bytes(gzip.compress(BODY)[:-20]), "damaged"),
    ("a gzip with a wrong checksum", lambda path: path.write_bytes(gzip.compress(BODY)[:-8] + bytes(8)), "damaged"),
    ("a zip without its directory", lambda path: path.write_bytes(b"PK\x03\x04" + bytes(50)), "damaged"),
]


@pytest.mark.parametrize(("make", "reason"), [case[1:] for case in TOO_MUCH], ids=[case[0] for case in TOO_MUCH])
def test_an_archive_beyond_the_bounds_is_refused_with_a_reason(tmp_path, make, reason):
    make(tmp_path / "in")
    with pytest.raises(ReportRefused) as refused:
        _contents(tmp_path / "in", limits=Limits(entries=10, total_bytes=5 << 20))
    assert refused.value.reason == reason
    assert refused.value.text.nl
    assert refused.value.text.en


def test_a_bomb_is_refused_before_it_has_unpacked(tmp_path):
    (tmp_path / "bomb.gz").write_bytes(_bomb())
    (member,) = open_report(tmp_path / "bomb.gz", Limits(ratio=100, ratio_from=1 << 20))
    with pytest.raises(ReportRefused, match="100 times"):
        member.stream.read()


def test_an_encrypted_member_is_refused(tmp_path):
    path = _zip(tmp_path / "in.zip", {"a.csv": BODY})
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x03\x04") + 6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    with pytest.raises(ReportRefused, match="encrypted"):
        _contents(path)


def test_a_damaged_byte_anywhere_in_a_zip_is_refused_or_harmless(tmp_path):
    path = _zip(tmp_path / "in.zip", {"a.csv": BODY})
    whole = path.read_bytes()
    for position in range(0, len(whole), 7):
        path.write_bytes(whole[:position] + bytes([whole[position] ^ 0x55]) + whole[position + 1 :])
        try:
            found = set(_contents(path).values())
        except ReportRefused:
            continue
        # Where the magic bytes themselves are hit it is no archive, and is read as it stands.
        assert found <= {BODY} or position < 8
