"""Inventories meet statements: by which name, with what verdict and evidence, at any size."""

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dijkwacht.rooms.advisories.catalogue.naming import cpe_key, product_key, purl_key, vendor_key
from dijkwacht.rooms.advisories.matching import rules
from dijkwacht.rooms.advisories.matching.evidence import How, unpack
from dijkwacht.rooms.advisories.statements import COLUMNS

SCHEMA = {name: pl.List(pl.String) if name == "models" else pl.String for name in COLUMNS}
CONTROLLER = ("Siemens", "SIMATIC S7-1500 CPU 1511-1 PN (6ES7511-1AK00-0AB0)")
S7 = {"vendor": "siemens", "product": "simatic_s7-1500", "cpe": "cpe:2.3:h:siemens:simatic_s7-1500:-:*:*:*:*:*:*:*"}


def statements(*rows):
    defaults = {"source": "s", "item": "i", "vulnerability": "CVE-2026-1", "vendor": "Acme", "product": "Gate 3000",
                "version": "< 2.0", "notation": "text", "status": "affected", "cpe": "", "purl": "", "models": [],
                "remedy": ""}  # fmt: skip
    return pl.DataFrame([{**defaults, **row} for row in rows], schema=SCHEMA)


def inventory(*rows):
    return pl.DataFrame(
        [
            {**dict.fromkeys(rules.INVENTORY, ""), "organisation": "o", "line": str(n), **row}
            for n, row in enumerate(rows)
        ],
        schema=dict.fromkeys(rules.INVENTORY, pl.String),
    )


def aliases(*rows):
    defaults = {"product": "p", "kind": "name", "vendor": "", "value": "", "same": True, "judged": True}
    return pl.DataFrame([{**defaults, **row} for row in rows], schema=rules.ALIASES)


def met(said, ours, known=None):
    """How a line met a statement, the verdict, and whether that is sure; None where it did not."""
    found = rules.match(said, inventory(ours), aliases() if known is None else known)
    if not found.height:
        return None
    row = found.row(0, named=True)
    return unpack(row["evidence"]).how, row["verdict"], row["sure"]


@pytest.mark.parametrize(
    ("theirs", "ours", "how", "sure"),
    [
        (S7, {"vendor": "Siemens AG", "product": "SIMATIC S7-1500"}, How.NAME, True),
        (S7, {"vendor": "", "product": "Siemens SIMATIC S7-1500"}, How.NAME, True),
        (S7, {"vendor": "", "product": "S7 1500 SIMATIC", "cpe": S7["cpe"]}, How.CPE, True),
        (S7, {"vendor": "Siemens", "product": "S7-1500 SIMATIC"}, How.WORDS, True),
        (S7, {"vendor": "", "product": "SIMATIC S7-1500"}, How.PRODUCT, False),
        (S7, {"vendor": "Siemens", "product": "SIMATIC S7-1500 CPU 1511"}, How.PART, False),
        (S7, {"vendor": "Siemans", "product": "SIMATIC S7-1500"}, How.OTHER_VENDOR, False),
        (S7, {"vendor": "Siemens", "product": "SIMATIK S7-1500"}, How.SPELLING, False),
        ({"vendor": CONTROLLER[0], "product": CONTROLLER[1]}, {"product": "6ES7511-1AK00-0AB0"}, How.MODEL, False),
        (
            {"vendor": "Siemens", "product": "CPU 1511-1 PN", "models": ["6ES7511-1AK00-0AB0"]},
            {"vendor": "Siemens", "product": "Besturing 6ES7511-1AK00-0AB0"},
            How.MODEL,
            True,
        ),
        (
            {"product": "left-pad", "purl": "pkg:npm/left-pad"},
            {"product": "x", "purl": "pkg:npm/left-pad@1.0.0"},
            How.PURL,
            True,
        ),
        (
            {"vendor": "qualcomm", "product": "aqt1000_firmware"},
            {"vendor": "Qualcomm", "product": "AQT1000"},
            How.NAME,
            True,
        ),
    ],
)
def test_a_name_is_met_in_the_way_that_its_evidence_says(theirs, ours, how, sure):
    assert met(statements(theirs), {"version": "1.0", **ours}) == (how, "affected", sure)


@pytest.mark.parametrize(
    "ours",
    [
        {"vendor": "Siemens", "product": "SIMATIC S7-1200"},
        {"vendor": "Siemens", "product": "Teamcenter"},
        {"vendor": "", "product": "1500"},
        {"vendor": "", "product": ""},
        {"vendor": "n/a", "product": "n/a"},
    ],
)
def test_another_product_is_not_met(ours):
    assert met(statements(S7), {"version": "1.0", **ours}) is None


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("Access point 802.11a/b/g/n", "Wireless bridge 802.11a/b/g/n"),
        ("Converter RS-232/RS-485", "Serial server RS-232/RS-485"),
        ("Switch 10/100/1000Base-T", "Media gateway 10/100/1000Base-T"),
        ("RTU with IEC60870-5-104", "Telecontrol IEC60870-5-104"),
    ],
)
def test_a_standard_in_two_names_does_not_make_strangers_one_product(theirs, ours):
    said = statements({"vendor": "Acme", "product": theirs})
    assert met(said, {"vendor": "Other", "product": ours, "version": "1.0"}) is None
    assert met(said, {"vendor": "", "product": ours, "version": "1.0"}) is None
    same = met(said, {"vendor": "Acme", "product": ours, "version": "1.0"})
    assert same == (How.MODEL, "affected", False)  # of one vendor an analyst looks


def test_a_model_number_that_a_source_gives_to_two_products_links_neither():
    said = statements({"vendor": "Microsoft", "product": "Windows 11"})
    ours = {"vendor": "Microsoft", "product": "Exchange Server", "version": "1.0"}
    windows, exchange = (
        [
            {"product": name, "vendor": "Microsoft", "value": name, "judged": False},
            {"product": name, "kind": "model", "value": "x64-based Systems", "judged": False},
        ]
        for name in ("Windows 11", "Exchange Server")
    )
    known = aliases(*windows, *exchange)
    assert met(said, ours, known) is None
    assert (
        met(statements({"vendor": "Microsoft", "product": "Windows 11", "models": ["x64-based Systems"]}), ours, known)
        is None
    )


def test_the_version_in_a_purl_is_read_as_it_is_meant():
    said = statements({"purl": "pkg:deb/debian/gate", "version": "vers:deb/<1:1.2-4", "notation": "vers"})
    assert met(said, {"purl": "pkg:deb/debian/gate@1%3A1.2-3?arch=amd64"}) == (How.PURL, "affected", True)


def test_an_alias_joins_two_names_and_a_denial_parts_them():
    said = statements({"vendor": "Acme", "product": "Gate 3000"})
    ours = {"vendor": "Acme", "product": "Poortwachter", "version": "1.0"}
    assert met(said, ours) is None
    both = [{"vendor": "Acme", "value": "Gate 3000"}, {"vendor": "Acme", "value": "Poortwachter"}]
    assert met(said, ours, aliases(*both)) == (How.ALIAS, "affected", True)
    assert met(said, ours, aliases(*({**one, "judged": False} for one in both))) == (How.LINKED, "affected", True)
    part = {"vendor": "Acme", "product": "Gate 3000 Pro", "version": "1.0"}
    assert met(said, part)[0] == How.PART
    assert met(said, part, aliases(both[0], {"vendor": "Acme", "value": "Gate 3000 Pro", "same": False})) is None


@pytest.mark.parametrize(
    ("said", "version", "verdict"),
    [
        ([{"version": "< 1.5"}, {"version": ">= 2.0 | < 2.3"}], "2.1", "affected"),
        ([{"version": "< 1.5"}, {"version": ">= 2.0 | < 2.3"}], "1.7", "not_affected"),
        ([{"version": "< 1.5"}, {"version": "all sorts of"}], "1.7", "unknown"),
        ([{"version": "< 1.5"}, {"version": "1.5", "status": "fixed"}], "1.7", "not_affected"),
        ([{"version": "< 1.5"}, {"version": "1.9"}], "1.7", "unknown"),
        ([{"version": "all"}, {"version": "1.7", "status": "not_affected"}], "1.7", "affected"),
        ([{"version": "1.7", "status": "fixed"}], "1.6", "unknown"),
    ],
)
def test_of_several_statements_of_one_item_the_worst_counts_and_a_doubt_is_never_hidden(said, version, verdict):
    assert met(statements(*said), {"vendor": "Acme", "product": "Gate 3000", "version": version})[1] == verdict


def test_two_items_are_two_rows_with_their_remedies():
    said = statements({"item": "a", "remedy": "Update"}, {"item": "b", "version": "< 1.0"})
    found = rules.match(said, inventory({"vendor": "Acme", "product": "Gate 3000", "version": "1.5"}), aliases())
    assert found.select("item", "verdict", "remedy").sort("item").rows() == [
        ("a", "affected", "Update"),
        ("b", "not_affected", ""),
    ]
    assert found.columns == list(rules.RESULT)


def test_a_line_without_a_version_takes_that_of_its_cpe_or_purl():
    said = statements({"cpe": "cpe:2.3:a:acme:gate:*:*:*:*:*:*:*:*", "purl": "pkg:pypi/gate"})
    lines = inventory(
        {"cpe": "cpe:2.3:a:acme:gate:3.0:*:*:*:*:*:*:*"}, {"purl": "pkg:pypi/gate@1.0?x=1"}, {"purl": "pkg:pypi/gate"}
    )
    found = rules.match(said, lines, aliases()).sort("line")
    assert found["verdict"].to_list() == ["not_affected", "affected", "unknown"]


def test_nothing_meets_nothing():
    assert rules.match(statements(), inventory(), aliases()).schema == rules.RESULT
    assert rules.match(statements({}), inventory(), aliases()).height == 0
    assert rules.match(statements(), inventory({"product": "Gate 3000"}), aliases()).height == 0


TEXT = st.text(max_size=40)


@settings(max_examples=200, deadline=None)
@given(TEXT, TEXT, TEXT)
@example("the na", "NA firmware", "")
def test_any_name_has_one_spelling(vendor, product, other):
    key = product_key(vendor, product)
    assert product_key("", key) == key or not key
    assert vendor_key(vendor_key(vendor)) == vendor_key(vendor)
    assert isinstance(cpe_key(other) + purl_key(other), str)
