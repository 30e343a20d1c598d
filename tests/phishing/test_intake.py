"""A mail that comes in: on disk before anybody hears yes, then in a campaign, once."""

import smtplib

import pytest
from django.db import OperationalError
from tests.phishing import doors, post

from dijkwacht.platform import tenancy
from dijkwacht.rooms.phishing.campaigns.models import Campaign, Report
from dijkwacht.rooms.phishing.intake import actions, reading, vault
from dijkwacht.rooms.phishing.intake.models import Arrival

pytestmark = pytest.mark.usefixtures("own_database")


def everything():
    with tenancy.acting(reading.READER):
        return list(Arrival.objects.all()), list(Report.objects.all()), list(Campaign.objects.all())


def test_a_mail_that_was_acknowledged_is_in_the_vault_and_ends_in_a_campaign():
    mail = post.forwarded(post.suspicious())
    with doors.open_doors() as (port, _):
        post.send(port, mail)
    (arrival,), _, _ = everything()
    assert b"Is dit echt?" in vault.raw_of(arrival.vault, arrival.received_at)
    assert b"echt" not in vault.path_of(arrival.vault, arrival.received_at).read_bytes()
    assert b"jansen" not in bytes(arrival.sealed)
    assert reading.read_all() == 1
    arrivals, (report,), (campaign,) = everything()
    assert not arrivals
    assert (report.id, report.campaign_id, report.door) == (arrival.id, campaign.id, "smtp")
    assert campaign.hosts == ["postnl-bezorging.example"]
    assert campaign.analysis["verdict"] == "phishing"
    assert campaign.mails == 1


def test_nothing_that_is_stored_outside_the_vault_says_who_reported():
    link = "https://postnl-bezorging.example/x?e=jan.jansen@burger.example&id=123456789"
    with doors.open_doors() as (port, _):
        post.send(port, post.forwarded(post.suspicious(link)))
    reading.read_all()
    _, (report,), (campaign,) = everything()
    stored = f"{campaign.__dict__} {report.__dict__}".lower()
    assert "jansen" not in stored
    assert "jan." not in stored
    assert "burger.example" not in stored
    assert campaign.subject == "Uw pakket wacht, …"


def test_a_mail_for_anybody_else_is_refused():
    with doors.open_doors() as (port, _), pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        post.send(port, post.forwarded(post.suspicious()), to="somebody@elsewhere.example")
    ((code, said),) = refused.value.recipients.values()
    assert code == 550
    assert b"relay nothing" in said
    assert everything() == ([], [], [])


@pytest.mark.parametrize("read", [False, True], ids=["waits", "was read"])
def test_a_commit_whose_answer_was_lost_takes_a_mail_in_once(monkeypatch, read):
    real, tries = actions.accept_many, []

    def loses_the_answer(**given):
        found = real(**given)
        tries.append(found)
        if len(tries) == 1:
            if read:
                reading.read_all()
            raise OperationalError("the connection was lost after the commit")
        return found

    monkeypatch.setattr(actions, "accept_many", loses_the_answer)
    with doors.open_doors() as (port, _):
        post.send(port, post.forwarded(post.suspicious()))
    assert len(tries) == 2
    reading.read_all()
    arrivals, reports, (campaign,) = everything()
    assert (len(arrivals), len(reports), campaign.mails) == (0, 1, 1)
