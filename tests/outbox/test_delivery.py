"""From a row to an accepted mail, with a real SMTP server on the other side."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from tests.outbox.conftest import ACTOR, mail, sender_to

from dijkwacht.kernel.actor import ANONYMOUS, Actor, CentreRole, Kind
from dijkwacht.platform import tenancy
from dijkwacht.platform.outbox import actions, events, wake
from dijkwacht.platform.outbox.errors import InvalidRecipient, MissingMessageId, NotAllowed, NotRetryable
from dijkwacht.platform.outbox.models import Message, State

pytestmark = pytest.mark.django_db


def now(message: Message) -> Message:
    with tenancy.acting(ACTOR):
        return Message.objects.get(id=message.id)


def change(message: Message, **fields) -> None:
    with tenancy.acting(ACTOR):
        Message.objects.filter(id=message.id).update(**fields)


def test_a_mail_is_handed_over_once_with_its_own_return_path(server, sender):
    message = mail("one")
    sender.drain()
    sender.drain()
    [envelope] = server.accepted
    assert envelope.rcpt_tos == ["it@bakker.example"]
    assert b"Hello one" in envelope.content
    assert envelope.mail_from.startswith("bounces+")
    assert now(message).state == State.SENT


def test_the_same_dedupe_key_gives_the_first_message_back():
    assert mail("twice").id == mail("twice").id


def test_a_message_that_was_not_asked_for_yet_waits(server, sender):
    mail("later", not_before=timezone.now() + timedelta(hours=1))
    assert sender.drain() == 0


def test_urgent_messages_go_first_over_one_connection(server, sender):
    for name, priority in (("c", 9), ("a", 0), ("b", 5)):
        mail(name, priority=priority)
    sender.drain()
    assert [e.content[-3:-2] for e in server.accepted] == [b"a", b"b", b"c"]
    assert len({id(session) for session in server.sessions}) == 1


@pytest.mark.parametrize(
    ("where", "answer", "state"),
    [
        ("at_rcpt", "550 5.1.1 No such user", State.BOUNCED),
        ("at_rcpt", "450 4.2.0 Greylisted", State.NEW),
        ("at_rcpt", "530 5.7.0 Authentication required", State.NEW),
        ("at_data", "554 5.6.0 No", State.FAILED),
        ("at_data", "451 4.3.0 Later", State.NEW),
        ("at_data", "421 4.3.2 Closing", State.NEW),
    ],
)
def test_what_the_relay_answers_decides(server, sender, where, answer, state):
    message = mail("x")
    getattr(server, where)["it@bakker.example"] = answer
    sender.drain()
    after = now(message)
    assert after.state == state
    assert after.last_error == answer
    assert server.accepted == []
    if state == State.NEW:
        assert after.next_attempt_at > timezone.now()


def test_one_refused_recipient_does_not_stop_the_next(server, sender):
    server.at_rcpt["gone@x.example"] = "550 5.1.1 gone"
    mail("a", recipient="gone@x.example")
    mail("b")
    sender.drain()
    assert len(server.accepted) == 1


def test_a_dead_relay_costs_no_attempt():
    message = mail("x")
    assert sender_to(1).drain() == 0
    assert (now(message).attempts, now(message).state) == (0, State.NEW)


def test_a_message_that_is_refused_for_five_days_fails(server, sender):
    message = mail("x")
    change(message, give_up_at=timezone.now())
    server.at_rcpt["it@bakker.example"] = "450 later"
    sender.drain()
    assert now(message).state == State.FAILED


def test_rooms_learn_what_became_of_a_message_once_even_when_one_of_them_fails(server, sender):
    server.at_rcpt["gone@x.example"] = "550 5.1.1 gone"
    mail("a", recipient="gone@x.example", reference="notice 1")
    mail("b", reference="notice 2")
    heard: list[tuple[str, str, str]] = []
    faults = [RuntimeError("a receiver's own fault")]

    def on_delivered(message: Message, reason: str, **_):
        if faults:
            raise faults.pop()
        heard.append(("delivered", message.reference, reason))

    def on_bounced(message: Message, reason: str, **_):
        heard.append(("bounced", message.reference, reason))

    events.delivered.connect(on_delivered)
    events.bounced.connect(on_bounced)
    try:
        sender.drain()
        assert heard == [("bounced", "notice 1", "550 5.1.1 gone")]
        sender.drain()
        sender.drain()
    finally:
        events.delivered.disconnect(on_delivered)
        events.bounced.disconnect(on_bounced)
    assert heard[1:] == [("delivered", "notice 2", "")]
    assert len(server.accepted) == 1


@pytest.mark.parametrize(
    "recipient",
    [
        "",
        "a",
        "a@",
        "@b",
        "a@b,c@d",
        "a b@c",
        "a@b\r\nRCPT TO:<x@y>",
        "<a@b>",
        "a@b@c",
        '"a b"@c',
        "a@b\0",
        "é@b",
        "a@bücher.example",
        "a@[127.0.0.1]",
    ],
)
def test_an_address_that_is_not_one_address_is_refused(recipient):
    with pytest.raises(InvalidRecipient):
        mail("x", recipient=recipient)


@pytest.mark.parametrize(
    "payload", [b"Subject: x\r\n\r\nMessage-ID: <a@b>\r\n", b"Message-ID: <a@b>\r\nMessage-ID: <c@d>\r\n\r\n", b""]
)
def test_a_mail_needs_exactly_one_message_id(payload):
    with pytest.raises(MissingMessageId):
        actions.enqueue(
            actor=ACTOR, channel="mail", organisation=None, recipient="a@b", payload=payload, dedupe_key="x"
        )


def test_an_outsider_neither_sees_nor_changes_the_outbox():
    message = mail("x")
    with tenancy.acting(ANONYMOUS), pytest.raises(NotAllowed):
        actions.retry(actor=ANONYMOUS, message_id=message.id)
    with tenancy.acting(ANONYMOUS):
        assert Message.objects.count() == 0


def test_an_officer_retries_a_failed_message_and_cancels_a_waiting_one(server, sender):
    officer = Actor(kind=Kind.PERSON, id="o", roles=frozenset({CentreRole.OFFICER}))
    server.at_data["it@bakker.example"] = "554 no"
    message = mail("x")
    sender.drain()
    server.at_data.clear()
    with tenancy.acting(officer):
        actions.retry(actor=officer, message_id=message.id)
    sender.drain()
    assert now(message).state == State.SENT
    waiting = mail("y")
    with tenancy.acting(officer):
        actions.cancel(actor=officer, message_id=waiting.id)
        with pytest.raises(NotRetryable):
            actions.retry(actor=officer, message_id=waiting.id)


def test_one_delivery_job_is_queued_for_a_transaction_of_many_messages(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        for number in range(5):
            mail(f"m{number}")
    wake.now()
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from procrastinate_jobs where queue_name = 'outbox'")
        assert cursor.fetchone() == (1,)
