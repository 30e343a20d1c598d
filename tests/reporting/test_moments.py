"""Every reminder goes once, whatever the scheduler did meanwhile; a real database, the real tick."""

import threading
import time
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from dijkwacht.platform import tenancy
from dijkwacht.rooms.reporting import actions, scheduling, ticks
from dijkwacht.rooms.reporting.actions import act_on_moments, send_message
from dijkwacht.rooms.reporting.models import DueMoment, Incident
from dijkwacht.rooms.reporting.rules import Stage
from dijkwacht.rooms.reporting.scheduling import CLERK

from .story import NOTIFICATION, OFFICER, file, member, organisation

in_database = pytest.mark.django_db


@pytest.fixture
def duty(settings):
    settings.DUTY_MAIL = ["duty@centre.example"]


@pytest.fixture
def filed(duty, mailoutbox):
    whose = organisation()
    made = file(member(whose.id), whose.id)
    mailoutbox.clear()
    return made.incident


@pytest.fixture
def mails(mailoutbox):
    """How often each address got each subject, since it was asked last."""

    def taken():
        found = Counter((message.to[0], message.subject) for message in mailoutbox)
        mailoutbox.clear()
        return found

    return taken


def later(hours):
    with tenancy.acting(CLERK):
        return act_on_moments(actor=CLERK, now=timezone.now() + timedelta(hours=hours))


@in_database
def test_a_scheduler_that_was_down_for_five_hours_sends_each_reminder_once(filed, mails):
    """The notification is due 71 hours after filing; nobody ticked until 5 hours after that."""
    with tenancy.acting(CLERK):
        waiting = DueMoment.objects.filter(act_at__lte=timezone.now() + timedelta(hours=76)).count()
    assert waiting == 5  # escalation, two of the answer of the centre, two of the notification
    assert later(76) == waiting
    told = mails()
    assert sum(count for (to, _), count in told.items() if to == "duty@centre.example") == 4
    assert sum(count for (to, _), count in told.items() if to == "nora@nieuweland.example") == 2
    assert (later(76), later(76.1), mails()) == (0, 0, Counter())


@in_database
def test_the_real_tick_acts_on_what_is_due_and_on_nothing_else(filed, mails):
    with tenancy.acting(CLERK):
        DueMoment.objects.filter(purpose="escalate").update(act_at=timezone.now() - timedelta(hours=5))
    ticks.act()
    ticks.act()
    assert list(mails().values()) == [1]
    with tenancy.acting(CLERK):
        assert DueMoment.objects.exclude(claimed_at=None).count() == 1


@in_database
def test_a_term_that_was_met_reminds_nobody(filed):
    whose = filed.organisation_id
    file(member(whose), whose, Stage.NOTIFICATION, NOTIFICATION, filed.id)
    with tenancy.acting(CLERK):
        rows = DueMoment.objects.filter(incident=filed, stage__in=["early-warning", "notification"])
        assert rows.exclude(stage="early-warning").filter(withdrawn_at=None).count() == 0


@in_database
def test_an_answer_of_a_person_ends_the_clock_of_the_centre_and_the_escalation(filed):
    with tenancy.acting(OFFICER):
        send_message(actor=OFFICER, incident=filed.id, text="We look at it. Can you send the logs?")
    with tenancy.acting(CLERK):
        open_ = DueMoment.objects.filter(incident=filed, withdrawn_at=None)
        assert not open_.filter(purpose__in=["escalate", "answer", "late"]).exists()


@in_database
def test_a_closed_incident_reminds_nobody(filed):
    with tenancy.acting(OFFICER):
        actions.close_incident(actor=OFFICER, incident=filed.id, reason="False alarm")
    assert later(2000) == 0
    with tenancy.acting(CLERK):
        assert Incident.objects.get(id=filed.id).next_due_at is None


@in_database
def test_a_mail_says_nothing_of_the_incident(filed, mailoutbox):
    later(100)
    sent = [f"{mail.subject}\n{mail.body}" for mail in mailoutbox]
    assert sent
    assert not [text for text in sent if "Pumps" in text or filed.number in text]


@pytest.fixture
def committed(django_db_setup, django_db_blocker):
    """Moments that stand in the database for everybody, and are gone afterwards."""
    with django_db_blocker.unblock():
        with tenancy.acting(CLERK):
            row = Incident(number="DW-TEST")
            row.facts, row.title = {}, "x"
            row.save(force_insert=True)
            now = timezone.now()
            moments = [
                DueMoment(incident=row, purpose="remind", stage=str(number), due_at=now, act_at=now)
                for number in range(80)
            ]
            DueMoment.objects.bulk_create(moments)
        yield {moment.id for moment in moments}
        with tenancy.acting(CLERK):
            Incident.objects.filter(id=row.id).delete()


@pytest.mark.parametrize("turn", range(3))
def test_two_schedulers_at_once_claim_a_moment_once(committed, turn):
    claimed, gate = [], threading.Barrier(2)

    def tick():
        try:
            gate.wait(timeout=20)
            with tenancy.acting(CLERK):
                found = [row.id for row in scheduling.claim(timezone.now())]
                time.sleep(0.05)  # both hold what they took at the same time
            claimed.extend(found)
        finally:
            connection.close()

    threads = [threading.Thread(target=tick) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(claimed) == sorted(committed)
