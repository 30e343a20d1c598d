"""Bounces: real ones are recorded, forged and hostile ones change nothing."""

import random
import string
import time
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from tests.outbox.conftest import mail
from tests.outbox.test_delivery import now

from dijkwacht.platform.outbox import bounce, events, verp
from dijkwacht.platform.outbox.announcing import announce
from dijkwacht.platform.outbox.models import State

REPORT = b"""From: MAILER-DAEMON@mx.example\r
Content-Type: multipart/report; report-type=delivery-status;\r
\tboundary="B"\r
Subject: Undelivered\r
\r
--B\r
Content-Type: text/plain\r
\r
Sorry.\r
\r
--B\r
Content-Description: Delivery report\r
Content-Type: message/delivery-status\r
\r
Reporting-MTA: dns; mx.example\r
\r
Final-Recipient: rfc822; it@bakker.example\r
Action: failed\r
Status: 5.1.1\r
Diagnostic-Code: smtp; 550 5.1.1 User unknown in virtual\r
    mailbox table\r
\r
--B--\r
"""


def test_a_report_names_recipient_status_and_reason():
    assert bounce.read(REPORT) == bounce.Bounce(
        "it@bakker.example", "5.1.1", "550 5.1.1 User unknown in virtual mailbox table"
    )


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\r\n",
        b"Subject: Out of office\r\n\r\nAction: failed\r\n",
        REPORT.replace(b"Action: failed", b"Action: delayed"),
        REPORT.replace(b"Action: failed", b"Action: delivered"),
        REPORT.replace(b"message/delivery-status", b"text/plain"),
        REPORT[:300],
        b"x" * (bounce.LARGEST + 1),
    ],
)
def test_what_is_no_failure_report_counts_for_nothing(content):
    assert bounce.read(content) is None


def test_the_second_recipient_of_a_report_counts_too():
    first = b"Final-Recipient: rfc822; a@b\r\nAction: relayed\r\n\r\nFinal-Recipient: rfc822; it"
    found = bounce.read(REPORT.replace(b"Final-Recipient: rfc822; it", first))
    assert found is not None
    assert found.recipient == "it@bakker.example"


def test_a_return_path_names_its_message_and_cannot_be_forged():
    message = uuid4()
    address = verp.return_path(message)
    assert len(address.partition("@")[0]) <= 64
    assert verp.message_of(address) == message
    assert verp.message_of(address.upper()) == message
    local, _, domain = address.partition("@")
    for position in range(len("bounces+"), len(local)):
        for letter in string.ascii_lowercase + "234567":
            if letter != local[position]:
                forged = local[:position] + letter + local[position + 1 :]
                assert verp.message_of(f"{forged}@{domain}") in {None, message}


@pytest.mark.parametrize(
    "address", ["", "@", "bounces@x", "bounces+@dijkwacht.example", "bounces+é@dijkwacht.example", "a+b@c"]
)
def test_another_address_names_no_message(address):
    assert verp.message_of(address) is None


@pytest.mark.django_db
def test_a_bounce_is_recorded_and_told_once(server, sender):
    message = mail("x", reference="notice 7")
    sender.drain()
    heard = []

    def on_bounced(message, reason, **_):
        heard.append((message.reference, reason))

    events.bounced.connect(on_bounced)
    try:
        for _ in range(2):
            assert bounce.take(verp.return_path(message.id), REPORT) == message.id
            announce()
    finally:
        events.bounced.disconnect(on_bounced)
    assert now(message).state == State.BOUNCED
    assert heard == [("notice 7", "5.1.1 550 5.1.1 User unknown in virtual mailbox table")]


@pytest.mark.django_db
def test_a_bounce_for_a_message_that_was_never_sent_or_is_not_ours_changes_nothing():
    message = mail("x")
    assert bounce.take(verp.return_path(message.id), REPORT) is None
    assert bounce.take(verp.return_path(uuid4()), REPORT) is None
    assert bounce.take("bounces+aaaa@dijkwacht.example", REPORT) is None
    assert now(message).state == State.NEW


@given(st.binary(max_size=2000))
@hypothesis_settings(max_examples=200, deadline=None)
def test_any_bytes_can_be_read(content):
    bounce.read(content)
    bounce.read(REPORT[:400] + content)


def test_mutated_reports_are_read_quickly_and_without_an_error():
    chance = random.Random(7)
    began = time.monotonic()
    for _ in range(3000):
        content = bytearray(REPORT)
        for _ in range(chance.randrange(1, 30)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        bounce.read(bytes(content))
    assert time.monotonic() - began < 10


@pytest.mark.parametrize(
    "content",
    [
        REPORT[:400] + b"a:" * 500_000,
        b"Content-Type: multipart/report; report-type=delivery-status\r\n" + b" x\r\n" * 200_000,
        REPORT[:450] + b"\r\n" * 400_000,
        REPORT[:450] + b"X: y\r\n\r\n" * 100_000,
        b"content-type:" * 80_000,
    ],
)
def test_a_large_hostile_report_takes_less_than_a_second(content):
    began = time.monotonic()
    bounce.read(content)
    assert time.monotonic() - began < 1
