"""SIGKILL of the sequencer at each moment at which it holds something half done, with an unsafe order as control."""

import os
import random
import signal
import time
from pathlib import Path

import pytest
from django.db import connection, transaction
from tests.audit.logs import fresh_log  # noqa: F401 - the fixture `log`

from dijkwacht.platform.audit import files
from dijkwacht.platform.audit.merkle import root
from dijkwacht.platform.audit.sequence import Sequencer, Tampered

pytestmark = pytest.mark.faults
MOMENTS = ["assigning", "assigned", "tiling", "tiled", "remembered", "published"]
# The n-th time a file would get its name: between the tiles, and before the checkpoint.
FILES = [f"file {number}" for number in range(1, 7)]
ROUNDS = int(os.environ.get("DIJKWACHT_AUDIT_KILL_ROUNDS", "3"))


class Unsafe(Sequencer):
    """The control: the checkpoint is signed and published before the tiles that it covers are on disk."""

    def _cover(self, signed):
        with connection.cursor() as cursor:
            cursor.execute("select leaf_hash from audit_leaf order by index")
            hashes = [bytes(found) for (found,) in cursor.fetchall()]
        if len(hashes) == signed.size:
            return signed.size
        note = self.signer.sign(len(hashes), root(hashes))
        self._remember(len(hashes), note)
        self.tiles.publish(note)
        self.at_moment("remembered")
        self._write_tiles(signed.size, len(hashes))
        return len(hashes)


def killed_at(moment, kind=Sequencer):
    """Run the sequencer in a process of its own that kills itself at `moment`; True when it was killed there."""
    connection.close()
    child = os.fork()
    if child == 0:
        _run_until(moment, kind)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def _run_until(moment, kind):
    named = 0
    replace = Path.replace

    def kill(reached):
        if reached == moment:
            os.kill(os.getpid(), signal.SIGKILL)

    def counted(self, target):
        nonlocal named
        named += 1
        kill(f"file {named}")
        return replace(self, target)

    Path.replace = counted
    try:
        kind(files.tiles(), files.signer(), kill).run()
    finally:
        os._exit(1)


def resumed(log):
    """Run the sequencer again; the killed one's lock goes when the server notices that its connection ended."""
    deadline = time.monotonic() + 10
    while (size := log.sequence()) < 0 and time.monotonic() < deadline:
        time.sleep(0.01)
    return size


def test_a_killed_sequencer_loses_and_doubles_nothing(log):
    chance, written, kills = random.Random(7), 0, 0
    for number in range(ROUNDS):
        for moment in [*MOMENTS, *FILES]:
            count = chance.choice([1, 40, 256, 300])
            log.write(count)
            written += count
            kills += killed_at(moment)
            assert log.verify().ok, (number, moment)
            assert resumed(log) == written
            assert log.verify().ok, (number, moment)
            assert len(set(log.events())) == written
    assert kills >= ROUNDS * (len(MOMENTS) + 3)  # a small batch writes fewer than six files


def test_a_sequencer_killed_again_and_again_still_arrives(log):
    log.write(300)
    assert all(killed_at(moment) for moment in ["tiled", "file 2", "tiling", "remembered"])
    assert resumed(log) == 300
    assert log.verify().ok


def test_the_control_signs_what_is_not_there(log):
    log.write(300)
    assert killed_at("remembered", Unsafe)
    assert not log.verify().ok
    log.write(1)
    if (log.folder / "tile").exists():
        with pytest.raises(Tampered):
            resumed(log)


def _writer(log, number, count):
    chance = random.Random(number)
    for turn in range(count):
        with transaction.atomic():
            log.write(chance.randrange(1, 4), action=f"test:writer:{number}")
            time.sleep(chance.random() * 0.02)
            if turn % 5 == 4:
                transaction.set_rollback(True)


def test_many_writers_and_a_sequencer_at_work_miss_nothing(log):
    connection.close()
    writers = []
    for number in range(4):
        child = os.fork()
        if child == 0:
            code = 1
            try:
                _writer(log, number, 40)
                code = 0
            finally:
                os._exit(code)
        writers.append(child)
    runs, running = 0, set(writers)
    while running:
        log.sequence()
        runs += 1
        for child in list(running):
            done, status = os.waitpid(child, os.WNOHANG)
            if done:
                assert os.waitstatus_to_exitcode(status) == 0
                running.discard(child)
    size = log.sequence()
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from audit_event")
        assert cursor.fetchone()[0] == size
    assert runs > 5
    assert log.verify().ok
    assert log.verify().waiting == 0
