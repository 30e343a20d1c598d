"""Registers as strangers hand them in: bounded before they are parsed, and refused in words."""

import io
import json
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from dijkwacht.rooms.linkage.errors import UnusableMapping, UnusableRegister
from dijkwacht.rooms.linkage.linking import values
from dijkwacht.rooms.linkage.linking.dates import day
from dijkwacht.rooms.linkage.linking.mapping import FIELDS, Layout, read_mapping
from dijkwacht.rooms.linkage.linking.names import take_apart
from dijkwacht.rooms.linkage.linking.normal import normal_row
from dijkwacht.rooms.linkage.linking.reading import MOST_CELL, read_register

LAYOUT = Layout("a", {"name": ("name",)})
HOSTILE = '<script>alert("x")</script>'


def read(tmp_path, name, content, layout=LAYOUT):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_register(path, layout)


def workbook(rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_three_formats_give_the_same_rows(tmp_path):
    rows = [["name", "kvk"], ["Jansen B.V.", "01234567"], ["Café Ü", ""]]
    listed = {"list": [{"name": "Jansen B.V.", "kvk": "01234567"}, {"name": "Café Ü", "kvk": None}]}
    made = [
        read(tmp_path, "a.csv", "\n".join(",".join(row) for row in rows)),
        read(tmp_path, "b.csv", "\r\n".join(";".join(row) for row in rows).encode("cp1252")),
        read(tmp_path, "a.xlsx", workbook(rows)),
        read(tmp_path, "a.json", json.dumps(listed), Layout("a", {"name": ("name",)}, records="list")),
    ]
    assert all(one.rows == [{"name": "Jansen B.V.", "kvk": "01234567"}, {"name": "Café Ü"}] for one in made)
    assert [note.reason_en for note in made[1].notes] == ["no UTF-8; read as cp1252"]


def test_a_formula_is_no_value_and_is_noted(tmp_path):
    found = read(tmp_path, "a.xlsx", workbook([["name", "city"], ["X", '=HYPERLINK("http://evil.example","y")']]))
    assert found.rows == [{"name": "X"}]
    assert [(note.row, note.column) for note in found.notes] == [(1, "city")]


def test_a_script_in_a_name_is_text_like_any_other(tmp_path):
    assert read(tmp_path, "a.csv", f'name\n"{HOSTILE.replace(chr(34), chr(34) * 2)}"\n').rows == [{"name": HOSTILE}]


def test_a_cell_of_ten_megabytes_is_cut_and_noted(tmp_path):
    found = read(tmp_path, "a.csv", "name\n" + "x" * 10_000_000 + "\n")
    assert len(found.rows[0]["name"]) == MOST_CELL
    assert found.notes[0].reason_en == f"cut at {MOST_CELL} characters"
    assert len(take_apart(found.rows[0]["name"]).text) <= 300


def bomb():
    """A workbook of a few kilobytes that unpacks to a hundred megabytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 100_000_000)
    return target.getvalue()


REFUSED = {
    "a zip bomb": ("a.xlsx", bomb(), "unpacks to far more"),
    "no zip": ("a.xlsx", b"PK no zip", "no workbook"),
    "a zip that is no workbook": ("a.xlsx", bomb()[:100], "no workbook"),
    "nothing": ("a.csv", b"", "empty"),
    "a header that lacks the column": ("a.csv", b"naam,kvk\nX,1\n", "lacks column name; it has: naam, kvk"),
    "a header with one name twice": ("a.csv", b"name,name\nX,Y\n", "same name"),
    "very many columns": ("a.csv", b"name" + b",c" * 300, "more than 256 columns"),
    "no JSON": ("a.json", b"{", "no JSON"),
    "JSON that nests": ("a.json", b"[" * 100_000, "no JSON"),
    "JSON that is no list": ("a.json", b'{"a": 1}', "no list"),
    "another format": ("a.pdf", b"%PDF", "does not end in"),
    "bytes of no encoding": ("a.csv", b"name\n\x81\x8d\n", "characters are not"),
    "a quote that never ends": ("a.csv", b'name\n"' + b"x" * 70_000_000, "no CSV"),
}


@pytest.mark.parametrize(("name", "content", "reason"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_read_is_refused_with_the_reason(tmp_path, name, content, reason):
    with pytest.raises(UnusableRegister) as caught:
        read(tmp_path, name, content)
    assert reason in caught.value.text("en")
    assert caught.value.text("nl") != caught.value.text("en")


MAPPINGS = {
    "no TOML": b"= 1",
    "no text": b"\xff\xfe",
    "an unknown word": b'colums = "x"',
    "an unknown field": b'[columns]\nnaem = "x"',
    "a column that is no text": b"[columns]\nname = 1",
    "an unknown encoding": b'encoding = "utf-99"\n[columns]\nname = "x"',
    "a long delimiter": b'delimiter = ";;"\n[columns]\nname = "x"',
    "files that are no tables": b'files = "x"',
}


@pytest.mark.parametrize("content", MAPPINGS.values(), ids=MAPPINGS)
def test_a_mapping_that_is_wrong_is_refused(content):
    with pytest.raises(UnusableMapping):
        read_mapping(content).layout("a.csv")


def test_a_mapping_may_name_columns_for_all_files_and_for_one():
    mapping = read_mapping(b'[columns]\nname = ["naam", "name"]\n[files.b]\nsource = "dtc"\ncolumns = { name = "N" }')
    assert mapping.layout("a.csv") == Layout("a", {"name": ("naam", "name")})
    assert mapping.layout("b.csv") == Layout("dtc", {"name": ("N",)})


NUMBERS = [
    ("01234567", "01234567"), ("1234567.0", "01234567"), ("1234567", "01234567"), ("KvK 41.234.567", "41234567"),
    ("412345670000", "41234567"), ("00000000", ""), ("12345678", ""), ("", ""), ("123", ""), ("abc", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), NUMBERS)
def test_a_number_gets_its_shape_or_none(text, expected):
    assert values.kvk(text) == expected


PHONES = [
    ("010-0123456", "100123456"), ("+31 (0)10 0123456", "100123456"), ("0031100123456", "100123456"),
    ("+49 30 123456", "4930123456"), ("0000000000", ""), ("", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), PHONES)
def test_a_telephone_number_gets_one_shape(text, expected):
    assert values.phone(text) == expected


def test_domains_are_those_of_an_organisation():
    assert values.domain("https://www.Bakker.example/nl/?x=1") == "bakker.example"
    assert values.domain("shop.bakker.co.uk") == "bakker.co.uk"
    assert values.domain("gmail.com") == values.domain("niet bekend") == values.domain("") == ""
    assert values.mailbox("Info@bakker.example") == ("bakker.example", "")
    assert values.mailbox("jan@gmail.com") == ("", "jan@gmail.com")


def test_days_are_read_as_registers_write_them():
    assert {str(day(text)) for text in ("2012-03-04", "04-03-2012", "04/03/2012", "04 Mar 2012", "4 mrt 2012")} == {
        "2012-03-04"
    }
    assert day("gisteren") is None


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(FIELDS), st.text(max_size=80)))
def test_no_text_stops_normalisation(row):
    normal_row(row, Layout("a", {field: (field,) for field in FIELDS}))
