"""The whole system, killed: what was acknowledged is processed, counted once and told once.

Everything is real: its own PostgreSQL, web server, worker, scheduler, sender, and the SMTP server of the demo mailbox.
The kills are aimed at moments in flight. Three controls use an unsafe order and must show the fault.
"""

import json
import os
import signal
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from tests.faults.machine import Machine, wait_until

from dijkwacht.platform.database.embedded import EmbeddedServerError
from dijkwacht.platform.storage import DRAFT, Store

pytestmark = [pytest.mark.faults, pytest.mark.slow]
INGEST = ("--queue=ingest", "--queue=notices")
UPLOADS = 6  # at the same time; the web server has eight threads
WEB_POINTS = ("uploading", "kept", "asked", "committed")
WORKER_POINTS = ("reading", "folded", "counted", "chunk", "composed")


@pytest.fixture(scope="module")
def machine() -> Iterator[Machine]:
    folder = tempfile.TemporaryDirectory(prefix="dijkwacht-faults-", ignore_cleanup_errors=True)
    made = Machine(Path(folder.name))
    try:
        made.prepare()
        yield made
    finally:
        made.stop()
        folder.cleanup()


@pytest.fixture
def fresh(machine: Machine) -> Iterator[Machine]:
    """The machine without any batch, finding or mail of the test before; web and workers are the test's own."""
    with machine.superuser() as database:
        database.execute(
            "truncate notification_batch, notification_finding, notification_event, notification_notice,"
            " outbox_message, procrastinate_jobs cascade"
        )
    (machine.home / "mailbox" / "accepted.jsonl").write_bytes(b"")
    machine.handed.clear()
    machine.acknowledged.clear()
    yield machine
    for name in set(machine.children) - {"mailbox", "scheduler"}:
        machine.kill(name)


def finish(machine: Machine, seconds: float = 120) -> None:
    """Let an unharmed worker and sender end what is left."""
    machine.start("worker", "worker", *INGEST)
    machine.start("sender", "worker", "--queue=outbox")
    wait_until(machine.settled, seconds, "batches or mails still wait")


def whole(machine: Machine) -> None:
    assert machine.unfinished() == set()
    assert machine.miscounted() == 0
    assert machine.mails() == (0, 0, 0)


def test_a_web_server_killed_during_uploads_keeps_what_it_acknowledged_and_nothing_half(fresh, long_run):
    in_flight = 0
    for point in WEB_POINTS * (20 if long_run else 1):
        fresh.start_web(point)
        fresh.forget_marks()
        threads = fresh.hand_in_at_once(UPLOADS)
        wait_until(lambda: fresh.marks() >= UPLOADS, 60, "the uploads did not come to the point")
        in_flight += fresh.marks()
        fresh.kill("web")
        for thread in threads:
            thread.join()
    print(f"{in_flight} uploads cut off in flight")
    assert in_flight >= len(WEB_POINTS) * UPLOADS
    assert fresh.acknowledged == []
    assert [name for name in fresh.halves() if not name.startswith(DRAFT)] == []
    assert Store(fresh.home / "raw").sweep(older_than=0) > 0
    assert fresh.halves() == []
    fresh.start_web()
    assert {fresh.send(content) for content in fresh.handed} == {202}  # a sender without an answer sends again
    finish(fresh)
    assert len(set(fresh.acknowledged)) == len(fresh.handed)
    whole(fresh)


def killer(machine: Machine, *queues: str, order: str = "product") -> None:
    machine.start_watched("killer", "killing", *queues, FAULT_ORDER=order)


def kill_at(machine: Machine, point: str) -> bool:
    """Let a fresh worker come to a point and kill it there; False when it did not come there."""
    process = machine.children["killer"]
    process.stdin.write(point.encode() + b"\n")
    process.stdin.flush()
    return bool(json.loads(process.stdout.readline()))


def test_a_worker_killed_at_any_step_loses_no_batch_and_tells_each_receiver_once(fresh, long_run):
    points = WORKER_POINTS * (40 if long_run else 2)
    fresh.start_web()
    killer(fresh, "ingest", "notices")
    hits = 0
    for point in points:
        assert fresh.hand_in() == 202
        hits += kill_at(fresh, point)
    killer_of_senders(fresh)
    for point in ("doubt", "answered") * (20 if long_run else 1):
        hits += kill_at(fresh, point)
    began = time.monotonic()
    finish(fresh, 600 if long_run else 120)
    print(f"{hits} workers killed in flight; all done {time.monotonic() - began:.1f} s after the last")
    assert hits >= 0.9 * len(points)
    whole(fresh)


def killer_of_senders(machine: Machine) -> None:
    machine.kill("killer")
    killer(machine, "outbox")


def killed_between(fresh: Machine, order: str) -> None:
    """Kill a worker between a batch's state and its findings, twice, where they are committed apart."""
    fresh.start_web()
    killer(fresh, "ingest", order=order)
    hits = 0
    for _ in range(2):
        assert fresh.hand_in() == 202
        hits += kill_at(fresh, "between")
    finish(fresh)
    assert hits == 2


def test_control_a_state_before_its_findings_loses_them(fresh):
    killed_between(fresh, "early")
    assert fresh.miscounted() > 0


def test_findings_that_were_in_before_their_state_are_not_counted_twice(fresh):
    killed_between(fresh, "late")
    assert fresh.miscounted() == 0


def test_control_an_answer_before_the_file_is_on_disk_loses_it(fresh):
    fresh.start_web(order="hasty")
    assert fresh.hand_in() == 202
    fresh.kill("web")
    fresh.start("worker", "worker", *INGEST)
    with pytest.raises(TimeoutError):
        wait_until(lambda: not fresh.unfinished(), 6, "lost")


def test_a_database_that_dies_under_the_work_loses_nothing_and_tells_nothing_twice(fresh, long_run):
    fresh.start_web()
    fresh.start_watched("slow", "slowly", "0.2", "ingest", "notices", "outbox")
    in_flight = 0
    for number in range(30 if long_run else 3):
        statuses = [fresh.hand_in() for _ in range(3)]
        assert statuses == [202, 202, 202]
        wait_for_work(fresh)
        in_flight += fresh.rows("select count(*) > 0 from procrastinate_jobs where status = 'doing'") == [(True,)]
        stop_database(fresh, ("immediate", "killed", "fast")[number % 3])
        fresh.hand_in()  # refused, or acknowledged and kept
        wait_until(lambda: answers(fresh), 60, "the database does not come back")
        if fresh.children["slow"].poll() is not None:
            fresh.start_watched("slow", "slowly", "0.2", "ingest", "notices", "outbox")
        fresh.restart_dead(("scheduler", "scheduler"))
        fresh.wait_for_web()
    fresh.kill("slow")
    finish(fresh, 600 if long_run else 120)
    print(f"{in_flight} deaths of the database in flight")
    assert in_flight >= 2
    whole(fresh)


def wait_for_work(machine: Machine) -> None:
    """Wait until the slow worker comes to its next moment."""
    marks = machine.home / "marks" / "slow"
    size = marks.stat().st_size if marks.exists() else 0
    wait_until(lambda: marks.exists() and marks.stat().st_size > size, 60, "the worker does nothing")


def answers(machine: Machine) -> bool:
    """Start the database, as its keeper does: again and again while something is left of the killed one."""
    try:
        machine.server.start()
        return machine.rows("select 1") == [(1,)]
    except (EmbeddedServerError, psycopg.OperationalError):
        return False


def stop_database(machine: Machine, how: str) -> None:
    if how == "killed":
        os.kill(int((machine.home / "postgres" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
        time.sleep(1)  # its children notice and leave
    else:
        machine.server._run("pg_ctl", "-D", str(machine.server.folder), "-w", "-m", how, "stop")
