"""The desk as a browser sees it: one line a matter, all that is said of it, a judgement, what was set aside."""

import json
import re

import pytest
from django.test import Client
from tests.accounts.people import person
from tests.advisories.said import TAKER, csaf, cve, kev, matter_of, take

from dijkwacht.kernel.actor import CentreRole
from dijkwacht.platform import tenancy
from dijkwacht.rooms.advisories.assessing.models import Assessment
from dijkwacht.rooms.advisories.sourcing import models
from dijkwacht.rooms.advisories.sourcing.wording import in_words
from dijkwacht.rooms.advisories.statements import Notation, ProductStatement, Status

pytestmark = pytest.mark.django_db
A, B = "CVE-2026-1001", "CVE-2026-1002"


def signed_in(role=CentreRole.ANALYST, name="analyst"):
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(
        person(f"{name}@centre.example", centre=[role], language="en"),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    return client


def page(client, address):
    answer = client.get(address, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_list_puts_what_is_exploited_first_and_goes_on_where_it_ended():
    take(*[cve(f"CVE-2026-{3000 + n}", title=f"Flaw {n}") for n in range(60)], cve(A, title="Worst"), kev(A))
    client = signed_in()
    first = page(client, "/advisories/matters")
    assert first.index(f"{A} Vulnerability") < first.index("Flaw ")
    following = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    second = page(client, following)
    shown = [{f"Flaw {n}<" for n in range(60) if f"Flaw {n}<" in text} for text in (first, second)]
    assert shown[0] & shown[1] == set()
    assert len(shown[0] | shown[1]) == 60
    assert f"{A} Vulnerability" in page(client, "/advisories/matters?cursor=nonsense")


def test_a_page_of_a_matter_says_who_says_what_and_runs_no_script():
    bad = "<script>alert(1)</script>"
    take(csaf("ADV-1", A, title=f"Hole {bad}"), cve(A, title=f"Record {bad}"))
    text = page(signed_in(), f"/advisories/matters/{matter_of(A).id}")
    assert bad not in text
    assert "CSAF documents from files" in text
    assert "CVE records" in text
    assert "&lt; 2.0" in text


def test_a_matter_that_was_joined_leads_to_the_one_that_it_is_part_of():
    take(cve(A), cve(B))
    gone = {matter_of(A).id, matter_of(B).id}
    take(csaf("ADV-1", A, B))
    gone -= {matter_of(A).id}
    answer = signed_in().get(f"/advisories/matters/{gone.pop()}")
    assert answer.headers["Location"] == f"/advisories/matters/{matter_of(A).id}"


def test_a_judgement_is_made_and_agreed_with_on_the_page():
    take(cve(A), kev(A))
    matter = matter_of(A).id
    first, second = signed_in(), signed_in(name="second")
    answers = {"q-exploitation": "active", "q-takeover": "whole"}
    shown = page(first, f"/advisories/matters/{matter}/assess")
    assert "CISA put" in shown
    assert "it does not foretell exploitation" in shown  # what the suggestion is worth, where it is used
    first.post(f"/advisories/matters/{matter}/assess", answers)
    with tenancy.acting(TAKER):
        row = Assessment.objects.get()
    assert row.state == "proposed"
    assert "Somebody else agrees" in page(first, f"/advisories/matters/{matter}/assess")
    told = first.post(f"/advisories/matters/{matter}/assess", {"assessment": row.id, "agree": "yes"}, follow=True)
    assert "You made this assessment" in told.content.decode()
    second.post(f"/advisories/matters/{matter}/assess", {"assessment": row.id, "agree": "yes"})
    with tenancy.acting(TAKER):
        assert Assessment.objects.get().state == "settled"
    assert "likelihood high" in " ".join(page(first, f"/advisories/matters/{matter}").split())


def test_a_judgement_that_is_refused_comes_back_as_it_was_typed():
    take(cve(A), kev(A))
    address = f"/advisories/matters/{matter_of(A).id}/assess"
    first = signed_in()
    page(first, address)
    answer = first.post(address, {"q-exploitation": "active", "q-world": "severe", "likelihood": "low"})
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "Say why" in shown  # another outcome than the answers give, without a reason
    chosen = {
        re.search(r'name="(q-[^"]+)" value="([^"]*)"', tag).groups()
        for tag in re.findall(r"<input[^>]*checked>", shown)
    }
    assert {("q-exploitation", "active"), ("q-world", "severe")} <= chosen
    assert '<option value="low" selected>' in shown


def test_what_was_set_aside_is_shown_with_why_and_replayed():
    bad = csaf("ADV-2", A)
    bad["vulnerabilities"][0]["remediations"].append({"category": "mitigation", "details": "x", "product_ids": ["P-9"]})
    take(bad)
    with tenancy.acting(TAKER):
        row = models.SetAside.objects.get()
    client = signed_in()
    assert "6.1.1 /vulnerabilities/0/remediations/1" in page(client, f"/advisories/set-aside/{row.id}")
    client.post(f"/advisories/set-aside/{row.id}", {"do": "replay", "reason": "one product too many"})
    assert matter_of(A).items == 1


def test_the_bytes_of_an_item_are_a_file_and_never_a_page():
    take(cve(A))
    with tenancy.acting(TAKER):
        item = models.Item.objects.get()
    answer = signed_in().get(f"/advisories/items/{item.id}/as-it-came")
    assert json.loads(answer.content)["cveMetadata"]["cveId"] == A
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert "attachment" in answer.headers["Content-Disposition"]


def test_the_api_gives_matters_with_all_that_is_said():
    take(csaf("ADV-1", A), cve(A), kev(A))
    client = signed_in()
    (row,) = client.get("/api/v1/matters", {"q": A}).json()["items"]
    assert (row["exploited_on"], row["items"]) == ("2026-11-05", 3)
    whole = client.get(f"/api/v1/matters/{row['id']}").json()
    assert {one["source"] for one in whole["said"]} == {"csaf-files", "cve-list", "kev"}
    assert {one["notation"] for one in whole["statements"]} == {"text", "cve"}
    assert whole["assessment"] is None
    assert client.get(f"/api/v1/items/{whole['said'][0]['id']}").json()["kind"] in {"csaf", "cve", "kev"}


def test_the_page_of_sources_shows_what_went_wrong():
    with tenancy.acting(TAKER):
        models.SourceState.objects.create(slug="kev", error="www.cisa.gov: there is no such name", failures=3)
    text = page(signed_in(), "/advisories/sources")
    assert "there is no such name" in text
    assert "3 times in a row" in text


@pytest.mark.parametrize(
    ("versions", "words"),
    [
        ([{"version": "0", "lessThan": "3.1", "status": "affected"}], "0 … < 3.1"),
        ([{"version": "1", "lessThanOrEqual": "2", "status": "unaffected"}], "✓ 1 … ≤ 2"),
        ([{"version": "1", "status": "unknown"}, {"version": "2", "status": "affected"}], "? 1; 2"),
    ],
    ids=["less", "equal", "single"],
)
def test_the_versions_of_a_cve_record_are_shown_in_signs(versions, words):
    text = json.dumps({"defaultStatus": "unknown", "versions": versions})
    said = ProductStatement(A, "V", "T", text, Notation.CVE, Status.AFFECTED)
    assert in_words(said) == words
