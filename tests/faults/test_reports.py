"""Incident reports, while everything is killed: what was acknowledged is there, once, with a receipt that holds.

Everything is real: PostgreSQL, web server, sender, scheduler, the SMTP server of the demo mailbox. A reporter without
an answer sends again with the same key. Two controls use an unsafe order and must show the fault.
"""

import json
import os
import random
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.faults.machine import Machine, wait_until
from tests.faults.reporters import Reporters
from tests.faults.test_system import answers, stop_database

pytestmark = [pytest.mark.faults, pytest.mark.slow]
AT_ONCE = 5  # the web server takes in six
VICTIMS = ("web", "database", "sender", "scheduler")
LONG = int(os.environ.get("FAULTS_REPORTS", "10000"))


@pytest.fixture(scope="module")
def machine() -> Iterator[Machine]:
    folder = tempfile.TemporaryDirectory(prefix="dijkwacht-faults-reports-", ignore_cleanup_errors=True)
    made = Machine(Path(folder.name))
    try:
        made.prepare()
        yield made
    finally:
        made.stop()
        folder.cleanup()


@pytest.fixture(scope="module")
def tokens(machine: Machine) -> list[tuple[str, str]]:
    return Reporters(machine).tokens


@pytest.fixture
def reporters(machine: Machine, tokens: list[tuple[str, str]]) -> Iterator[Reporters]:
    """Nobody has reported yet, and no mail was sent; the web server is the test's own."""
    with machine.superuser() as database:
        database.execute("truncate reporting_incident, outbox_message, api_keptanswer, procrastinate_jobs cascade")
    (machine.home / "mailbox" / "accepted.jsonl").write_bytes(b"")
    made = Reporters.__new__(Reporters)
    made.__dict__.update(fresh(machine, tokens))
    yield made
    made.stop()
    for name in set(machine.children) - {"mailbox", "scheduler"}:
        machine.kill(name)


def fresh(machine: Machine, tokens: list[tuple[str, str]]) -> dict:
    import threading

    begun = {"machine": machine, "tokens": tokens, "acknowledged": {}, "unheard": 0, "titles": 0}
    return {**begun, "_stopped": threading.Event()}


def mails_of(machine: Machine) -> tuple[int, int, int]:
    """How many mails there are, how many were lost, and how many came once too often."""
    expected = [row[0] for row in machine.rows("select message_id from outbox_message")]
    log = (machine.home / "mailbox" / "accepted.jsonl").read_bytes().splitlines()
    accepted = Counter(json.loads(line)["message_id"] for line in log)
    lost = sum(1 for one in expected if not accepted[one])
    return len(expected), lost, sum(accepted.values()) - len(accepted)


def delivered(machine: Machine) -> bool:
    return machine.rows("select count(*) from outbox_message where state in ('new', 'doubt')") == [(0,)]


def whole(reporters: Reporters, count: int) -> None:
    kept = reporters.kept()
    assert (kept.lost, kept.double, kept.broken) == ([], [], [])
    assert len(reporters.acknowledged) == kept.reports == count


@pytest.mark.parametrize("point", ["filed", "committed"])
def test_a_web_server_killed_while_it_files_files_each_report_once(reporters, point, long_run):
    machine, titles = reporters.machine, []
    for _ in range(20 if long_run else 1):
        machine.forget_marks()
        machine.start_web(point)
        titles += (mine := [reporters.new() for _ in range(AT_ONCE)])
        threads = reporters.send_at_once(mine)
        wait_until(lambda: machine.marks() >= AT_ONCE, 60, "the reports did not come to the point")
        machine.kill("web")
        for thread in threads:
            thread.join()
    assert reporters.acknowledged == {}
    machine.start_web()
    assert {reporters.insist(title) for title in titles} == {201}
    whole(reporters, len(titles))


def test_control_a_key_that_is_forgotten_files_twice(reporters):
    machine, title = reporters.machine, reporters.new()
    machine.forget_marks()
    machine.start_web("committed", order="forgetful")
    (thread,) = reporters.send_at_once([title])
    wait_until(lambda: machine.marks() >= 1, 60, "the report did not come to the point")
    machine.kill("web")
    thread.join()
    machine.start_web(order="forgetful")
    assert reporters.insist(title) == 201
    assert reporters.kept().double == [title]


def test_control_a_database_that_answers_before_its_log_is_on_disk_loses_reports(reporters):
    machine = reporters.machine
    machine.start_web()
    lazily(machine, "set synchronous_commit = off", "set wal_writer_delay = '10s'")
    try:
        for _ in range(3):
            assert reporters.insist(reporters.new()) == 201
        stop_database(machine, "killed")
        wait_until(lambda: answers(machine), 60, "the database does not come back")
    finally:
        lazily(machine, "reset synchronous_commit", "reset wal_writer_delay")
    assert reporters.kept().lost != []


def lazily(machine: Machine, *settings: str) -> None:
    with machine.superuser() as database:
        for one in settings:
            database.execute(f"alter system {one}")
        database.execute("select pg_reload_conf()")
    time.sleep(0.5)


def test_reports_under_random_kills_of_everything_are_kept_and_told_once(reporters, long_run):
    machine, chance = reporters.machine, random.Random(20261126)
    count = LONG if long_run else 40
    kills = chance.choices(VICTIMS, k=LONG // 25) if long_run else chance.sample(VICTIMS, len(VICTIMS))
    machine.start_web()
    machine.start("sender", "worker", "--queue=outbox")
    titles = [reporters.new() for _ in range(count)]
    threads = reporters.insist_on(titles, AT_ONCE)
    killed: Counter[str] = Counter()
    while any(thread.is_alive() for thread in threads):
        if kills:
            time.sleep(chance.uniform(0.1, 1.0))
            killed[kills[0]] += 1
            strike(machine, kills.pop(0))
        time.sleep(0.1)
    print(f"{count} reports, killed {dict(killed)}, {reporters.unheard} requests cut off")
    assert sum(killed.values()) >= len(VICTIMS) - 1
    whole(reporters, count)
    restart(machine)
    told_once(machine, count, 900 if long_run else 120)
    moments_once(machine, chance, 60 if long_run else 2, 900 if long_run else 120)


def strike(machine: Machine, what: str) -> None:
    """Kill one thing at whatever it does, and let what looks after it start it again."""
    if what == "database":
        stop_database(machine, "killed")
        wait_until(lambda: answers(machine), 60, "the database does not come back")
        restart(machine)
        return
    machine.kill(what)
    restart(machine)


def restart(machine: Machine) -> None:
    """What the supervisor does: start again what is gone."""
    commands = {"web": None, "sender": ("worker", "--queue=outbox"), "scheduler": ("scheduler",)}
    for name, command in commands.items():
        child = machine.children.get(name)
        if child is not None and child.poll() is None:
            continue
        machine.start(name, *command) if command else machine.start_web()
    machine.wait_for_web()


def told_once(machine: Machine, reports: int, seconds: float) -> None:
    """Two mails for each report: to its organisation and to the contact it names."""
    wait_until(lambda: delivered(machine), seconds, "mails still wait")
    assert mails_of(machine) == (2 * reports, 0, 0)


def moments_once(machine: Machine, chance: random.Random, kills: int, seconds: float) -> None:
    """Let every moment come now, and kill the scheduler in the middle of them."""
    with machine.superuser() as database:
        database.execute("update reporting_duemoment set act_at = now() where claimed_at is null")
    for _ in range(kills):
        time.sleep(chance.uniform(0.5, 6))
        machine.kill("scheduler", signal.SIGKILL)
        machine.start("scheduler", "scheduler")
    open_ = "select count(*) from reporting_duemoment where claimed_at is null and withdrawn_at is null"
    wait_until(lambda: machine.rows(open_) == [(0,)], seconds, "moments still wait")
    ((claimed,),) = machine.rows("select count(*) from reporting_duemoment where claimed_at is not null")
    acted = """from audit_event where action like 'reporting:moment:%%'
        and object_id in (select id::text from reporting_incident)"""
    ((told,),) = machine.rows(f"select count(*) {acted}")
    ((apart,),) = machine.rows(f"select count(distinct (object_id, action, detail)) {acted}")
    assert claimed > 0
    assert told == apart == claimed
    wait_until(lambda: delivered(machine), seconds, "mails still wait")
    assert mails_of(machine)[1:] == (0, 0)
