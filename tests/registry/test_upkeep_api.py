"""Reviews, change notices, histories and deregistrations for programs: what the pages allow, and not more."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone
from tests.accounts.people import ADMINISTRATOR, MEMBER, REPORTER, bearer, person, token

from dijkwacht.kernel.actor import CentreRole
from dijkwacht.platform import tenancy
from dijkwacht.rooms.registry import actions
from dijkwacht.rooms.registry.upkeep.groups import GROUPS

from .people import OFFICER

pytestmark = pytest.mark.django_db
SOON = timezone.localdate() + timedelta(days=60)


def make(name, classification="essential", **values):
    with tenancy.acting(OFFICER):
        return actions.create_organisation(
            actor=OFFICER, name=name, kind="organisation", classification=classification, **values
        )


@pytest.fixture
def ours():
    return make("Ziekenhuis Duinzicht", emails=["info@duinzicht.example"])


@pytest.fixture
def theirs():
    return make("Koerier Snel", "important")


@pytest.fixture
def officer(client):
    client.force_login(person("officer@centre.example", centre=[CentreRole.OFFICER]))
    return Program(client, {})


@pytest.fixture
def program(client, ours):
    """A program of the hospital, with the scopes of an administrator."""
    owner = person("ciso@duinzicht.example", organisations={ours.id: ADMINISTRATOR})
    text = token(owner, "organisations:read", "organisations:write", "changes:write", organisation=ours.id)
    return Program(client, bearer(text))


def test_a_program_that_tells_changes_needs_no_more_than_that_scope(client, ours):
    owner = person("melder@duinzicht.example", organisations={ours.id: REPORTER})
    teller = Program(client, bearer(token(owner, "organisations:read", "changes:write", organisation=ours.id)))
    review()
    (due,) = teller.get("/reviews", open="true").json()["items"]
    assert teller.post(f"/reviews/{due['id']}/confirmations", group=next(iter(GROUPS))).status_code == 200
    assert teller.get("/change-notices").status_code == 200
    assert teller.get("/deregistrations").status_code == 403


class Program:
    """Calls the API with a token, or with the session of the client."""

    def __init__(self, client, headers):
        self.client, self.headers = client, headers

    def get(self, path, **query):
        return self.client.get(f"/api/v1{path}", query, headers=self.headers)

    def post(self, path, **body):
        return self.client.post(
            f"/api/v1{path}", json.dumps(body, default=str), content_type="application/json", headers=self.headers
        )


def review():
    with tenancy.acting(OFFICER):
        return actions.start_review(actor=OFFICER, title="Review", due_on=SOON)


@pytest.mark.usefixtures("theirs")
def test_a_program_sees_what_is_due_and_confirms_it_group_by_group(program, ours):
    review()
    (due,) = program.get("/reviews", open="true").json()["items"]
    assert (due["organisation"], due["due_on"], due["open"]) == (str(ours.id), str(SOON), list(GROUPS))
    assert program.get("/reviews", due_before=str(SOON)).json()["items"] == []
    for group in GROUPS:
        answer = program.post(f"/reviews/{due['id']}/confirmations", group=group).json()
    assert (answer["open"], answer["confirmed"].keys()) == ([], GROUPS.keys())
    assert program.get("/reviews", open="true").json()["items"] == []
    assert len(program.get(f"/organisations/{ours.id}/reviews").json()["items"]) == 1


def test_another_organisations_review_is_not_there(program, theirs):
    review()
    assert program.get(f"/organisations/{theirs.id}/reviews").status_code == 404
    with tenancy.acting(OFFICER):
        foreign = theirs.reviews.get().id
    assert program.post(f"/reviews/{foreign}/confirmations", group="reach").status_code == 404


@pytest.mark.usefixtures("ours", "theirs")
def test_an_officer_starts_a_review_and_sees_how_far_it_is(officer):
    made = officer.post("/review-campaigns", title="Review 2027", due_on=SOON)
    assert (made.status_code, made.json()["asked"], made.json()["done"]) == (201, 2, 0)
    assert officer.get(f"/review-campaigns/{made.json()['id']}").json() == made.json()
    assert [row["title"] for row in officer.get("/review-campaigns").json()["items"]] == ["Review 2027"]
    assert officer.post("/review-campaigns", title="", due_on=SOON).status_code == 422


def test_an_organisation_starts_no_review(program):
    assert program.post("/review-campaigns", title="Ours", due_on=SOON).status_code == 403
    assert program.get("/review-campaigns").status_code == 403


def test_the_centre_asks_about_a_change_and_the_organisation_answers(client, officer, ours):
    asked = officer.post(
        f"/organisations/{ours.id}/change-questions", source="business register", proposed={"name": "Ziekenhuis Zee"}
    )
    assert (asked.status_code, asked.json()["proposed"]) == (201, {"name": "Ziekenhuis Zee"})
    again = officer.post(
        f"/organisations/{ours.id}/change-questions", source="business register", proposed={"name": "Ziekenhuis Zee"}
    )
    assert again.status_code == 204
    assert len(officer.get("/change-notices", state="asked").json()["items"]) == 1
    assert officer.get("/change-notices", state="told").json()["items"] == []
    client.force_login(person("ciso@duinzicht.example", organisations={ours.id: ADMINISTRATOR}))
    notice = asked.json()["id"]
    assert officer.post(f"/change-notices/{notice}/dismissal", reason="").status_code == 422
    assert officer.post(f"/change-notices/{notice}/dismissal", reason="a trade name").json()["state"] == "dismissed"


def test_the_history_tells_each_field_and_names_nobody_of_the_centre(program, ours):
    program.post(
        f"/organisations/{ours.id}/change-notices", effective_on=timezone.localdate(), changes={"name": "Zeezicht"}
    )
    items = program.get(f"/organisations/{ours.id}/history", field="name").json()["items"]
    assert [[line["value"] for line in item["lines"]] for item in items] == [["Zeezicht"], ["Ziekenhuis Duinzicht"]]
    assert [item["ground"] for item in items] == ["Cbw 44(2)", ""]
    assert {item["actor"] for item in items} == {"you", ""}


def test_the_history_goes_on_page_by_page(officer, ours):
    with tenancy.acting(OFFICER):
        for number in range(5):
            actions.update_organisation(actor=OFFICER, organisation=ours.id, name=f"Name {number}")
    first = officer.get(f"/organisations/{ours.id}/history", limit=4).json()
    second = officer.client.get(first["next"]).json()
    assert len(first["items"]) == 4
    assert not {item["id"] for item in first["items"]} & {item["id"] for item in second["items"]}


def test_what_the_register_held_on_a_day(program, ours):
    today = timezone.localdate().isoformat()
    held = program.get(f"/organisations/{ours.id}/as-of", as_of=today).json()
    assert (held["complete"], held["more"], len(held["rows"])) == (False, False, 1)
    assert held["rows"][0]["values"]["emails"] == ["info@duinzicht.example"]
    assert program.get(f"/organisations/{ours.id}/as-of", as_of="2001-01-01").json()["rows"] == []
    assert program.get(f"/organisations/{ours.id}/as-of", as_of="soon").status_code == 422
    assert program.get(f"/organisations/{ours.id}/as-of").status_code == 422


def test_histories_of_others_are_not_there(program, theirs):
    for path in ("history", "as-of"):
        answer = program.get(f"/organisations/{theirs.id}/{path}", as_of="2026-01-01")
        assert answer.status_code == 404


def test_a_member_reads_the_history_and_asks_nothing(client, ours):
    client.force_login(person("info@duinzicht.example", organisations={ours.id: MEMBER}))
    somebody = Program(client, {})
    assert somebody.get(f"/organisations/{ours.id}/history").status_code == 200
    for path in ("/reviews", "/change-notices", "/deregistrations"):
        assert somebody.get(path).status_code == 403


def test_a_program_asks_to_leave_and_takes_it_back(program, ours):
    path = f"/organisations/{ours.id}/deregistrations"
    asked = program.post(path, reason="ceased", effective_on=SOON).json()
    assert (asked["state"], asked["obstacles"], asked["effective_on"]) == ("asked", ["under-the-law"], str(SOON))
    assert program.post(path, reason="ceased", effective_on=SOON).status_code == 409
    assert program.post(f"/deregistrations/{asked['id']}/confirmation", reason="me").status_code == 403
    assert program.post(f"/deregistrations/{asked['id']}/withdrawal").json()["state"] == "withdrawn"
    assert [row["state"] for row in program.get("/deregistrations").json()["items"]] == ["withdrawn"]


def test_an_officer_decides(officer, ours):
    asked = officer.post(f"/organisations/{ours.id}/deregistrations", reason="sold", effective_on=SOON).json()
    assert asked["state"] == "confirmed"
    assert officer.post(f"/deregistrations/{asked['id']}/refusal", reason="late").status_code == 409
