"""Mail once: workers killed in the middle of a hand-over, a relay and a database that go away and come back.

Everything is real: its own PostgreSQL, the SMTP server of the demo mailbox with its accept log, senders in processes of
their own. Two controls use an unsafe order of the same steps and must show the fault that the product must not have.
"""

import json
import os
import signal
import smtplib
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from tests.outbox.test_bounce import REPORT
from tests.ports import free_port

from dijkwacht.platform.database.embedded import EmbeddedServer
from dijkwacht.platform.database.urls import APP_ROLE, DATABASE, socket_folder

pytestmark = [pytest.mark.faults, pytest.mark.slow]
WORKER = Path(__file__).with_name("outbox_worker.py")
HAND_OVER_SECONDS = 1.0


@dataclass
class World:
    """A machine of its own: home, database, mailbox, and the commands of the worker under test."""

    home: Path
    port: int
    mailbox: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        inherited = {key: value for key, value in os.environ.items() if not key.startswith(("DATABASE_", "DIJKWACHT_"))}
        return inherited | {
            "DIJKWACHT_HOME": str(self.home),
            "DIJKWACHT_DEMO": "1",
            "DIJKWACHT_MAILBOX_PORT": str(self.port),
            "DIJKWACHT_HAND_OVER_SECONDS": str(HAND_OVER_SECONDS),
            "DIJKWACHT_LOG_LEVEL": "ERROR",
            "DJANGO_SETTINGS_MODULE": "dijkwacht.settings",
        }

    @property
    def server(self) -> EmbeddedServer:
        return EmbeddedServer(self.home / "postgres")

    def start_mailbox(self) -> None:
        command = [sys.executable, "-m", "dijkwacht", "mailbox"]
        self.mailbox = subprocess.Popen(command, env=self.environment, stderr=subprocess.DEVNULL)
        wait_for_port(self.port)

    def kill_mailbox(self) -> None:
        assert self.mailbox is not None
        self.mailbox.send_signal(signal.SIGKILL)
        self.mailbox.wait()

    def worker(self, *arguments: str | float) -> subprocess.Popen[str]:
        command = [sys.executable, str(WORKER), *map(str, arguments)]
        return subprocess.Popen(command, env=self.environment, stdout=subprocess.PIPE, text=True)

    def run(self, *arguments: str | float) -> dict[str, object]:
        return result_of(self.worker(*arguments))

    def finish(self, worker: subprocess.Popen[str]) -> dict[str, object]:
        """Let a worker that stays end as soon as nothing is left to send."""
        (self.home / "finish").touch()
        return result_of(worker)

    def rows(self, query: str) -> list[tuple[str, ...]]:
        with psycopg.connect(host=str(socket_folder(self.home)), user=APP_ROLE, dbname=DATABASE) as database:
            database.execute("select set_config('dijkwacht.scope', 'centre', true)")
            return database.execute(query).fetchall()

    def forget(self) -> None:
        """Begin anew: an empty outbox and an empty mailbox."""
        with psycopg.connect(host=str(socket_folder(self.home)), user="postgres", dbname=DATABASE) as database:
            database.execute("truncate outbox_message")
        (self.home / "mailbox" / "accepted.jsonl").write_bytes(b"")
        (self.home / "finish").unlink(missing_ok=True)

    def faults(self) -> tuple[int, int]:
        """How many messages the relay never accepted, and how many acceptances were one too many."""
        accepted = Counter(
            json.loads(line)["message_id"]
            for line in (self.home / "mailbox" / "accepted.jsonl").read_bytes().splitlines()
        )
        expected = [row[0] for row in self.rows("select message_id from outbox_message")]
        lost = sum(1 for message_id in expected if not accepted[message_id])
        return lost, sum(accepted.values()) - len(accepted)


def wait_for_port(port: int) -> None:
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError("the server did not start")


def result_of(process: subprocess.Popen[str]) -> dict[str, object]:
    output, _ = process.communicate()
    assert process.returncode == 0
    return json.loads(output.splitlines()[-1])


@pytest.fixture(scope="module")
def machine() -> Iterator[World]:
    port = free_port()
    folder = tempfile.TemporaryDirectory(prefix="dijkwacht-faults-", ignore_cleanup_errors=True)
    world = World(Path(folder.name), port)
    try:
        subprocess.run([sys.executable, "-m", "dijkwacht", "migrate"], env=world.environment, check=True)
        world.start_mailbox()
        yield world
    finally:
        if world.mailbox is not None:
            world.mailbox.kill()
            world.mailbox.wait()
        world.server.stop()
        folder.cleanup()


@pytest.fixture
def world(machine: World) -> World:
    machine.forget()
    return machine


def test_no_mail_is_lost_or_sent_twice_by_workers_killed_in_flight(world, long_run):
    kills, batch = (10_000, 500) if long_run else (60, 60)
    in_flight, done = 0, 0
    while done < kills:
        world.run("enqueue", batch)
        outcome = world.run("kill", "doubt", batch, done)
        done += sum(outcome["hits"].values())
        in_flight += outcome["in_flight"]
        assert world.run("drain", "doubt", 600, 0)["left"] == 0
    print(f"{done} kills, {in_flight} in flight")
    assert in_flight >= 0.9 * kills
    assert world.faults() == (0, 0)
    assert world.rows("select count(*) from outbox_message where state <> 'sent' or possible_duplicate") == [(0,)]


def test_control_marking_after_sending_duplicates(world):
    world.run("enqueue", 20)
    world.run("kill", "after", 20, 1)
    world.run("drain", "after", 30, 0)
    lost, duplicates = world.faults()
    assert lost == 0
    assert duplicates > 0


def test_control_marking_before_sending_loses(world):
    world.run("enqueue", 20)
    world.run("kill", "before", 20, 1)
    world.run("drain", "before", 30, 0)
    lost, duplicates = world.faults()
    assert lost > 0
    assert duplicates == 0


def test_a_relay_that_dies_and_comes_back_loses_nothing(world, long_run):
    worker = world.worker("stay", "doubt", 900, 0.05)
    for _ in range(20 if long_run else 2):
        send_some(world)
        world.kill_mailbox()
        assert world.rows("select count(*) from outbox_message where state in ('new', 'doubt')") != [(0,)]
        world.start_mailbox()
    assert world.finish(worker)["left"] == 0
    assert world.faults() == (0, 0)


def test_a_database_that_restarts_loses_nothing_and_sends_nothing_twice(world, long_run):
    restarts = 100 if long_run else 3
    worker = world.worker("stay", "doubt", 1800, 0.05)
    for number in range(restarts):
        send_some(world)
        mode = ("immediate", "fast")[number % 2]
        world.server._run("pg_ctl", "-D", str(world.server.folder), "-w", "-m", mode, "stop")
        world.server.start()
    outcome = world.finish(worker)
    print(f"{restarts} restarts, {outcome['interruptions']} interruptions of the sender")
    assert outcome["left"] == 0
    assert outcome["interruptions"] >= restarts
    assert world.faults() == (0, 0)


def test_a_bounce_that_our_relay_hands_in_over_lmtp_reaches_its_row(world):
    world.run("enqueue", 2)
    world.run("drain", "doubt", 30, 0)
    entry = json.loads((world.home / "mailbox" / "accepted.jsonl").read_bytes().splitlines()[0])
    port = free_port()
    intake = subprocess.Popen(
        [sys.executable, "-m", "dijkwacht", "bounces", "--port", str(port)], env=world.environment
    )
    try:
        wait_for_port(port)
        with smtplib.LMTP("127.0.0.1", port, local_hostname="relay") as relay:
            relay.sendmail("", [entry["sender"]], REPORT)
    finally:
        intake.terminate()
        intake.wait()
    found = world.rows("select message_id, last_error from outbox_message where state = 'bounced'")
    assert found == [(entry["message_id"], "5.1.1 550 5.1.1 User unknown in virtual mailbox table")]


def send_some(world: World) -> None:
    """Give the worker mails to send, and wait until some are accepted and it is at work on the next."""
    log = world.home / "mailbox" / "accepted.jsonl"
    size = log.stat().st_size
    world.run("enqueue", 80)
    for _ in range(1200):
        if log.stat().st_size > size:
            return
        time.sleep(0.05)
    raise TimeoutError("the worker sends nothing")
