"""The delivery job and its tick, as the worker and the scheduler run them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from tests.outbox.conftest import mail
from tests.outbox.test_delivery import change, now

from dijkwacht.platform.outbox import channels, tasks
from dijkwacht.platform.outbox.models import State
from dijkwacht.platform.outbox.postfix_log import PostfixLog
from dijkwacht.platform.outbox.relay_log import MailboxLog, NullLog
from dijkwacht.platform.outbox.smtp import Relay


def jobs() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from procrastinate_jobs where queue_name = 'outbox'")
        return cursor.fetchone()[0]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "woken"),
    [
        ({}, 1),
        ({"state": State.SENT}, 0),
        ({"state": State.SENT, "announce": True}, 1),
        ({"state": State.DOUBT, "doubt_at": timedelta()}, 0),  # times count from the moment of the test
        ({"state": State.DOUBT, "doubt_at": -timedelta(hours=1)}, 1),
        ({"next_attempt_at": timedelta(hours=1)}, 0),
    ],
)
def test_the_tick_wakes_the_delivery_only_when_something_waits(fields, woken):
    now = timezone.now()
    change(
        mail("x"), **{name: now + value if isinstance(value, timedelta) else value for name, value in fields.items()}
    )
    tasks.wake_when_due()
    tasks.wake_when_due()
    assert jobs() == woken


@pytest.mark.django_db
def test_the_job_delivers_through_the_configured_relay(server, settings):
    settings.SMTP_URL = f"smtp://127.0.0.1:{server.port}"
    message = mail("x")
    assert tasks.drain() == 1
    assert now(message).state == State.SENT


def test_the_relay_log_follows_the_settings(settings):
    for value, url, kind in (
        ("", "", MailboxLog),
        ("", "smtp://relay.example", NullLog),
        ("postfix:/var/log/mail.log", "smtp://relay.example", PostfixLog),
        ("mailbox:/x", "smtp://relay.example", MailboxLog),
    ):
        settings.RELAY_LOG, settings.SMTP_URL = value, url
        assert isinstance(channels.relay_log(), kind)
    settings.RELAY_LOG = "exim:/x"
    with pytest.raises(ValueError, match="RELAY_LOG"):
        channels.relay_log()


@pytest.mark.parametrize(
    ("url", "relay"),
    [
        ("smtp://relay.example", Relay("relay.example", 25)),
        ("smtp://u%40x:p%3A@relay.example:587", Relay("relay.example", 587, "u@x", "p:")),
        ("smtps://relay.example", Relay("relay.example", 465, tls=True)),
    ],
)
def test_a_relay_is_named_by_a_url(url, relay):
    assert Relay.of_url(url) == relay


@pytest.mark.parametrize("url", ["http://x", "relay.example", "smtp://"])
def test_another_url_names_no_relay(url):
    with pytest.raises(ValueError, match="SMTP_URL"):
        Relay.of_url(url)


@pytest.mark.django_db
def test_a_password_is_not_sent_in_clear_over_a_network(server, monkeypatch):
    from dijkwacht.platform.outbox.smtp import RelayUnavailable, Session

    monkeypatch.setattr(Relay, "local", False)
    session = Session(Relay("127.0.0.1", server.port, "user", "secret"), seconds=5)
    with pytest.raises(RelayUnavailable, match="not sent in clear"):
        session.connect()
    assert not session.open
