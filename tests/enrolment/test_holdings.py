"""Pasted lists: what each line is understood as, and what is left out with its reason."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dijkwacht.rooms.enrolment import holdings

ON = date(2026, 11, 25)


def read(text):
    return holdings.read(text, reserved=True, on=ON)


@pytest.mark.parametrize(
    ("written", "kind", "values"),
    [
        ("192.0.2.0/24", "prefix", ["192.0.2.0/24"]),
        ("192.0.2.0 - 192.0.2.255", "prefix", ["192.0.2.0/24"]),
        ("192.0.2.0-192.0.2.255", "prefix", ["192.0.2.0/24"]),
        ("192.0.2.0 \u2013 192.0.2.255", "prefix", ["192.0.2.0/24"]),
        ("192.0.2.0 - 192.0.2.130", "prefix", ["192.0.2.0/25", "192.0.2.128/31", "192.0.2.130/32"]),
        ("192.0.2.7", "prefix", ["192.0.2.7/32"]),
        ("2001:db8:1::/48", "prefix", ["2001:db8:1::/48"]),
        ("inetnum:        198.51.100.0 - 198.51.100.127", "prefix", ["198.51.100.0/25"]),
        ("aut-num:        AS64496", "asn", ["64496"]),
        ("AS 64496", "asn", ["64496"]),
        ("https://www.debron.example:8443/pad?x=1#y", "domain", ["www.debron.example"]),
        ("mailto:info@debron.example", "domain", ["debron.example"]),
        ("Jan@DeBron.Example", "domain", ["debron.example"]),
        ("*.debron.example", "domain", ["debron.example"]),
        ("<debron.example>", "domain", ["debron.example"]),
        ("http://192.0.2.9/", "prefix", ["192.0.2.9/32"]),
    ],
)
def test_a_line_is_understood(written, kind, values):
    (line,) = read(written)
    assert (line.kind, list(line.values)) == (kind, values)


def test_a_spreadsheet_and_a_ripe_object_are_read_line_by_line():
    text = (
        "organisation;kind;value\r\n;prefix;192.0.2.0/25\r\n;domain;debron.example\r\n\r\n# ours\r\n% RIPE\r\n"
        "inetnum:   198.51.100.0 - 198.51.100.255\r\nnetname:   BRON\r\ndescr:     De Bron B.V.\r\n"
    )
    found = read(text)
    assert [(line.number, line.shown) for line in found] == [
        (2, "192.0.2.0/25"),
        (3, "debron.example"),
        (7, "198.51.100.0/24"),
    ]


@pytest.mark.parametrize(
    "written",
    ["0.0.0.0/0", "10.0.0.0/8", "AS0", "nl", "not a domain!", "192.0.2.300", "=cmd|'/c calc'!A1", "https://[::1"],
)
def test_what_is_not_understood_is_left_out_with_a_reason_in_both_languages(written):
    found = read(written)
    assert found
    refused = [line for line in found if not line.values]
    assert refused
    assert all(line.note_nl and line.note_nl != line.note_en for line in refused)


def test_the_same_thing_twice_counts_once_and_is_said():
    found = read("debron.example\nhttps://debron.example/\n")
    assert holdings.values(found) == [("domain", "debron.example")]
    assert found[1].note_en == "stands above already"


def test_a_flood_of_assets_is_bounded(monkeypatch):
    monkeypatch.setattr(holdings, "MOST", 500)
    found = read("\n".join(f"n{number}.debron.example" for number in range(700)))
    assert len(holdings.values(found)) == 500
    assert "at most 500 assets" in found[-1].note_en


@given(st.text(max_size=300))
def test_no_text_escapes_as_an_error(text):
    read(text)
