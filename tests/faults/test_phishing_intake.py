"""Suspicious mails that were acknowledged: in the vault and in a campaign, once, whatever was killed meanwhile."""

import contextlib
import os
import resource
import signal
import smtplib
import tempfile
import threading
import time
from pathlib import Path

import pytest
from tests.faults.machine import Machine, digest, wait_until
from tests.faults.test_system import answers, stop_database
from tests.phishing import post

pytestmark = [pytest.mark.faults, pytest.mark.slow]
PARTS = {"receiver": ("phishing", "receive"), "mails": ("worker", "--queue=mails")}


@pytest.fixture
def machine():
    folder = tempfile.TemporaryDirectory(prefix="dijkwacht-faults-", ignore_cleanup_errors=True)
    made = Machine(Path(folder.name), organisations=6)
    try:
        made.prepare()
        for name, command in PARTS.items():
            made.start(name, *command)
        wait_until(lambda: listens(made), 60, "the receiver does not start")
        yield made
    finally:
        made.stop()
        folder.cleanup()


def listens(machine):
    try:
        smtplib.SMTP("127.0.0.1", machine.phishing_port, timeout=5).quit()
    except (OSError, smtplib.SMTPException):
        return False
    return True


def a_mail(number, size=0):
    inner = post.suspicious(f"https://dief.example/x?id={100_000_000 + number}")
    mail = post.forwarded(inner, f"Jan <burger{number}@burger.example>")
    if size:
        mail.add_attachment(b"\0" * size, maintype="application", subtype="octet-stream", filename="a.bin")
    return mail.as_bytes(policy=mail.policy.clone(linesep="\r\n"))


class Sender(threading.Thread):
    """Sends mail after mail; `acknowledged` holds those to which the answer was 250."""

    def __init__(self, port, first):
        super().__init__()
        self.port, self.number = port, first
        self.acknowledged, self.ended = [], threading.Event()

    def run(self):
        while not self.ended.is_set():
            self.number += 1
            raw = a_mail(self.number)
            try:
                post.send(self.port, raw)
            except (OSError, smtplib.SMTPException):
                time.sleep(0.1)
            else:
                self.acknowledged.append(digest(raw))


@contextlib.contextmanager
def sending(port):
    senders = [Sender(port, 1_000_000 * (one + 1)) for one in range(3)]
    for one in senders:
        one.start()
    acknowledged = []
    try:
        yield acknowledged
    finally:
        for one in senders:
            one.ended.set()
            one.join()
            acknowledged += one.acknowledged


def all_read(machine):
    return machine.rows("select count(*) from phishing_arrival") == [(0,)]


def kept(machine):
    """The names of the files in the vault."""
    return {path.name for path in (machine.home / "phishing" / "vault").glob("*/*") if not path.name.startswith(".")}


def test_nothing_that_was_acknowledged_is_lost_or_counted_twice_whoever_dies(machine, long_run):
    with sending(machine.phishing_port) as acknowledged:
        for number in range(60 if long_run else 6):
            time.sleep(1.0 + 0.37 * (number % 3))
            dying = ("receiver", "mails", "database")[number % 3]
            if dying == "database":
                stop_database(machine, "killed")
                wait_until(lambda: answers(machine), 60, "the database does not come back")
            else:
                machine.kill(dying, signal.SIGKILL)
                machine.start(dying, *PARTS[dying])
        wait_until(lambda: listens(machine), 60, "the receiver does not come back")
        time.sleep(1)
    machine.restart_dead(*((name, *command) for name, command in PARTS.items()))
    wait_until(lambda: all_read(machine), 120, "mails stay in the queue")
    found = dict(machine.rows("select vault, count(*) from phishing_report where campaign_id is not null group by 1"))
    print(f"{len(acknowledged)} mails acknowledged, {sum(found.values())} reports")
    assert len(acknowledged) > 20
    assert [one for one in acknowledged if found.get(one) != 1] == []
    assert set(acknowledged) <= kept(machine)
    assert machine.rows("select sum(mails) from phishing_campaign") == [(sum(found.values()),)]


def test_a_disk_that_takes_no_more_is_told_as_452_and_mails_come_in_again_when_it_does(machine):
    """The kernel refuses to write beyond a size, as it refuses on a full disk; then the bound is lifted."""
    receiver = machine.children["receiver"].pid
    resource.prlimit(receiver, resource.RLIMIT_FSIZE, (150_000, resource.RLIM_INFINITY))
    with pytest.raises(smtplib.SMTPDataError) as refused:
        post.send(machine.phishing_port, a_mail(1, size=200_000))
    assert refused.value.smtp_code == 452
    assert kept(machine) == set()
    assert machine.rows("select count(*) from phishing_arrival") == [(0,)]
    post.send(machine.phishing_port, a_mail(2))  # what fits is taken in meanwhile
    resource.prlimit(receiver, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    post.send(machine.phishing_port, a_mail(1, size=200_000))
    wait_until(lambda: all_read(machine) and machine.rows("select count(*) from phishing_report") == [(2,)], 60, "lost")
    os.kill(receiver, 0)  # it never died


def test_a_database_that_is_away_is_told_as_452_too(machine):
    stop_database(machine, "killed")
    with pytest.raises(smtplib.SMTPDataError) as refused:
        post.send(machine.phishing_port, a_mail(1))
    assert refused.value.smtp_code == 452
    wait_until(lambda: answers(machine), 60, "the database does not come back")
    wait_until(lambda: sent(machine), 30, "no mail comes in again")


def sent(machine):
    try:
        post.send(machine.phishing_port, a_mail(1))
    except smtplib.SMTPException:
        return False
    return True
