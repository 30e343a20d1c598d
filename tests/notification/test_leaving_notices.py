"""Whoever left the register gets no notices any more: what waits is cancelled, whatever it waits for."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.notification import world

from dijkwacht.platform import tenancy
from dijkwacht.platform.outbox.models import Message
from dijkwacht.rooms.notification import dispatching, following, sending
from dijkwacht.rooms.notification.models import Call, Event, Notice
from dijkwacht.rooms.registry import actions, reads


@pytest.fixture
def bakery(db, settings, tmp_path):
    settings.HOME = tmp_path
    settings.COURSES_FOLDER = tmp_path / "courses"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    with tenancy.acting(world.TEST):
        yield world.organisation()


def leave(organisation):
    row = actions.ask_deregistration(
        actor=world.officer(), organisation=organisation.id, reason="ceased", effective_on=reads.today()
    )
    assert actions.deregister_due(actor=world.officer(), deregistration=row.id)


def test_a_digest_a_held_notice_and_one_in_the_outbox_are_not_sent(bakery):
    waiting = [
        world.notice(
            bakery, world.finding(bakery, "192.0.2.1"), state="collecting", due_at=timezone.now(), outcome="digest"
        ),
        world.notice(bakery, world.finding(bakery, "192.0.2.2"), state="held", outcome="held"),
        world.notice(bakery, world.finding(bakery, "192.0.2.3")),
    ]
    sending.send([waiting[2]])
    leave(bakery)
    assert {row.state for row in Notice.objects.all()} == {"cancelled"}
    assert Message.objects.get(reference=f"notice:{waiting[2].id}").state == "cancelled"
    assert {row.outcome for row in Event.objects.all()} == {"cancelled"}
    assert dispatching.dispatch_due() == 0


def test_what_is_on_its_way_or_delivered_stays_what_it_is(bakery):
    sent, on_its_way = (world.notice(bakery, world.finding(bakery, f"192.0.2.{number}")) for number in (1, 2))
    sending.send([on_its_way])
    Message.objects.update(state="doubt")
    Notice.objects.filter(id=sent.id).update(state="delivered")
    leave(bakery)
    assert {Notice.objects.get(id=row.id).state for row in (sent, on_its_way)} == {"delivered", "queued"}


def test_another_organisations_notices_are_not_touched(bakery):
    other = world.organisation("Slagerij Been", mail="it@been.example")
    theirs = world.notice(other, world.finding(other), state="held", outcome="held")
    leave(bakery)
    theirs.refresh_from_db()
    assert theirs.state == "held"


def test_nobody_calls_it_any_more(bakery, settings):
    notice = world.notice(bakery, world.finding(bakery, severity=4), state="delivered")
    Notice.objects.update(
        delivered_at=timezone.now() - timedelta(days=2), created_at=timezone.now() - timedelta(days=2)
    )
    Call.objects.create(organisation=bakery, notice=notice, findings=1)
    leave(bakery)
    assert Call.objects.get().done_at is not None
    Call.objects.all().delete()
    assert following.escalate() == 0
