"""Whoever got no answer and sends again finds the receipt of what was filed: once, whatever was sent."""

import threading
import time
from uuid import uuid4

import pytest
from django.db import connection
from tests.accounts.people import MEMBER, person

from dijkwacht.kernel.actor import CentreRole
from dijkwacht.platform import tenancy
from dijkwacht.rooms.reporting import drafts
from dijkwacht.rooms.reporting.errors import NotFound
from dijkwacht.rooms.reporting.models import Draft, Incident, Report
from dijkwacht.rooms.reporting.rules import Stage
from dijkwacht.rooms.reporting.scheduling import CLERK
from dijkwacht.rooms.reporting.sending import sent
from dijkwacht.rooms.reporting.sending.models import SentDraft

from .story import FINAL, NOTIFICATION, OFFICER, file, member, organisation
from .test_doors import FORM, begun

in_database = pytest.mark.django_db
AGAIN = "al gemeld"  # what the page says in Dutch


@pytest.fixture
def whose():
    return organisation()


@pytest.fixture
def nora(client, whose):
    client.force_login(person("nora@nieuweland.example", organisations={whose.id: MEMBER}))
    return client


def counts():
    with tenancy.acting(CLERK):
        return Draft.objects.count(), Incident.objects.count(), Report.objects.count()


@in_database
def test_the_form_of_a_report_that_was_filed_leads_to_its_receipt(nora, whose):
    draft = begun(nora, whose)
    nora.post(draft, FORM)
    first = nora.post(f"{draft}/check")
    for again in (nora.post(f"{draft}/check"), nora.get(f"{draft}/check"), nora.get(draft), nora.post(draft, FORM)):
        assert (again.status_code, again["Location"]) == (302, first["Location"])
    assert AGAIN in nora.get(first["Location"]).content.decode()
    assert counts() == (0, 1, 1)


@in_database
def test_so_does_that_of_a_later_stage(nora, whose):
    made = file(member(whose.id), whose.id).incident
    draft = nora.post(f"/report/{made.id}/stage", {"stage": "notification"})["Location"]
    nora.post(draft, {**FORM, **NOTIFICATION, "do": "next"})
    first = nora.post(f"{draft}/check")
    again = nora.post(f"{draft}/check")
    assert first["Location"] == again["Location"] == f"/report/{made.id}"
    assert counts() == (0, 1, 2)


@in_database
def test_that_of_an_officer_leads_back_to_the_desk(client):
    client.force_login(person("officer@centre.example", centre=[CentreRole.OFFICER]))
    draft = client.post("/incidents/phone", {"organisation": "", "stage": "early"})["Location"]
    client.post(draft, FORM)
    first = client.post(f"{draft}/check")
    assert first["Location"].startswith("/incidents/")
    assert client.post(f"{draft}/check")["Location"] == first["Location"]


@in_database
def test_to_anybody_else_it_is_not_there(nora, whose, client):
    draft = begun(nora, whose)
    nora.post(draft, FORM)
    nora.post(f"{draft}/check")
    other = nora.__class__()
    other.force_login(person("piet@nieuweland.example", organisations={whose.id: MEMBER}))
    assert other.post(f"{draft}/check").status_code == other.get(draft).status_code == 404


@in_database
def test_a_draft_that_is_refused_when_it_is_sent_stays(nora, whose):
    made = file(member(whose.id), whose.id).incident
    file(member(whose.id), whose.id, "notification", NOTIFICATION, made.id)
    draft = nora.post(f"/report/{made.id}/stage", {"stage": "progress"})["Location"]
    answer = nora.post(draft, {**FORM, **FINAL, "do": "next"})
    file(member(whose.id), whose.id, "final", FINAL, made.id)  # meanwhile a colleague filed the final report
    refused = nora.post(f"{draft}/check")
    assert answer.status_code == 302
    assert refused.status_code == 409
    assert nora.get(draft).status_code == 200
    assert counts()[0] == 1


@pytest.fixture
def committed(django_db_setup, django_db_blocker):
    """A draft that stands in the database for everybody, and is gone afterwards."""
    with django_db_blocker.unblock():
        with tenancy.acting(OFFICER):
            row = drafts.begin(OFFICER, stage=Stage.EARLY_WARNING, organisation=None, channel="phone")
        yield row.id
        with tenancy.acting(OFFICER):
            Draft.objects.filter(id=row.id).delete()
            SentDraft.objects.filter(draft=row.id).delete()


def test_of_two_requests_at_the_same_moment_one_takes_the_draft_and_the_other_learns_what_it_became(committed):
    together, became, incident = threading.Barrier(2), [], uuid4()

    def send() -> None:
        try:
            with tenancy.acting(OFFICER):
                together.wait(20)
                try:
                    became.append(("first", sent.remember(drafts.claim(OFFICER, committed)[0], incident=incident)))
                    time.sleep(0.2)  # the other waits meanwhile
                except NotFound:
                    became.append(("again", sent.address_of(OFFICER, committed)))
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    address = f"/incidents/{incident}"
    assert sorted(became) == [("again", address), ("first", address)]
