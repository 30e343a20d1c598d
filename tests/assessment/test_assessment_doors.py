"""The pages and the API of the self-assessment: public, storing nothing, safe against what strangers type."""

import html
import re
from urllib.parse import parse_qs, urlsplit

import jsonschema_rs
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dijkwacht.api import limits

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _calm():
    limits.PER_ADDRESS.clear()


@pytest.fixture
def client():
    return Client(headers={"accept-language": "en"})


class Walk:
    """Somebody who fills in the forms as a browser without JavaScript does."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.steps: list[str] = []
        self.page = self._get("/assess")

    def _get(self, address):
        answer = self.client.get(address, follow=True)
        assert answer.status_code == 200
        self.address = answer.redirect_chain[-1][0] if answer.redirect_chain else address
        self.steps.append(urlsplit(self.address).path)
        return answer.content.decode()

    def fill(self, go="next", **given):
        """Send the form of this page: its hidden and checked fields, and what is given."""
        form = re.search(r'<form method="get" action="([^"]*)" class="questions">(.*?)</form>', self.page, re.DOTALL)
        fields = [
            (re.search(r'name="([^"]*)"', one)[1], html.unescape(re.search(r'value="([^"]*)"', one)[1]))
            for one in re.findall(r"<input[^>]*>", form[2])
            if 'type="radio"' not in one and ('type="checkbox"' not in one or " checked" in one)
        ]
        query: dict[str, list[str]] = {}
        for name, value in fields:
            query.setdefault(name, []).append(value)
        for name, value in given.items():
            query[name.replace("__", ".")] = value if isinstance(value, list) else [value]
        query["go"] = [go]
        self.page = self._get(form[1] + "?" + "&".join(f"{k}={v}" for k, values in query.items() for v in values))
        return self


def test_a_bakery_is_done_in_four_steps(client):
    walk = Walk(client).fill(est="nl", serv="nl").fill(go="search", find="bakery")
    assert "A craft bakery" in walk.page
    walk.fill(none="yes").fill()
    assert walk.address.startswith("/assess/result?")
    assert "does not apply to your organisation. You are welcome" in walk.page
    assert "/register?" in walk.page


def test_a_hospital_is_done_in_five_steps(client):
    walk = Walk(client).fill(est="nl", serv="nl").fill(go="search", find="hospital").fill(t="1.5-provider")
    walk.fill(staff="3.000", turnover="400 mln", balance="").fill()
    assert "is an essential entity" in walk.page
    assert "Health and Youth Care Inspectorate" in walk.page
    assert "not yet settled" in walk.page


def test_a_managed_service_provider_is_asked_where_decisions_are_taken(client):
    walk = Walk(client).fill(est="nl", serv="nl").fill(t="1.9-msp")
    assert walk.steps[-1] == "/assess/details"
    walk.fill(dec="nl").fill(staff="60").fill()
    assert "cannot be told yet" in walk.page
    assert "What was the annual turnover" in walk.page


def test_a_municipality_is_not_asked_its_size(client):
    walk = Walk(client).fill(est="nl", serv="nl").fill(t="1.10b-municipality")
    assert walk.steps[-1] == "/assess/decisions"
    walk.fill()
    assert "is an essential entity" in walk.page
    assert "Size" not in re.findall(r"<h3>(.*?)</h3>", walk.page)


def test_a_question_that_is_not_answered_is_asked_again_with_the_reason(client):
    walk = Walk(client).fill(est="nl")
    assert walk.page.count("Choose an answer.") == 2  # in the summary, and at the question
    walk.fill(est="nl", serv="nl").fill()
    assert "Choose an answer." in walk.page
    walk.fill(t="1.1b-operator").fill(staff="many")
    assert "Write a number" in walk.page
    assert 'value="many"' in walk.page


def test_the_questions_about_operations_come_only_when_they_are_needed(client):
    walk = Walk(client).fill(est="nl", serv="nl").fill(t="1.8-cloud")
    assert 'name="ops"' not in walk.page
    walk.fill(dec="outside")
    assert 'name="ops"' in walk.page
    assert 'name="most"' not in walk.page
    walk.fill(dec="outside", ops="outside")
    assert 'name="most"' in walk.page


def test_going_back_and_changing_the_activity_forgets_what_no_longer_matters(client):
    page = client.get("/assess/size?est=nl&serv=nl&t=1.9-msp&dec=nl&staff=60").content.decode()
    back = html.unescape(re.search(r'class="button" href="([^"]*)"', page)[1])
    assert urlsplit(back).path == "/assess/details"
    assert parse_qs(urlsplit(back).query)["staff"] == ["60"]


def test_an_address_that_cannot_be_used_leads_to_the_question_it_is_about(client):
    for query, step in (("staff=x", "size"), ("t=nothing", "activities"), ("est=mars", ""), ("on=never", "decisions")):
        answer = client.get(f"/assess/result?{query}", follow=True)
        assert urlsplit(answer.redirect_chain[-1][0]).path.removeprefix("/assess").removeprefix("/") == step
        assert b"Something needs another look" in answer.content


def test_figures_of_related_enterprises_beyond_the_form_are_not_lost(client):
    query = "est=nl&serv=nl&t=2.4-food&staff=10&r7.kind=linked&r7.staff=100&y1.staff=3&y1.r0.kind=linked&y3.staff=9"
    page = client.get(f"/assess/size?{query}").content.decode()
    for key in ("r7.staff", "y1.r0.kind", "y3.staff"):
        assert f'name="{key}"' in page


@pytest.mark.parametrize("lost", ["<script>alert(1)</script>", "'\"><img src=x onerror=alert(1)>", "{{7*7}}", "%00x"])
def test_what_a_stranger_types_is_text(client, lost):
    for path in (
        "/assess",
        "/assess/activities",
        "/assess/details",
        "/assess/size",
        "/assess/decisions",
        "/assess/result",
    ):
        keys = ("find", "staff", "t", "name", "est", "c.x", "r0.kind", "utm", "d", lost)
        page = client.get(path, dict.fromkeys(keys, lost), follow=True)
        assert page.status_code in {200, 400}
        assert b"<script>alert" not in page.content
        assert b"<img src=x" not in page.content
        assert b"49" not in re.findall(rb'value="(49)"', page.content)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("t=" + "&t=".join(["1.9-msp"] * 900), 200),
        ("t=" + "&t=".join(["1.9-msp"] * 3000), 400),  # more fields than Django reads
        ("staff=" + "9" * 3000, 200),
        ("&".join(f"r{number}.staff=1" for number in range(100)), 200),
    ],
)
def test_a_very_long_address_is_answered(client, query, status):
    assert client.get(f"/assess/result?est=nl&{query}", follow=True).status_code == status


def test_nothing_is_stored(client):
    with CaptureQueriesContext(connection) as asked:
        client.get("/assess/activities?find=bakery")
        client.get("/assess/result?est=nl&serv=nl&t=1.9-msp&staff=60")
        client.post("/api/v1/assessments", {"staff": 3}, "application/json")
    written = [one["sql"] for one in asked if re.match(r"(insert|update|delete|copy)\b", one["sql"], re.IGNORECASE)]
    assert written == []
    assert settings.SESSION_COOKIE_NAME not in client.cookies


def test_the_answer_is_there_in_dutch():
    page = (
        Client(headers={"accept-language": "nl"})
        .get("/assess/result?est=nl&serv=nl&t=1.9-msp&dec=nl&staff=600")
        .content.decode()
    )
    assert "essentiële entiteit" in page
    assert "artikel 8, eerste lid, onder f, Cbw" in page
    assert "15 september 2026" in page


def test_the_schemas_are_served_at_a_stable_address(client):
    for kind in ("facts", "assessment"):
        answer = client.get(f"/assess/{kind}.schema.json")
        assert answer["Content-Type"] == "application/schema+json"
        jsonschema_rs.meta.validate(answer.json())


def test_the_api_answers_as_the_schema_says(client):
    answer = client.post("/api/v1/assessments", {"entity_types": ["1.9-msp"], "staff": 600}, "application/json")
    assert answer.status_code == 200
    jsonschema_rs.validator_for(client.get("/assess/assessment.schema.json").json()).validate(answer.json())
    assert answer.json()["class"] == "essential"
    assert "RateLimit-Policy" in answer or answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"entity_types": ["1.9-mps"]}, "entity_types.0"),
        ({"staff": -1}, "staff"),
        ({"employees": 1}, "employees"),
        ({"related": [{"relation": "linked", "staff": "x"}]}, "related.0.staff"),
    ],
)
def test_the_api_names_the_path_of_what_is_wrong(client, body, field):
    answer = client.post("/api/v1/assessments", body, "application/json")
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["errors"][0]["field"] == field


def test_the_api_finds_types_by_plain_words(client):
    found = client.get("/api/v1/entity-types", {"words": "loodgieter"}).json()
    assert found["items"] == []
    assert "not in the law" in found["notes"][0]["en"]
    every = client.get("/api/v1/entity-types").json()["items"]
    assert {"1.9-msp", "X.2-registration"} <= {one["code"] for one in every}
    assert client.get("/api/v1/entity-types", {"on": "2026-08-14"}).json()["items"] == []


def test_a_flood_at_the_api_is_held_up(client):
    for _ in range(limits.PER_ADDRESS.quota):
        limits.PER_ADDRESS.take("127.0.0.1")
    answer = client.post("/api/v1/assessments", {}, "application/json")
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) >= 1


def test_what_stands_in_the_law_comes_before_what_does_not(client):
    page = client.get("/assess/activities", {"find": "hosting", "go": "search"}).content.decode()
    found = page.partition('aria-live="polite"')[2].partition("</section>")[0]
    assert 0 <= found.find('name="t"') < found.find('class="message"')


def test_an_address_without_answers_leads_to_the_first_question(client):
    answer = client.get("/assess/result")
    assert (answer.status_code, answer["location"]) == (302, "/assess")


def test_what_nobody_said_is_named_as_assumed(client):
    answer = client.post("/api/v1/assessments", {}, content_type="application/json").json()
    assert "assume-no-type" in [one["code"] for one in answer["assumptions"]]


def test_the_api_names_every_fault_of_form_and_of_codes_at_once(client):
    body = {
        "entity_types": ["1.9-mps"],
        "staff": -1,
        "related": [{"relation": "partner", "share": 9, "staff": "x"}],
        "conditions": {"nothing": True},
    }
    answer = client.post("/api/v1/assessments", body, "application/json")
    found = {fault["pointer"]: fault for fault in answer.json()["errors"]}
    assert found.keys() == {"/entity_types/0", "/staff", "/related/0/share", "/related/0/staff", "/conditions/nothing"}
    assert found["/related/0/share"]["field"] == "related.0.share"
    assert "Did you mean 1.9-msp" in found["/entity_types/0"]["message"]


def test_a_share_that_is_no_partners_is_told_beside_the_field(client):
    asked = {"t": "1.9-msp", "staff": "60", "r3.kind": "partner", "r3.share": "60", "go": "next"}
    page = client.get("/assess/size", asked, headers={"Accept-Language": "en"}).content.decode()
    assert 'aria-invalid="true" aria-describedby="r3-share-fault"' in page
    assert page.count("above 50 the enterprise is linked") == 2  # at the top, and beside the field
    assert "Enterprise 4: Write a number from 25 to 50" in page
