"""Who registers because it wants to, without being of a type of the law; and lines that are left out of a list."""

import pytest
from tests.accounts.people import person
from tests.enrolment import story

from dijkwacht.kernel.actor import CentreRole
from dijkwacht.rooms.enrolment.models import Registration
from dijkwacht.rooms.registry.models import Organisation

pytestmark = pytest.mark.django_db
OUTSIDE = "est=nl&serv=nl&none=1&staff=4&turnover=300000&balance=100000"


@pytest.fixture
def somebody(client):
    client.force_login(person("jan@debron.example"))
    client.cookies["django_language"] = "en"
    return client


def test_an_organisation_outside_the_law_registers_is_approved_and_has_its_receipt(somebody, client):
    answers = {**story.ANSWERS, "entity": {"declaration": "none"}}
    story.fill(somebody, answers, OUTSIDE)
    _page, number = story.confirm(somebody)
    row = story.seen(lambda: Registration.objects.get(id=number))
    assert (row.state, row.confirmed["organisation"]["declaration"]) == ("waiting", "none")
    assert "voluntary" in row.reasons
    assert somebody.get(f"/register/{number}/receipt.json").status_code == 200
    client.force_login(person("ann@centre.example", centre=[CentreRole.OFFICER]))
    assert client.post(f"/registrations/{number}", {"do": "approve", "reason": "seen"}).status_code == 302
    made = story.seen(lambda: Organisation.objects.get(kvk=story.KVK))
    assert (made.classification, made.declaration, made.entity_types, made.sectors) == ("other", "none", [], [])


@pytest.mark.parametrize("given", [{"declaration": ""}, {}, {"declaration": "essential"}])
def test_nothing_chosen_is_no_choice_and_who_falls_under_the_law_names_its_type(somebody, given):
    somebody.post("/register", {})
    answer = somebody.post("/register/entity", given)
    assert answer.status_code == 422
    assert b'href="#id_entity_types_0"' in answer.content
    assert (b'href="#id_declaration"' in answer.content) == (not given.get("declaration"))


def test_the_summary_says_which_lines_of_the_list_were_left_out_and_why(somebody):
    story.fill(somebody, holdings="192.0.2.0/25\n999.1.1.1\n10.0.0.0/8\n")
    page = somebody.get("/register/check").content.decode()
    left = page.partition('id="left-out"')[2].partition("</section>")[0]
    assert "Line 2:" in left
    assert "999.1.1.1" in left
    assert "10.0.0.0/8" in left
    assert "192.0.2.0/25" not in left
