"""Every reminder goes once, whatever the scheduler did meanwhile; a real database, the real tick."""

import threading
from collections import Counter
from datetime import timedelta
from email import message_from_bytes

import pytest
from django.db import connection
from django.utils import timezone

from dijkwacht.platform import tenancy
from dijkwacht.platform.outbox.models import Message as Mail
from dijkwacht.rooms.reporting import actions, scheduling, ticks
from dijkwacht.rooms.reporting.actions import act_on_moments, send_message
from dijkwacht.rooms.reporting.models import DueMoment, Incident
from dijkwacht.rooms.reporting.rules import Stage
from dijkwacht.rooms.reporting.scheduling import CLERK

from .story import NOTIFICATION, OFFICER, file, member, organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def duty(settings):
    settings.DUTY_MAIL = ["duty@centre.example"]


@pytest.fixture
def filed(duty):
    whose = organisation()
    made = file(member(whose.id), whose.id)
    with tenancy.acting(CLERK):
        Mail.objects.all().delete()
    return made.incident


def mails():
    """How often each address got each subject."""
    with tenancy.acting(CLERK):
        bodies = [(row.recipient, bytes(row.body)) for row in Mail.objects.all()]
    return Counter((to, message_from_bytes(body)["Subject"]) for to, body in bodies)


def later(hours):
    with tenancy.acting(CLERK):
        return act_on_moments(actor=CLERK, now=timezone.now() + timedelta(hours=hours))


def test_a_scheduler_that_was_down_for_five_hours_sends_each_reminder_once(filed):
    """The notification is due 71 hours after filing; nobody ticked until 5 hours after that."""
    with tenancy.acting(CLERK):
        waiting = DueMoment.objects.filter(act_at__lte=timezone.now() + timedelta(hours=76)).count()
    assert waiting == 5  # escalation, two of the answer of the centre, two of the notification
    assert later(76) == waiting
    first = mails()
    assert first
    assert (later(76), later(76.1)) == (0, 0)
    assert mails() == first


def test_the_real_tick_acts_on_what_is_due_and_on_nothing_else(filed):
    with tenancy.acting(CLERK):
        DueMoment.objects.filter(purpose="escalate").update(act_at=timezone.now() - timedelta(hours=5))
    ticks.act()
    ticks.act()
    assert list(mails().values()) == [1]
    with tenancy.acting(CLERK):
        assert DueMoment.objects.exclude(claimed_at=None).count() == 1


def test_a_term_that_was_met_reminds_nobody(filed):
    whose = filed.organisation_id
    file(member(whose), whose, Stage.NOTIFICATION, NOTIFICATION, filed.id)
    with tenancy.acting(CLERK):
        rows = DueMoment.objects.filter(incident=filed, stage__in=["early-warning", "notification"])
        assert rows.exclude(stage="early-warning").filter(withdrawn_at=None).count() == 0


def test_an_answer_of_a_person_ends_the_clock_of_the_centre_and_the_escalation(filed):
    with tenancy.acting(OFFICER):
        send_message(actor=OFFICER, incident=filed.id, text="We look at it. Can you send the logs?")
    with tenancy.acting(CLERK):
        open_ = DueMoment.objects.filter(incident=filed, withdrawn_at=None)
        assert not open_.filter(purpose__in=["escalate", "answer", "late"]).exists()


def test_a_closed_incident_reminds_nobody(filed):
    with tenancy.acting(OFFICER):
        actions.close_incident(actor=OFFICER, incident=filed.id, reason="False alarm")
    assert later(2000) == 0
    with tenancy.acting(CLERK):
        assert Incident.objects.get(id=filed.id).next_due_at is None


def test_a_mail_says_nothing_of_the_incident(filed):
    later(100)
    with tenancy.acting(CLERK):
        sent = [bytes(row.body) for row in Mail.objects.all()]
    assert sent
    assert not [body for body in sent if b"Pumps" in body or filed.number.encode() in body]


@pytest.mark.django_db(transaction=True)
def test_two_schedulers_at_once_claim_a_moment_once(duty):
    whose = organisation()
    made = file(member(whose.id), whose.id)
    now, claimed = timezone.now() + timedelta(days=9), []
    gate = threading.Barrier(2)

    def tick():
        try:
            with tenancy.acting(CLERK):
                gate.wait(timeout=20)
                claimed.extend(row.id for row in scheduling.claim(now))
        finally:
            connection.close()

    threads = [threading.Thread(target=tick) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with tenancy.acting(CLERK):
        wanted = set(DueMoment.objects.filter(incident=made.incident, act_at__lte=now).values_list("id", flat=True))
    assert sorted(claimed) == sorted(wanted)
