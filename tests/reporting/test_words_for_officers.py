"""An officer reads of an entity, not of "you"; whoever receives a report is called by its name."""

import re

import pytest
from tests.accounts.people import MEMBER, person

from dijkwacht.kernel.actor import CentreRole
from dijkwacht.rooms.reporting import labels
from dijkwacht.rooms.reporting.weighing import ALL

from .story import NOTIFICATION, early_warning, file, member, organisation

pytestmark = pytest.mark.django_db
SPOKEN_TO = {
    "nl": re.compile(r"\b(u|uw|wij|ons)\b", re.IGNORECASE),
    "en": re.compile(r"\b(you|your|we|us)\b", re.IGNORECASE),
}
OF_ALL = {
    "financial_loss": True,
    "turnover_eur": 1_000_000,
    "measures_taken": "Unplugged",
    "recovery_prognosis": "Noon",
}


@pytest.fixture
def whose():
    return organisation("Netbeheer Delta", sectors=("1.1a",), entity_types=["1.1a-dso"])


@pytest.fixture
def incident(whose):
    return file(member(whose.id), whose.id, facts=early_warning(**NOTIFICATION, **OF_ALL)).incident


@pytest.fixture
def desk(client):
    client.force_login(person("officer@centre.example", centre=[CentreRole.OFFICER]))
    return client


@pytest.mark.parametrize("language", ["nl", "en"])
def test_no_fact_is_called_by_a_question_to_the_reporter(language):
    from django.utils import translation

    from dijkwacht.rooms.reporting import showing

    with translation.override(language):
        names = {name: showing.label(name) for name in [*ALL, *labels.FACTS]}
    assert not {name: text for name, text in names.items() if SPOKEN_TO[language].search(text)}


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_officers_page_speaks_of_the_entity_and_names_the_receivers(desk, incident, language):
    desk.cookies["django_language"] = language
    page = desk.get(f"/incidents/{incident.id}").content.decode()
    facts = re.search(r'<dl class="facts">.*?</dl>', page, re.DOTALL)[0]
    assert not [text for text in re.findall(r"<dt>(.*?)</dt>", facts) if SPOKEN_TO[language].search(text)]
    minister = {"nl": "minister van Klimaat en Groene Groei (KGG)", "en": "Minister of Climate and Green Growth (KGG)"}
    assert minister[language] in page
    assert "NCSC" in page
    assert not re.search(r"uw CSIRT|uw bevoegde|your CSIRT|your competent", page)


def test_the_reporter_still_reads_its_own_questions(client, incident, whose):
    client.force_login(person("nora@delta.example", organisations={whose.id: MEMBER}))
    client.cookies["django_language"] = "en"
    page = client.get(f"/report/{incident.id}").content.decode()
    assert "What have you done?" in page
    assert "Minister of Climate and Green Growth (KGG)" in page


def test_whoever_acts_for_more_is_told_what_to_choose_and_why(client, whose):
    other = organisation("Bakkerij Korst", classification="other", sectors=())
    client.force_login(person("ciso@two.example", organisations={whose.id: MEMBER, other.id: MEMBER}))
    client.cookies["django_language"] = "en"
    page = client.get("/report/significant").content.decode()
    assert "Choose for which organisation" in page
    assert "The criteria differ by what an organisation is" in page
    again = client.post("/report/significant", {"do": "judge"})
    assert (again.status_code, "Choose an organisation first" in again.content.decode()) == (422, True)
