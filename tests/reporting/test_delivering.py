"""Who really gets a report: it is said to whom it does not go, and whoever reads it by its sector is told."""

import re

import pytest
from tests.accounts.people import MEMBER, person

from dijkwacht.kernel.actor import CentreRole
from dijkwacht.platform import tenancy
from dijkwacht.platform.outbox.models import Message
from dijkwacht.rooms.registry import actions as registry
from dijkwacht.rooms.reporting.rules import Stage
from dijkwacht.rooms.reporting.scheduling import CLERK

from .story import NOTIFICATION, OFFICER, early_warning, file, member, organisation

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


def watching(name, sector):
    """Return an organisation that is the authority of a sector."""
    row = organisation(name, sectors=())
    with tenancy.acting(OFFICER):
        registry.designate(actor=OFFICER, reader=row.id, sector=sector, role="authority", ground="Cbw 15")
    return row


def told():
    """Return what the outbox holds for those who watch over a sector: to whom, and the text of the mail."""
    with tenancy.acting(CLERK):
        rows = Message.objects.filter(dedupe_key__startswith="watch:").order_by("created_at", "id")
        return [(row.recipient, bytes(row.body).decode()) for row in rows]


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


def test_the_authority_of_a_sector_is_told_once_a_stage_that_there_is_a_report(whose):
    reader, _other = watching("Inspectie Water", "1.6"), watching("Inspectie Zorg", "1.5")
    nora = member(whose.id)
    made = file(nora, whose.id).incident
    ((recipient, mail),) = told()
    assert recipient == reader.emails[0]
    assert f"/incidents/{made.id}" in mail
    assert "Pumps" not in mail
    assert made.number not in mail
    file(nora, whose.id, incident=made.id)  # a new version of the same stage
    assert len(told()) == 1
    file(nora, whose.id, stage=Stage.NOTIFICATION, facts=NOTIFICATION, incident=made.id)
    assert [to for to, _mail in told()] == [reader.emails[0]] * 2


def test_a_report_that_need_not_be_made_is_told_to_no_authority(whose):
    watching("Inspectie Water", "1.6")
    file(member(whose.id), whose.id, facts=early_warning(kind="near-miss", significant=False))
    assert told() == []


def test_the_reporter_reads_by_name_who_can_read_it(client, whose):
    reader, other = watching("Inspectie Water", "1.6"), watching("Inspectie Zorg", "1.5")
    made = file(member(whose.id), whose.id).incident
    client.force_login(person("nora@nieuweland.example", organisations={whose.id: MEMBER}))
    page = shown(client, f"/report/{made.id}")
    assert reader.name in page
    assert other.name not in page
