"""Who really gets a report: it is said to whom it does not go, and whoever reads it by its sector is told."""

import re

import pytest
from tests.accounts.people import MEMBER, person

from dijkwacht.kernel.actor import CentreRole

from .story import early_warning, file, member, organisation

pytestmark = pytest.mark.django_db
BREACH = {
    "personal_data_breach": True,
    "personal_data_risk": "risk",
    "data_role": "controller",
    "data_nature": "Read by somebody",
    "data_categories": "Names and addresses, 2000",
    "data_consequences": "Phishing",
    "data_measures": "Told them",
    "dpo_contact": "fg@nieuweland.example",
}
CHANNEL = 'href="https://www.autoriteitpersoonsgegevens.nl/"'


@pytest.fixture
def whose():
    return organisation()


def shown(client, address):
    """Return the page, in one line."""
    return re.sub(r"\s+", " ", client.get(address).content.decode())


def law_row(page):
    """Return the line of the clocks that is of the AVG."""
    return next(row for row in re.findall(r"<tr>.*?</tr>", page) if "AVG 33(1)" in row)


def test_a_report_under_the_avg_is_told_not_to_be_delivered_and_where_to_report_it(client, whose):
    made = file(member(whose.id), whose.id, facts=early_warning(**BREACH)).incident
    client.force_login(person("nora@nieuweland.example", organisations={whose.id: MEMBER}))
    page = shown(client, f"/report/{made.id}")
    assert "Het systeem kan dit niet afleveren bij: " in page
    assert "Meld het daar zelf" in page
    assert CHANNEL in page
    assert "niet afgeleverd" in law_row(page)
    assert ">gedaan<" not in law_row(page)


def test_an_officer_is_told_to_see_to_it_that_it_arrives(client, whose):
    made = file(member(whose.id), whose.id, facts=early_warning(**BREACH)).incident
    client.force_login(person("officer@centre.example", centre=[CentreRole.OFFICER]))
    page = shown(client, f"/incidents/{made.id}")
    assert "Zorg dat het daar aankomt" in page
    assert "Meld het daar zelf" not in page
    assert "niet afgeleverd" in law_row(page)


def test_a_report_without_personal_data_says_nothing_of_that(client, whose):
    made = file(member(whose.id), whose.id).incident
    client.force_login(person("nora@nieuweland.example", organisations={whose.id: MEMBER}))
    assert "niet afleveren" not in shown(client, f"/report/{made.id}")
