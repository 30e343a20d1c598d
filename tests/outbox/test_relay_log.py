"""What a relay's log proves, and what it leaves open."""

import asyncio
import shutil
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dijkwacht.platform.outbox import mailbox, postfix_log
from dijkwacht.platform.outbox.mailbox import Mailbox
from dijkwacht.platform.outbox.postfix_log import PostfixLog
from dijkwacht.platform.outbox.relay_log import MailboxLog, NullLog

START = datetime(2026, 11, 22, 8, 0, 0, tzinfo=UTC)
SENT = """
{0} mx postfix/smtpd[11]: connect from app[10.0.0.2]
{0} mx postfix/smtpd[11]: 4C1A2B3D4E: client=app[10.0.0.2]
{0} mx postfix/cleanup[12]: 4C1A2B3D4E: message-id=<a@x>
{1} mx postfix/qmgr[13]: 4C1A2B3D4E: from=<bounces+q@x>, size=500, nrcpt=1 (queue active)
{2} mx postfix/smtp[14]: 4C1A2B3D4E: to=<it@b>, relay=mx.b[192.0.2.1]:25, dsn=2.0.0, status=sent (250 ok)
"""
HALF = """
{0} mx postfix/smtpd[11]: 4C1A2B3D4E: client=app[10.0.0.2]
{0} mx postfix/cleanup[12]: 4C1A2B3D4E: message-id=<a@x>
"""
LOST_IN_DATA = HALF + "{1} mx postfix/smtpd[11]: lost connection after DATA (300 bytes) from app[10.0.0.2]\n"
LOST_AFTER_END = HALF + "{1} mx postfix/smtpd[11]: lost connection after END-OF-MESSAGE from app[10.0.0.2]\n"
REFUSED = HALF + "{1} mx postfix/cleanup[12]: 4C1A2B3D4E: milter-reject: END-OF-MESSAGE from app[10.0.0.2]: 5.7.1\n"
OTHER = "{0} mx postfix/smtpd[11]: connect from x\n{2} mx postfix/smtpd[11]: disconnect from x\n"
REUSED = SENT.replace("<a@x>", "<other@x>") + LOST_IN_DATA


def log_of(folder: Path, text: str, *, start: datetime = START) -> PostfixLog:
    times = [(start + timedelta(seconds=second)).isoformat() for second in (0, 5, 10)]
    (folder / "mail.log").write_text(text.strip().format(*times) + "\n")
    return PostfixLog(folder / "mail.log")


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        (SENT, True),
        (HALF, None),
        (LOST_IN_DATA, False),
        (LOST_AFTER_END, None),
        (REFUSED, False),
        (OTHER, False),
        (REUSED, False),
        ("", None),
        ("\x00\xff nonsense {{", None),
    ],
)
def test_postfix_took_a_message_only_when_its_queue_manager_says_so(tmp_path, text, answer):
    assert log_of(tmp_path, text).contains("<a@x>", START + timedelta(seconds=1)) is answer


def test_a_log_that_does_not_reach_the_moment_cannot_say_no(tmp_path):
    log = log_of(tmp_path, OTHER)
    assert log.contains("<a@x>", START - timedelta(hours=1)) is None
    assert log.contains("<a@x>", START + timedelta(hours=1)) is None
    assert PostfixLog(tmp_path / "missing").contains("<a@x>", START) is None


def test_an_earlier_delivery_of_the_same_message_does_not_count(tmp_path):
    (tmp_path / "mail.log.1").write_text(
        SENT.format("2026-11-22T07:00:00Z", "2026-11-22T07:00:00Z", "2026-11-22T07:00:01Z")
    )
    assert log_of(tmp_path, OTHER).contains("<a@x>", START + timedelta(seconds=1)) is False
    assert log_of(tmp_path, OTHER).contains("<a@x>", START - timedelta(hours=1)) is True


def test_the_older_time_form_has_no_year():
    now = datetime.now(UTC).astimezone()
    text = now.strftime("%b %d %H:%M:%S")
    assert postfix_log.moment(text) == now.replace(microsecond=0)
    assert postfix_log.moment("Feb 31 00:00:00") is None


def test_no_log_says_in_its_own_voice_that_it_cannot_tell(capsys):
    assert NullLog().contains("<a@x>", START) is None
    assert "no relay log is configured" in capsys.readouterr().err


def test_the_demo_mailbox_has_a_mail_on_disk_and_in_its_log_before_it_answers(tmp_path):
    box = Mailbox(tmp_path / "mailbox")
    log = MailboxLog(tmp_path / "mailbox" / mailbox.ACCEPT_LOG)
    before = datetime.now(UTC)
    assert log.contains("<a@x>", before) is False
    name = box.keep(b"Subject: x\r\nMessage-Id: <a@x>\r\n\r\nMessage-ID: <b@x>\r\n", "s@x", ["r@x"])
    assert (tmp_path / "mailbox" / name).read_bytes().startswith(b"Subject: x")
    assert log.contains("<a@x>", before) is True
    assert log.contains("<b@x>", before) is False
    assert log.contains("<a@x>", before + timedelta(hours=1)) is False


def test_a_mailbox_that_never_ran_cannot_tell(tmp_path):
    assert MailboxLog(tmp_path / "none").contains("<a@x>", START) is None


def test_a_half_written_line_is_not_accepted_yet(tmp_path):
    path = tmp_path / "log"
    path.write_bytes(b'{"message_id": "<a@x>", "at": "2026-11-22')
    log = MailboxLog(path)
    assert log.contains("<a@x>", START) is False
    path.write_bytes(b'{"message_id": "<a@x>", "at": "2026-11-22T08:00:00+00:00"}\n')
    assert log.contains("<a@x>", START) is True


def test_a_mailbox_with_a_full_disk_asks_to_come_back(tmp_path, monkeypatch):
    box = Mailbox(tmp_path)
    monkeypatch.setattr(Mailbox, "keep", lambda *_: (_ for _ in ()).throw(OSError("disk full")))

    class Envelope:
        content, mail_from, rcpt_tos = b"", "", []

    assert asyncio.run(box.handle_DATA(None, None, Envelope())).startswith("452")


def test_a_mail_is_kept_though_the_folder_is_thrown_away_under_it(tmp_path):
    box = Mailbox(tmp_path / "mailbox")
    stop = threading.Event()

    def reset():  # what `demo reset` does, over and over
        while not stop.is_set():
            shutil.rmtree(box.folder, ignore_errors=True)
            stop.wait(0.1)

    thread = threading.Thread(target=reset)
    thread.start()
    try:
        names = [box.keep(b"Message-ID: <a@x>\r\n\r\nhello", "s@x", ["r@x"]) for _ in range(50)]
    finally:
        stop.set()
        thread.join()
    assert len(set(names)) == 50
    assert (box.folder / box.keep(b"Message-ID: <b@x>\r\n\r\nhello", "s@x", ["r@x"])).exists()
