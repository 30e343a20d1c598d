"""Every reminder goes once, whatever the scheduler did meanwhile; a real database, the real tick."""

import re
import threading
import time
from collections import Counter
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from dijkwacht.platform import tenancy
from dijkwacht.rooms.reporting import actions, scheduling, ticks
from dijkwacht.rooms.reporting.actions import act_on_moments, send_message
from dijkwacht.rooms.reporting.models import DueMoment, Incident
from dijkwacht.rooms.reporting.rules import Stage
from dijkwacht.rooms.reporting.scheduling import CLERK, LONGEST_LEAD
from dijkwacht.rooms.reporting.terms import clocks

from .story import NOTIFICATION, OFFICER, early_warning, file, member, organisation

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


@in_database
def test_a_mail_of_a_term_says_which_duty_it_is_whose_and_until_when(filed, mailoutbox, settings):
    settings.LANGUAGE_CODE = "en"
    later(80)
    to_duty = [mail for mail in mailoutbox if mail.to == ["duty@centre.example"]]
    (late,) = [mail for mail in to_duty if "a term of the centre has ended" in mail.subject]
    assert "Duty: Answer of the centre (Cbw 36(1))" in late.body
    assert "Whose: the centre's own." in late.body
    assert re.search(r"The term ended on \d+ \w+ \d{4} \d\d:\d\d\.", late.body)
    (overdue,) = [mail for mail in to_duty if "a term of an incident report has ended" in mail.subject]
    assert "Duty: Notification (Cbw 27" in overdue.body
    assert "Whose: the reporter's" in overdue.body
    (waits,) = [mail for mail in to_duty if "nobody has looked" in mail.subject]
    assert "It waits since " in waits.body
    assert "Duty:" not in waits.body


@in_database
def test_the_mail_of_a_version_for_another_state_does_not_name_the_state(duty, mailoutbox, settings):
    settings.LANGUAGE_CODE = "en"
    whose = organisation()
    file(member(whose.id), whose.id, facts=early_warning(cross_border=True, member_states=("DE",)))
    mailoutbox.clear()
    later(80)
    bodies = [mail.body for mail in mailoutbox if mail.to == ["duty@centre.example"]]
    assert [body for body in bodies if "Duty: Version for another Member State or ENISA" in body]
    assert not [body for body in bodies if "Germany" in body or "(DE)" in body]


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


@in_database
def test_over_the_end_of_summer_time_terms_stand_in_the_order_in_which_they_end_and_remind_by_elapsed_time():
    whose = organisation()
    received = datetime.fromisoformat("2026-10-24T01:10:00+00:00")  # 24 hours later a clock in Amsterdam shows 02:10
    aware = "2026-10-24T02:50:00+02:00"  # and 24 hours after this, before it, 02:50
    facts = early_warning(awareness=aware, occurrence="2026-10-24T01:00:00+02:00")
    incident = file(OFFICER, whose.id, facts=facts, at=received).incident
    with tenancy.acting(CLERK):
        first = clocks(incident, {})[:2]
        assert [one.stage for one in first] == ["early-warning", "answer"]
        assert first[0].due > first[1].due  # moments in one zone are compared by what a clock there shows
        for row in DueMoment.objects.filter(purpose="remind"):
            assert row.due_at - row.act_at == min((row.due_at - received) / 4, LONGEST_LEAD)
