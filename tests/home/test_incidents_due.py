"""An organisation that reported an incident finds on its first page which report the law asks next, and by when."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.accounts.people import ADMINISTRATOR, person
from tests.reporting.story import early_warning, file, member, organisation

from dijkwacht.kernel.actor import OrganisationRole
from dijkwacht.rooms.reporting.models import Draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def whose():
    return organisation()


def home(client, whose, role=ADMINISTRATOR, language="en"):
    client.force_login(person("ciso@nieuweland.example", organisations={whose.id: role}, language=language))
    answer = client.get(f"/home/{whose.id}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_next_term_of_an_open_incident_is_due_with_its_article_and_a_door(client, whose):
    filed = file(member(whose.id), whose.id)
    page = home(client, whose)
    assert "Report on your incident “Pumps do not answer”: " in page
    assert f'href="/report/{filed.incident.id}"' in page
    assert "too late" not in page


def test_a_term_of_hours_that_ended_is_too_late_also_on_its_own_day(client, whose):
    now = datetime.now(UTC)
    known = {"occurrence": now - timedelta(hours=90), "awareness": now - timedelta(hours=73)}
    told = {name: at.isoformat(timespec="seconds") for name, at in known.items()}
    file(member(whose.id), whose.id, facts=early_warning(**told))
    assert "too late" in home(client, whose)


def test_another_organisation_hears_nothing_of_it(client, whose):
    file(member(whose.id), whose.id)
    assert "Pumps do not answer" not in home(client, organisation("Bakkerij Elders"))


def test_a_report_that_was_begun_and_not_sent_is_due_for_who_began_it(client, whose):
    home(client, whose, OrganisationRole.REPORTER)
    assert client.post("/report", {"organisation": str(whose.id)}).status_code == 302
    page = client.get(f"/home/{whose.id}").content.decode()
    assert "Send the incident report that you began" in page
    assert f'href="/report/draft/{Draft.objects.values_list("id", flat=True)[0]}"' in page
