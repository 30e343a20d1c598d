"""A message in doubt: never resent while its sender lives, and never without asking the relay's log."""

import socket
import threading
import time
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.db import connection
from django.utils import timezone
from tests.outbox.conftest import mail, sender_to
from tests.outbox.test_delivery import change, now

from dijkwacht.platform.database import roles
from dijkwacht.platform.outbox import doubt
from dijkwacht.platform.outbox.models import Channel, State

pytestmark = pytest.mark.django_db


class Answer:
    """A relay log that knows one answer."""

    def __init__(self, answer: bool | None) -> None:
        self.answer = answer

    def contains(self, message_id: str, since: datetime) -> bool | None:
        return self.answer


def resolve(relay_log: Answer, *, seconds: float, ready: frozenset[Channel] = frozenset(Channel)) -> int:
    return doubt.resolve(relay_log=relay_log, seconds=seconds, ready=ready)


def in_doubt(*, ago: float = 120, holder: int | None = 4711):
    message = mail("x")
    change(message, state=State.DOUBT, doubt_at=timezone.now() - timedelta(seconds=ago), holder=holder, attempts=1)
    return message


@pytest.mark.parametrize(
    ("answer", "ago", "state", "possible_duplicate"),
    [
        (True, 120, State.SENT, False),
        (False, 120, State.NEW, False),
        (None, 120, State.DOUBT, False),
        (None, 1000, State.NEW, True),
        (True, 10, State.DOUBT, False),
        (False, 10, State.DOUBT, False),
    ],
)
def test_the_relays_log_decides_and_time_when_it_cannot(answer, ago, state, possible_duplicate):
    message = in_doubt(ago=ago)
    resolve(Answer(answer), seconds=60)
    after = now(message)
    assert (after.state, after.possible_duplicate) == (state, possible_duplicate)


def test_a_slow_sender_that_lives_keeps_its_message():
    message = in_doubt()
    with psycopg.connect(**roles.libpq(connection.settings_dict)) as living:
        living.execute("select pg_advisory_lock(4711)")
        assert resolve(Answer(False), seconds=60) == 0
    assert now(message).state == State.DOUBT
    for _ in range(50):
        if resolve(Answer(False), seconds=60):
            break
        time.sleep(0.05)
    assert now(message).state == State.NEW


def test_nothing_is_resolved_while_the_relay_does_not_answer():
    message = in_doubt()
    assert resolve(Answer(False), seconds=60, ready=frozenset({Channel.WEBHOOK})) == 0
    assert now(message).state == State.DOUBT


def test_a_webhook_in_doubt_is_sent_again_with_the_same_identifier_and_a_mark():
    message = in_doubt()
    change(message, channel="webhook")
    resolve(Answer(False), seconds=60)
    assert (now(message).state, now(message).possible_duplicate) == (State.NEW, True)


def test_a_relay_that_never_answers_after_the_final_dot_leaves_a_doubt_within_the_time_limit():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=mute_after_data, args=[listener], daemon=True).start()
        message = mail("x")
        began = time.monotonic()
        sender_to(listener.getsockname()[1], seconds=1.0).drain()
    assert time.monotonic() - began < 3
    after = now(message)
    assert (after.state, after.holder) == (State.DOUBT, None)
    assert resolve(Answer(True), seconds=-2) == 1
    assert now(message).state == State.SENT
    assert now(message).sent_at <= datetime.now(UTC)


def mute_after_data(listener: socket.socket) -> None:
    """A relay that takes the message, drips bytes for ever and never says 250."""
    peer, _ = listener.accept()
    peer.sendall(b"220 x\r\n")
    stream = peer.makefile("rb")
    for line in stream:
        verb = line[:4].upper()
        if verb == b"DATA":
            peer.sendall(b"354 go\r\n")
            break
        peer.sendall(b"250 ok\r\n")
    try:
        while True:
            peer.sendall(b"2")
            time.sleep(0.1)
    except OSError:
        stream.close()
        peer.close()
