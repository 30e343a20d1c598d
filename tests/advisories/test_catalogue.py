"""One product by all its names: what sources say, what an analyst answers, what a file brings; and that it counts."""

import json
import re

import polars as pl
import pytest
from click.testing import CliRunner
from tests.accounts.people import person
from tests.advisories.said import AUDITOR, TAKER, analyst, csaf, take

from dijkwacht.rooms.advisories.catalogue import actions, building, errors, reads, rules
from dijkwacht.rooms.advisories.catalogue.actions import Called
from dijkwacht.rooms.advisories.catalogue.models import Alias, Product, Question
from dijkwacht.rooms.advisories.matching import rules as matching
from dijkwacht.rooms.advisories.matching.cli import affected, match
from dijkwacht.rooms.advisories.statements import COLUMNS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_the_centre")]
ANALYST = analyst()
STATEMENTS = pl.DataFrame(
    [("s", "i", "CVE-2026-1", "Acme", "Gate 3000", "< 2.0", "text", "affected", "", "", [], "")],
    schema={name: pl.List(pl.String) if name == "models" else pl.String for name in COLUMNS},
    orient="row",
)


def run_by_somebody(product="Gate 3000 Pro"):
    row = {**dict.fromkeys(matching.INVENTORY, ""), "organisation": "secret-org", "line": "1", "vendor": "Acme"}
    lines = pl.DataFrame([{**row, "product": product, "version": "1.0"}], schema=dict.fromkeys(row, pl.String))
    return matching.match(STATEMENTS, lines, reads.aliases())


@pytest.fixture
def question():
    actions.ask(actor=TAKER, found=run_by_somebody())
    return Question.objects.get()


def test_a_pair_that_is_not_sure_is_asked_once_without_whose_it_is(question):
    assert actions.ask(actor=TAKER, found=run_by_somebody()) == 0
    assert (question.our_product, question.their_product, question.how) == ("Gate 3000 Pro", "Gate 3000", "part")
    assert "secret-org" not in json.dumps([str(value) for value in vars(question).values()])


def test_yes_is_an_alias_that_counts_at_once(question):
    assert not run_by_somebody()["sure"].item()
    actions.judge(actor=ANALYST, question=question.id, answer="yes")
    assert run_by_somebody()["sure"].item()


def test_no_parts_two_names_and_can_be_taken_back(question):
    row = actions.judge(actor=ANALYST, question=question.id, answer="no")
    assert run_by_somebody().height == 0
    denial = Alias.objects.get(same=False)
    actions.forget(actor=ANALYST, product=row.product_id, alias=denial.id)
    assert run_by_somebody().height == 1
    assert Question.objects.get().state == "waiting"


def test_another_product_parts_the_pair_and_joins_ours_to_that_one(question):
    actions.take(actor=TAKER, called=[Called("Acme", "Gatekeeper")], up_to=1)
    other = Product.objects.get(key="gatekeeper")
    actions.judge(actor=ANALYST, question=question.id, answer="other", product=other.id)
    assert run_by_somebody().height == 0
    assert Alias.objects.get(product=other, origin="analyst").value == "Gate 3000 Pro"


def test_an_answer_is_given_once_by_who_may(question):
    with pytest.raises(errors.NotAllowed):
        actions.judge(actor=AUDITOR, question=question.id, answer="yes")
    for answer, product in (("perhaps", None), ("other", None), ("yes", question.id)):
        with pytest.raises(errors.NoAnswer):
            actions.judge(actor=ANALYST, question=question.id, answer=answer, product=product)
    actions.judge(actor=ANALYST, question=question.id, answer="yes")
    with pytest.raises(errors.AnsweredAlready):
        actions.judge(actor=ANALYST, question=question.id, answer="no")
    with pytest.raises(errors.NotFound):
        reads.access_question(ANALYST, Product.objects.first().id)


def test_what_sources_say_is_taken_from_where_it_left_off():
    take(csaf("ADV-1", "CVE-2026-1001"))
    assert building.build() > 0
    assert building.build() == 0
    product = Product.objects.first()
    assert reads.search(product.key.split()[0])
    assert product.aliases.filter(origin="source", kind="name").exists()
    assert reads.search("nothing of the kind") == reads.search("  ") == []


def test_a_source_that_gives_a_name_and_a_cpe_links_them():
    cpe = "cpe:2.3:a:acme:poort:*:*:*:*:*:*:*:*"
    actions.take(actor=TAKER, called=[Called("Acme", "Gate 3000", cpe)], up_to=1)
    row = {**dict.fromkeys(matching.INVENTORY, ""), "line": "1", "product": "Poort", "version": "1.0", "cpe": cpe}
    lines = pl.DataFrame([row], schema=dict.fromkeys(row, pl.String))
    assert matching.match(STATEMENTS, lines, reads.aliases())["sure"].item()


def test_aliases_go_out_and_come_in_again(question):
    actions.judge(actor=ANALYST, question=question.id, answer="no")
    row = Product.objects.get()
    actions.say(actor=ANALYST, product=row.id, kind="name", vendor="", value="=cmd()", same=True)
    lines = [
        rules.AliasLine(rules.Name(one.product.vendor, one.product.name), one.kind, one.vendor, one.value, one.same)
        for one in reads.judged(ANALYST)
    ]
    text = rules.write_aliases(lines)
    assert "'=cmd()" in text
    Product.objects.all().delete()
    assert actions.import_aliases(actor=ANALYST, raw=text.encode()) == len(lines) == 3
    assert run_by_somebody().height == 0
    assert Alias.objects.filter(origin="import", value="=cmd()").exists()


@pytest.mark.parametrize(
    ("raw", "where"),
    [
        (b"", "line 1:"),
        (b"product,kind\n", "line 1:"),
        (b"product_vendor,product,kind,vendor,value,same\nAcme,Gate,name,Acme\n", "line 2:"),
        (b"product_vendor,product,kind,vendor,value,same\nAcme,Gate,nickname,Acme,G,yes\n", "line 2, column kind:"),
        (b"product_vendor,product,kind,vendor,value,same\nAcme,Gate,cpe,,cpe,yes\n", "line 2, column value:"),
        (b"product_vendor,product,kind,vendor,value,same\nAcme,Gate,name,,G,perhaps\n", "line 2, column same:"),
        (b"product_vendor,product,kind,vendor,value,same\nAcme,\xff,name,,G,yes\n", "line 2:"),
        (b'product_vendor,product,kind,vendor,value,same\n"Acme', "line 2:"),
    ],
)
def test_a_file_of_aliases_that_is_wrong_changes_nothing_and_says_where(raw, where):
    with pytest.raises(errors.BadAliases, match=where):
        actions.import_aliases(actor=ANALYST, raw=raw)
    assert not Product.objects.exists()


def test_the_pages_show_both_names_and_take_the_answer(client, question):
    client.force_login(person("a@centre.example", centre=["analyst"]))
    assert b"Gate" in client.get("/advisories/products/questions").content
    page = f"/advisories/products/questions/{question.id}"
    assert client.get(page, {"q": "gate"}).status_code == 200
    assert client.post(page, {"answer": "perhaps"}).headers["Location"] == page
    client.post(page, {"answer": "yes"})
    question.refresh_from_db()
    assert question.state == "yes"
    product = f"/advisories/products/{question.product_id}"
    assert client.post(product, {"kind": "name", "value": "Poort", "same": "yes"}).status_code == 302
    assert b"Poort" in client.get(product).content
    assert b"Poort" in client.get("/advisories/products/aliases.csv").content
    assert b"Gate" in client.get("/advisories/products", {"q": "gate"}).content


def test_the_command_says_of_a_product_in_a_version_what_was_taken_in():
    take(csaf("ADV-1", "CVE-2026-1001"))
    building.build()
    row = Product.objects.first()
    done = CliRunner().invoke(affected, [row.name, "0.0.1", "--vendor", row.vendor, "--json"])
    assert done.exit_code == 0, done.output
    said = json.loads(done.output)
    assert said["verdict"] in {"affected", "not_affected", "unknown"}
    assert said["advisories"][0]["evidence"]["how"] == "name"
    assert CliRunner().invoke(affected, [row.name, "0.0.1"]).exit_code == 0
    assert CliRunner().invoke(affected, [" ", "1"]).exit_code == 2


@pytest.mark.parametrize(
    ("raw", "where"),
    [
        (b"a,b\n", "line 1"),
        (b"organisation,vendor,product,version\no,v,p\n", "line 2: 3 columns"),
        (b"organisation,vendor,product,version\no,v,,1\n", r"line 2, column 3 \(product\)"),
        (b"organisation,vendor,product,version\no,v," + b"p" * 400 + b",1\n", r"line 2, column 3 \(product\)"),
        (b"organisation,vendor,product,version\no,v,\xff,1\n", "line 2, byte 5"),
        (b'organisation,vendor,product,version\no,v,"p,1\n', "line 2"),
    ],
)
def test_an_inventory_file_that_is_wrong_says_line_and_column(tmp_path, raw, where):
    file = tmp_path / "inventory.csv"
    file.write_bytes(raw)
    done = CliRunner().invoke(match, ["--inventory", str(file), "--json"])
    assert done.exit_code == 1
    assert re.search(where, done.output)


def test_an_inventory_file_is_matched_line_by_line(tmp_path):
    take(csaf("ADV-1", "CVE-2026-1001"))
    building.build()
    row = Product.objects.first()
    file = tmp_path / "inventory.csv"
    file.write_text(f'organisation,vendor,product,version\nbakery,"{row.vendor}","{row.name}",0.0.1\n')
    done = CliRunner().invoke(match, ["--inventory", str(file), "--json"])
    assert done.exit_code == 0, done.output
    first = json.loads(done.output.splitlines()[0])
    assert (first["line"], first["organisation"], first["vulnerability"]) == (2, "bakery", "CVE-2026-1001")
    assert "1 lines" in CliRunner().invoke(match, ["--inventory", str(file)]).output
