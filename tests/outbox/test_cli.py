"""The commands, as a script uses them: JSON on demand, exit code 0, 1 for failure, 2 for wrong use."""

import json
import os
import smtplib
import subprocess
import sys
import time

import pytest
from click.testing import CliRunner
from tests.outbox.conftest import mail
from tests.outbox.test_bounce import REPORT
from tests.outbox.test_delivery import now
from tests.ports import free_port

from dijkwacht.platform.outbox import cli, verp


def run(*arguments: str, stdin: bytes = b""):
    return CliRunner().invoke(cli.outbox, list(arguments), input=stdin)


@pytest.mark.django_db
def test_list_shows_messages_without_their_bodies(server, sender):
    message = mail("x", reference="notice 1")
    [row] = json.loads(run("list", "--json").output)
    assert (row["id"], row["state"], row["reference"]) == (str(message.id), "new", "notice 1")
    assert "body" not in row
    assert "it@bakker.example" in run("list").output
    assert json.loads(run("list", "--state", "sent", "--json").output) == []


@pytest.mark.django_db
def test_retry_tries_again_and_fails_on_a_message_that_does_not_exist(server, sender):
    server.at_rcpt["it@bakker.example"] = "550 no"
    message = mail("x")
    sender.drain()
    assert json.loads(run("retry", str(message.id), "--json").output)["state"] == "new"
    missing = run("retry", "00000000-0000-0000-0000-000000000000")
    assert missing.exit_code == 1
    assert "no such message" in missing.output
    assert run("retry", "x").exit_code == 2


@pytest.mark.django_db
def test_a_bounce_can_be_piped_in(server, sender):
    message = mail("x")
    sender.drain()
    taken = run("bounce", verp.return_path(message.id), "--json", stdin=REPORT)
    assert json.loads(taken.output) == {"message": str(message.id)}
    assert now(message).state == "bounced"
    assert run("bounce", "a@b", stdin=REPORT).exit_code == 1


def test_dkim_record_needs_a_selector_and_prints_the_record(settings):
    settings.DKIM_SELECTOR = ""
    assert run("dkim-record").exit_code == 2
    settings.DKIM_SELECTOR = "cli1"
    record = json.loads(run("dkim-record", "--json").output)
    assert record["name"] == "cli1._domainkey.dijkwacht.example"
    assert record["value"].startswith("v=DKIM1; k=rsa; p=MII")
    assert record["name"] in run("dkim-record").output


def start(*arguments: str, port: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "dijkwacht", *arguments, "--port", str(port)]
    environment = os.environ | {"DIJKWACHT_LOG_LEVEL": "ERROR"}
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def connected(kind: type[smtplib.SMTP], port: int) -> smtplib.SMTP:
    for _ in range(300):
        try:
            return kind("127.0.0.1", port, local_hostname="test")
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("it did not start")


@pytest.mark.slow
def test_the_mailbox_and_the_bounce_intake_serve_until_they_are_told_to_stop():
    ports = free_port(), free_port()
    processes = [start("mailbox", port=ports[0]), start("bounces", port=ports[1])]
    try:
        with connected(smtplib.SMTP, ports[0]) as client:
            client.sendmail("a@b.example", ["c@d.example"], b"Subject: x\r\n\r\nx")
            code, said = client.docmd("noop")
            assert code == 250, said
        with connected(smtplib.LMTP, ports[1]) as client:
            client.ehlo_or_helo_if_needed()
            client.mail("")
            assert client.rcpt("stranger@dijkwacht.example")[0] == 550
    finally:
        for process in processes:
            process.terminate()
    assert [process.wait(20) for process in processes] == [0, 0]


@pytest.mark.slow
def test_a_port_that_is_taken_is_an_error_in_a_sentence(server):
    command = [sys.executable, "-m", "dijkwacht", "mailbox", "--port", str(server.port)]
    result = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ)
    assert result.returncode == 1
    assert "cannot listen" in result.stderr
    assert "Traceback" not in result.stderr
