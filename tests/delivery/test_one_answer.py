"""There is one way to match: what is delivered, counted, asked by command and computed of frames is the same."""

import json

import polars as pl
import pytest
from click.testing import CliRunner
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.advisories.said import take
from tests.delivery.shelf import runs
from tests.notification.world import TEST, member, organisation

from dijkwacht.platform import tenancy
from dijkwacht.rooms.advisories.catalogue.reads import aliases
from dijkwacht.rooms.advisories.delivery import counting, finding, running
from dijkwacht.rooms.advisories.delivery.models import Concern, Match
from dijkwacht.rooms.advisories.inventory import actions as inventories
from dijkwacht.rooms.advisories.inventory.models import Inventory, Line
from dijkwacht.rooms.advisories.inventory.rules import Entry, Reading, Source
from dijkwacht.rooms.advisories.matching import rules
from dijkwacht.rooms.advisories.matching.cli import affected, match
from dijkwacht.rooms.advisories.sourcing import reads as sourcing
from dijkwacht.rooms.advisories.sourcing.models import Matter
from dijkwacht.rooms.advisories.statements import COLUMNS

pytestmark = pytest.mark.django_db
CPE = "cpe:2.3:a:acme:gate_3000:{}:*:*:*:*:*:*:*"
# Who runs what: vendor, product, version, CPE, purl.
RUN = {
    "affected": [("Acme Inc.", "Gate 3000", "1.0", "", "")],
    "in another spelling": [("ACME", "gate_3000", "1.0", "", "")],
    "newer": [("Acme", "Gate 3000", "2.5", "", "")],
    "no version": [("acme", "Gate 3000", "", "", "")],
    "a version that says nothing": [("Acme", "Gate 3000", "the blue one", "", "")],
    "no vendor": [("", "Gate 3000", "1.9", "", "")],
    "a longer name": [("Acme", "Gate 3000 Pro", "1.0", "", "")],
    "by its CPE": [("", "toegangspoort", "", CPE.format("1.4"), "")],
    "by its CPE, newer": [("", "toegangspoort", "", CPE.format("2.4"), "")],
    "package": [("", "ottr", "", "", "pkg:npm/ottr@1.0")],
    "package, newer": [("", "ottr", "", "", "pkg:npm/ottr@3.0")],
    "package of another case": [("", "OTTR-x", "", "", "pkg:npm/OTTR@1.0")],
    "two": [("Acme", "Gate 3000", "1.0", "", ""), ("Acme", "Gate 3000", "2.5", "", "")],
    "something else": [("Other", "Thing", "1.0", "", "")],
}


@pytest.fixture(autouse=True)
def centre():
    with tenancy.acting(TEST):
        yield


def versions(below):
    return [{"version": "0", "lessThan": below, "status": "affected", "versionType": "custom"}]


def record():
    """A CVE record of three products."""
    named = [
        {"vendor": "Acme", "product": "Gate 3000", "cpes": [CPE.format("*")], "versions": versions("2.0")},
        {"vendor": "n/a", "product": "ottr", "packageURL": "pkg:npm/ottr", "versions": versions("2.0")},
        {"vendor": "Dijk", "product": "Sluis", "versions": versions("9")},
    ]
    at = "2026-11-01T08:00:00.000Z"
    return {
        "dataType": "CVE_RECORD",
        "cveMetadata": {"cveId": "CVE-2026-4001", "state": "PUBLISHED", "datePublished": at, "dateUpdated": at},
        "containers": {"cna": {"descriptions": [{"lang": "en", "value": "It is wrong."}], "affected": named}},
    }


@pytest.fixture
def world(shelf):
    """Everybody's inventory told, the record taken in, and an advisory that says the same; gives its key."""
    for name, lines in RUN.items():
        owner = organisation(name, mail="")
        row = Inventory.objects.create(organisation=owner, name="Alles", created_by="test")
        entries = [Entry(product, version, vendor, cpe, purl) for vendor, product, version, cpe, purl in lines]
        inventories.take_in(actor=TEST, inventory=row.id, reading=Reading(Source.CSV, entries))
    assert take(record()).aside == 0
    key = shelf.publish(below="")
    said = sourcing.statement_frame(TEST, every=True)
    shelf.said[key] = said.with_columns(item=pl.lit(str(key[0]))).select(COLUMNS).rows()
    return key


def lines():
    rows = Line.objects.filter(removed_at=None).values_list(
        "organisation_id", "id", "vendor", "product", "version", "cpe", "purl"
    )
    return pl.DataFrame(
        [[str(one) for one in row] for row in rows], schema=dict.fromkeys(rules.INVENTORY, pl.String), orient="row"
    )


def test_delivery_finds_what_matching_every_line_finds(world, shelf):
    whole = rules.match(shelf.statements([world]), lines(), aliases())
    expected = {
        (row["line"], row["verdict"], row["sure"], row["remedy"], row["confidence"], row["evidence"])
        for row in whole.iter_rows(named=True)
        if row["verdict"] != "not_affected"
    }
    running.run(*world)
    columns = ("line_id", "verdict", "sure", "remedy", "confidence", "evidence")
    found = {(str(line), *rest) for line, *rest in Match.objects.filter(ended_at=None).values_list(*columns)}
    assert found == expected
    assert {row[1] for row in found} == {"affected", "unknown"}
    assert {row[2] for row in found} == {True, False}


def test_whom_an_advisory_concerns_is_the_same_counted_told_and_computed(world, shelf):
    prepared = rules.prepare(shelf.statements([world]), aliases())
    whole = rules.match_prepared(prepared, lines()).filter(pl.col("verdict") != "not_affected")
    whom = finding.whom(finding.verdicts(prepared))
    assert set(whom["organisation"]) == set(whole["organisation"])
    assert whom["lines"].sum() == whole["line"].n_unique()
    running.run(*world)
    concerned = {str(one) for one in Concern.objects.values_list("organisation_id", flat=True)}
    told = whole.filter(pl.col("sure") | pl.col("evidence").str.json_path_match("$.how").eq("product"))
    assert concerned == set(told["organisation"])
    by_verdict = dict(Concern.objects.values_list("organisation_id", "verdict"))
    assert {str(one): verdict for one, verdict in by_verdict.items()} == {
        row["organisation"]: row["verdict"] for row in whom.iter_rows(named=True) if row["organisation"] in concerned
    }
    counting.count()
    assert Matter.objects.get().organisations == whole.filter(pl.col("sure"))["organisation"].n_unique()


def test_the_commands_answer_what_is_delivered(world, tmp_path):
    running.run(*world)
    told = {(row.line_id, row.verdict, row.sure) for row in Match.objects.filter(ended_at=None)}
    named = list(Line.objects.filter(cpe="", purl="").select_related("inventory__organisation").order_by("id"))
    file = tmp_path / "inventory.csv"
    rows = [f"{one.inventory.organisation.name},{one.vendor},{one.product},{one.version}" for one in named]
    rows = [row.replace(", newer", " newer") for row in rows]
    file.write_text("organisation,vendor,product,version\n" + "".join(f'"{x}"\n'.replace(",", '","') for x in rows))
    done = CliRunner().invoke(match, ["--inventory", str(file), "--json"])
    assert done.exit_code == 0, done.output
    said = [json.loads(line) for line in done.output.splitlines()]
    by_command = {(named[one["line"] - 2].id, one["verdict"], one["sure"]) for one in said}
    ids = {one.id for one in named}
    assert {row for row in by_command if row[1] != "not_affected"} == {row for row in told if row[0] in ids}
    for one in named:
        asked = [one.product, one.version, "--vendor", one.vendor, "--json"]
        answer = json.loads(CliRunner().invoke(affected, asked).output)
        of_line = {(row["verdict"], row["sure"]) for row in said if named[row["line"] - 2].id == one.id}
        assert {(row["verdict"], row["sure"]) for row in answer["advisories"]} == of_line


def test_a_line_that_came_or_went_a_moment_ago_counts_at_once(world):
    owner = organisation("just now", mail="")
    row = runs(owner, "Acme; Gate 3000; 1.7")
    running.run(*world)
    assert Concern.objects.get(organisation=owner.id).verdict == "affected"
    inventories.remove_inventory(actor=member(owner), inventory=row.id)
    running.run(*world)
    assert not Match.objects.filter(organisation_id=owner.id, ended_at=None).exists()


def test_a_package_that_differs_in_case_is_another_package():
    exact, other = (Entry("x", purl=f"pkg:npm/{name}@1.0") for name in ("ottr", "OTTR"))
    owner = organisation(mail="")
    row = Inventory.objects.create(organisation=owner, name="Alles", created_by="test")
    inventories.take_in(actor=TEST, inventory=row.id, reading=Reading(Source.CSV, [exact]))
    second = Inventory.objects.create(organisation=owner, name="Nog een", created_by="test")
    inventories.take_in(actor=TEST, inventory=second.id, reading=Reading(Source.CSV, [other]))
    assert Line.objects.values("edition").distinct().count() == 2


def test_a_run_reads_no_line_of_products_that_it_is_not_about(world):
    with CaptureQueriesContext(connection) as asked:
        running.run(*world)
    reading = [one["sql"] for one in asked if "advisories_line" in one["sql"]]
    assert reading
    assert all("edition" in one or "organisation_id = o.id" in one for one in reading)
