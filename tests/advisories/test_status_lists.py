"""Tables of product status: what they say is kept apart from what they do not say, in every form of the real list."""

import csv
import io
import json
from pathlib import Path

import pytest

import dijkwacht
from dijkwacht.data.statements import COLUMNS
from dijkwacht.feeds.advisories.list.parse import parse
from dijkwacht.feeds.advisories.recognise import kind_of

SAMPLE = Path(dijkwacht.__file__).parent / "feeds/advisories/list/samples/log4shell-sample.md"
HEAD = (
    "| Supplier | Product | Version (see Status) | Status CVE-2021-44228 | Status CVE-2021-45046 | Notes | Links |\n"
    "|:---------|:--------|:--------------------:|:---------------------:|:---------------------:|:------|------:|\n"
)


def said(rows, product, version, cve="CVE-2021-44228", vendor="Voorbeeld"):
    """What the whole way says of one product in one version: by the parser, by the match, in three values."""
    import polars as pl

    from dijkwacht.rooms.advisories.matching.rules import ALIASES, match

    page = parse((HEAD + rows).encode(), "page.md")
    statements = [
        ("log4shell", page.items[0].key, *(getattr(one, name) for name in COLUMNS[2:]))
        for one in page.items[0].statements
    ]
    schema = {name: pl.List(pl.String) if name == "models" else pl.String for name in COLUMNS}
    frame = pl.DataFrame([(*row[:10], list(row[10]), row[11]) for row in statements], schema=schema, orient="row")
    line = {"organisation": "o", "line": "1", "vendor": vendor, "product": product, "version": version}
    found = match(frame, pl.DataFrame([line | {"cpe": "", "purl": ""}]), pl.DataFrame(schema=ALIASES))
    verdicts = found.filter(found["vulnerability"] == cve)["verdict"].to_list()
    return verdicts[0] if verdicts else "nothing"


@pytest.mark.parametrize(
    ("state", "version", "asked", "verdict"),
    [
        ("Vulnerable", "5.1 to 6.0", "5.2", "affected"),
        ("Vulnerable", "5.1 to 6.0", "7.0", "unknown"),
        ("Vulnerable", "All", "7.0", "affected"),
        ("Vulnerable", "", "7.0", "unknown"),
        ("Workaround", "3.4, 3.5", "3.4", "affected"),
        ("Fix/Workaround", "Versions before 19.6", "19.2", "affected"),
        ("Fix", "6.8.22", "6.8.22", "not_affected"),
        ("Fix", "6.8.22", "6.8.21", "unknown"),
        ("Fix", "< 2.15.0", "2.14.1", "unknown"),
        ("Fix", "All", "7.0", "unknown"),
        ("Fix", "13-15", "14", "unknown"),
        ("Fix", "12.1", "12.1", "unknown"),
        ("Fix", "4.6.8, 4.6.0, 4.6.7", "4.6.0", "unknown"),
        ("Not vuln", "All", "7.0", "not_affected"),
        ("Not Vuln", "8.0.7 - 8.4.3", "8.1.0", "not_affected"),
        ("Not vuln", "8.0.7 - 8.4.3", "9.0", "unknown"),
        ("Not vuln", "", "7.0", "unknown"),
        ("Not vuln", "All (excluding EX)", "7.0", "unknown"),
        ("Not vuln", "SaaS", "7.0", "unknown"),
        ("Investigation", "All", "7.0", "unknown"),
        ("x", "", "7.0", "unknown"),
        ("", "", "7.0", "unknown"),
    ],
)
def test_a_status_says_no_more_than_its_words(state, version, asked, verdict):
    assert said(f"|Voorbeeld|Poort|{version}|{state}| |||\n", "Poort", asked) == verdict


@pytest.mark.parametrize(("version", "verdict"), [("All", "unknown"), ("2.0.1", "not_affected")])
def test_a_version_beside_a_fix_is_that_of_the_fix(version, verdict):
    row = f"|Voorbeeld|Poort|{version}|Fix|Not vuln|||\n"
    assert said(row, "Poort", "2.0.1", "CVE-2021-45046") == verdict


def test_all_products_of_a_supplier_say_nothing_of_one_that_the_list_names():
    alone = "|Zabbix|All|All|Not vuln| |||\n"
    assert said(alone, "Zabbix", "6.0", vendor="Zabbix") == "not_affected"
    assert said(alone + "|Zabbix|Gateway|All|Vulnerable| |||\n", "Zabbix", "6.0", vendor="Zabbix") == "unknown"


def test_rows_of_one_product_are_weighed_together():
    rows = "|Voorbeeld|Poort|2.0 to 2.4|Vulnerable| |||\n|Voorbeeld|Poort|All|Not vuln| |||\n"
    assert said(rows, "Poort", "2.1") == "affected"


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("|Voorbeeld|Poort|1.0|Fix| |a | too many||\n", "8 cells under 7 columns"),
        ("|Voorbeeld|Poort|1.0|Fixed| |||\n", "Status CVE-2021-44228 says 'Fixed'"),
        ("|Voorbeeld||1.0|Fix| |||\n", "names no supplier, no product"),
    ],
    ids=["cells", "word", "product"],
)
def test_a_row_that_is_not_understood_is_set_aside_and_the_others_come_in(row, why):
    good = "|Voorbeeld|Sluis|1.0|Vulnerable| |||\n"
    found = parse((HEAD + row + good).encode(), "page.md")
    assert [one.place for one in found.aside] == ["page.md, line 3"]
    assert why in found.aside[0].findings[0]
    assert {one.product for one in found.items[0].statements} == {"Sluis"}
    assert kind_of(found.aside[0].raw) == "list"  # and can be tried again by itself


def test_the_same_list_as_csv_and_json_says_the_same():
    rows = [line.split("|")[1:-1] for line in SAMPLE.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    names = [one.strip().replace("Version (see Status)", "Version") for one in rows[0]]
    records = [dict(zip(names, (cell.strip() for cell in row), strict=True)) for row in rows[2:]]
    for one in records:
        label, _, url = one["Links"].partition("](")
        one["Links"] = {label.strip("["): url.rstrip(")")}
    written = io.StringIO()
    writer = csv.DictWriter(written, names)
    writer.writeheader()
    writer.writerows(one | {"Links": [*one["Links"].values()]} for one in records)
    wanted = {one.vulnerability + one.product + one.version + one.status for one in _statements(SAMPLE.read_bytes())}
    for raw in (json.dumps(records).encode(), written.getvalue().encode()):
        assert kind_of(raw) == "list"
        got = _statements(raw)
        assert {one.vulnerability + one.product + one.version + one.status for one in got} == wanted
        assert any("https://kafka.apache.org/cve-list" in one.remedy for one in got)


def _statements(raw):
    found = parse(raw, "list")
    assert not found.aside
    return found.items[0].statements


@pytest.mark.parametrize(
    "raw", [b"", b"\x00\xff|", b"| Supplier | Product |", b"[" * 100, b'[{"Supplier": 1}]', b'Supplier,Product,\n"a']
)
def test_what_is_no_list_is_said_in_words(raw):
    found = parse(raw, "odd")
    assert not found.items
    assert found.aside[0].findings[0]
