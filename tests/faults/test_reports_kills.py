"""Incident reports under thousands of kills of web, worker and database, each aimed at a moment in flight.

Random kills prove little: most hit a process at rest. So the web server and the sender die where a report or a mail is
between two of its steps, and the database while transactions run; what was really in flight is counted. The control is
the same web server with an unsafe order (answered first, committed after), and must lose.

`--faults-long` kills ten thousand times, at least three in ten of them in flight; `FAULTS_KILLS` and `FAULTS_MINUTES`
make it shorter.
"""

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path

import pytest
from tests.faults.machine import RUNNER, Machine, wait_until
from tests.faults.reporters import Reporters, body
from tests.faults.test_reports import told_once
from tests.faults.test_system import answers, stop_database

pytestmark = [pytest.mark.faults, pytest.mark.slow]
SERVER = RUNNER.with_name("forked_web.py")
AT_ONCE = 6
KILLS = int(os.environ.get("FAULTS_KILLS", "10000"))
MINUTES = float(os.environ.get("FAULTS_MINUTES", "inf"))  # where there is no time for all of them
POINTS = ("filed", "committed", "")  # before the commit, between commit and answer, wherever it is
POINTS_OF_SENDER = ("doubt", "answered")
DATABASE_EVERY = 20  # kills of the others, on the average


class Killed:
    """Counts kills by victim, and those that hit something in flight; safe between threads."""

    def __init__(self, kills: int) -> None:
        self.wanted, self._begun = kills, time.monotonic()
        self.made: Counter[str] = Counter()
        self.in_flight: Counter[str] = Counter()
        self._lock = threading.Lock()

    def add(self, victim: str, *, in_flight: bool) -> None:
        with self._lock:
            self.made[victim] += 1
            self.in_flight[victim] += in_flight

    @property
    def done(self) -> bool:
        return self.made.total() >= self.wanted or time.monotonic() - self._begun > MINUTES * 60


@pytest.fixture
def machine() -> Iterator[Machine]:
    with tempfile.TemporaryDirectory(prefix="dijkwacht-faults-kills-", ignore_cleanup_errors=True) as folder:
        made = Machine(Path(folder))
        try:
            made.prepare()
            yield made
        finally:
            made.stop()


def start_lives(machine: Machine, reporters: Reporters, order: str) -> None:
    arguments = [str(machine.web_port), str(machine.home / "board"), order]
    machine._spawn("killer-web", [sys.executable, str(SERVER), *arguments], {"FAULT_MARKS": str(machine.home)})
    organisation, token = reporters.tokens[0]
    told(machine.children["killer-web"], json.dumps({"token": token, "body": body(organisation, "Warm").decode()}))


def told(child: "subprocess.Popen[bytes]", line: str) -> object:
    """Ask a killer for one kill, and wait for it."""
    child.stdin.write(f"{line}\n".encode())
    child.stdin.flush()
    return json.loads(child.stdout.readline())


def kill_web(machine: Machine, killed: Killed, chance: random.Random) -> None:
    child = machine.children["killer-web"]
    while not killed.done:
        point = chance.choice(POINTS)
        seconds = chance.uniform(0.1, 1.0) if not point else 20
        life = told(child, json.dumps({"point": point, "nth": chance.randint(1, 2), "seconds": seconds}))
        killed.add("web", in_flight=life["working"] + life["committed"] > 0)


def kill_sender(machine: Machine, killed: Killed, chance: random.Random) -> None:
    while not killed.done:
        reached = told(machine.children["killer"], chance.choice(POINTS_OF_SENDER))
        killed.add("sender", in_flight=bool(reached))


def kill_database(machine: Machine, killed: Killed, chance: random.Random) -> None:
    """Kill a server process in the middle of its work (all of them end, and the log is replayed), or all at once."""
    board = machine.home / "board"
    while not killed.done:
        due = killed.made.total() + chance.randint(1, 2 * DATABASE_EVERY)
        wait_until(lambda due=due: killed.done or killed.made.total() >= due, 600, "nothing is killed any more")
        in_flight = any(board.read_bytes())
        if chance.random() < 0.1:
            stop_database(machine, "killed")
        elif (process := backend(machine)) is not None:
            os.kill(process, signal.SIGKILL)
        wait_until(lambda: answers(machine), 60, "the database does not come back")
        killed.add("database", in_flight=in_flight)
        if machine.children["scheduler"].poll() is not None:
            machine.start("scheduler", "scheduler")


def backend(machine: Machine) -> int | None:
    """A process that serves the product, in a transaction if there is one."""
    query = """select pid from pg_stat_activity where usename <> 'postgres' and backend_type = 'client backend'
        order by state = 'idle', random() limit 1"""
    with suppress(Exception):
        return machine.rows(query)[0][0]
    return None


def report_until(killed: Killed, reporters: Reporters, answered: Counter[int]) -> list[threading.Thread]:
    """Begin to report, some at the same time, each until it is answered, as long as there are kills."""
    numbers = count(1)

    def work() -> None:
        while not killed.done:
            answered[reporters.insist(f"Report {next(numbers)}")] += 1

    threads = [threading.Thread(target=work, daemon=True) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    return threads


def restart(machine: Machine) -> None:
    """What the supervisor does when the kills are over: everything runs again, as the product starts it."""
    for name in {"killer-web", "killer"} & machine.children.keys():
        machine.kill(name)
    machine.start_web()
    machine.start("sender", "worker", "--queue=outbox")


def test_what_was_acknowledged_is_kept_once_under_kills_in_flight(machine, long_run):
    killed, chance, begun = Killed(KILLS if long_run else 60), random.Random(20261126), time.monotonic()
    reporters, answered = Reporters(machine, machine.organisations), Counter()
    start_lives(machine, reporters, "product")
    machine.start_watched("killer", "killing", "outbox")
    killers = [
        threading.Thread(target=kill, args=[machine, killed, random.Random(chance.random())], daemon=True)
        for kill in (kill_web, kill_sender, kill_database)
    ]
    threads = report_until(killed, reporters, answered)
    for thread in killers:
        thread.start()
    for thread in killers:
        thread.join()
    restart(machine)
    for thread in threads:
        thread.join()
    kept = reporters.kept()
    print(f"{killed.made.total()} kills {dict(killed.made)}, in flight {dict(killed.in_flight)}")
    print(
        f"{answered[201]} reports acknowledged, {reporters.unheard} requests cut off, {time.monotonic() - begun:.0f} s"
    )
    assert set(killed.made) == {"web", "sender", "database"}
    assert killed.in_flight.total() >= 0.3 * killed.made.total()
    assert set(answered) == {201}
    assert (kept.lost, kept.double, kept.broken) == ([], [], [])
    assert kept.reports == len(reporters.acknowledged) == answered[201]
    told_once(machine, kept.reports, 3600 if long_run else 120)


def test_control_an_answer_before_the_commit_loses_reports(machine):
    killed, reporters, answered = Killed(8), Reporters(machine, 20), Counter()
    start_lives(machine, reporters, "hasty")
    threads = report_until(killed, reporters, answered)
    kill_web(machine, killed, random.Random(1))
    restart(machine)
    for thread in threads:
        thread.join()
    assert reporters.kept().lost != []
