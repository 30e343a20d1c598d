"""A mailbox that is read: what was taken in leaves it, and nothing is taken in twice."""

import imaplib
import ssl
from dataclasses import replace

import pytest
from tests.phishing import dovecot, post

from dijkwacht.platform import mailbox, tenancy
from dijkwacht.platform.mailbox import Box, Unusable
from dijkwacht.rooms.phishing.campaigns.models import Campaign, Report
from dijkwacht.rooms.phishing.intake import actions, imap, reading
from dijkwacht.rooms.phishing.intake.models import Arrival

pytestmark = pytest.mark.usefixtures("own_database")


@pytest.fixture(scope="module")
def box():
    with dovecot.running() as made:
        yield made


def mails(number):
    return [
        post.forwarded(post.suspicious(f"https://dief.example/x?id={100_000_000 + one}")).as_bytes()
        for one in range(number)
    ]


def test_every_mail_is_taken_in_and_removed_from_the_mailbox(box):
    dovecot.put(box, *mails(45))
    assert imap.take_all(actor=actions.PORTER, box=box) == 45
    assert dovecot.left(box) == 0
    reading.read_all()
    with tenancy.acting(reading.READER):
        assert [one.mails for one in Campaign.objects.all()] == [45]
        assert {one.door for one in Report.objects.all()} == {"imap"}
    assert imap.take_all(actor=actions.PORTER, box=box) == 0


def test_a_mail_that_was_taken_in_but_not_removed_yet_is_not_taken_in_twice(box, monkeypatch):
    dovecot.put(box, *mails(3))
    real = imaplib.IMAP4_SSL.uid

    def dies_before_it_removes(self, command, *arguments):
        if command == "STORE":
            raise KeyboardInterrupt
        return real(self, command, *arguments)

    with monkeypatch.context() as patched:
        patched.setattr(imaplib.IMAP4_SSL, "uid", dies_before_it_removes)
        with pytest.raises(KeyboardInterrupt):
            imap.take_all(actor=actions.PORTER, box=box)
    assert dovecot.left(box) == 3
    assert imap.take_all(actor=actions.PORTER, box=box) == 0
    assert dovecot.left(box) == 0
    with tenancy.acting(reading.READER):
        assert Arrival.objects.count() == 3


def test_a_server_that_is_not_who_it_says_gets_no_password(box):
    with pytest.raises(Unusable, match="certificate"):
        imap.take_all(actor=actions.PORTER, box=replace(box, tls=ssl.create_default_context()))


def test_a_folder_that_is_not_there_is_said(box):
    with pytest.raises(Unusable):
        imap.take_all(actor=actions.PORTER, box=replace(box, folder="Elders"))


@pytest.mark.parametrize("url", ["imap://a:b@host/INBOX", "imaps://host", "pop3://a:b@host", ""])
def test_a_mailbox_without_tls_or_user_is_refused(url):
    with pytest.raises(Unusable):
        Box.of_url(url, "DIJKWACHT_PHISHING_IMAP")


def test_a_mailbox_is_named_by_a_url():
    box = Box.of_url("imaps://meld%40post:w%3Aw@mail.example/Meldingen", "DIJKWACHT_PHISHING_IMAP")
    assert (box.host, box.port, box.user, box.password, box.folder) == (
        "mail.example",
        993,
        "meld@post",
        "w:w",
        "Meldingen",
    )


def test_what_the_server_does_not_give_or_is_too_large_stays_in_the_mailbox(box, monkeypatch):
    *small, large = mails(4)
    dovecot.put(box, *small, large + b"\r\n" + b"x" * 200_000)
    real, asked = mailbox.raw, []

    def gives_all_but_one(server, uid):
        asked.append(uid)
        return None if len(asked) == 1 else real(server, uid)

    with monkeypatch.context() as patched:
        patched.setattr(mailbox, "raw", gives_all_but_one)
        patched.setattr(imap.rules, "LARGEST", 100_000)
        assert imap.take_all(actor=actions.PORTER, box=box) == 2
    assert dovecot.left(box) == 2
    assert imap.take_all(actor=actions.PORTER, box=box) == 2
    assert dovecot.left(box) == 0
