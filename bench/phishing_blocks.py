"""The hot path while mails pour in: how long campaigns wait to be judged, and how fast a block reaches a resolver."""

import contextlib
import os
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import dns.message
import dns.query
from bench.system import System, free_port
from tests.phishing import resolvers
from tests.proof.dns_server import NameServer
from tests.proof.dns_server import serving as upstream

EVERY = 10.0  # seconds between two blocks
GIVEN_UP = 60.0  # seconds
REASON = [{"code": "bench", "family": "content", "nl": "Gemeten.", "en": "Measured."}]


class Blocks(threading.Thread):
    """Puts a new name on the list each ten seconds, and notes after how many seconds the resolver warns for it."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self.port, self.seconds, self.late = port, list[float](), 0
        self._over = threading.Event()

    def run(self) -> None:
        from django.db import connection

        for number in range(10**6):
            self.block(f"b{number}.dief.example")
            if self._over.wait(EVERY):
                break
        connection.close()

    def block(self, name: str) -> None:
        from dijkwacht.kernel.actor import system as machine
        from dijkwacht.platform import tenancy
        from dijkwacht.rooms.phishing.listing import actions

        start = time.monotonic()
        with tenancy.acting(machine("bench")) as actor:
            actions.block(actor=actor, kind="host", name=name, reason=REASON)
        while not self.warned(name) and time.monotonic() - start < GIVEN_UP:
            time.sleep(0.05)
        spent = time.monotonic() - start
        self.late += spent >= GIVEN_UP
        self.seconds.append(spent)

    def warned(self, name: str) -> bool:
        with contextlib.suppress(OSError, dns.exception.DNSException):
            answer = dns.query.udp(dns.message.make_query(name, "A"), "127.0.0.1", port=self.port, timeout=1)
            return bool(answer.answer)
        return False

    def end(self) -> list[float]:
        """Stop; gives the seconds of each block, sorted."""
        self._over.set()
        self.join()
        return sorted(self.seconds)


class Unjudged(threading.Thread):
    """Looks twice a second how long the campaign that waits longest for its judging has waited.

    `seconds`: of those with something against them, and of all.
    """

    OLDEST = """select coalesce(max(age) filter (where priority > 0), 0), coalesce(max(age), 0) from (
        select job.priority, extract(epoch from now() - asked.at)::float as age from procrastinate_jobs job
        join procrastinate_events asked on asked.job_id = job.id and asked.type = 'deferred'
        where job.task_name = 'phishing.judge' and job.status in ('todo', 'doing')) waiting"""

    def __init__(self, running: System) -> None:
        super().__init__(daemon=True)
        self.database, self.seconds = running.superuser(), list[tuple[float, float]]()
        self._over = threading.Event()

    def run(self) -> None:
        while not self._over.wait(0.5):
            self.seconds.append(self.oldest())

    def oldest(self) -> tuple[float, float]:
        row = self.database.execute(self.OLDEST).fetchone()
        assert row is not None  # an aggregate gives one
        return row[0], row[1]

    @contextlib.contextmanager
    def watched(self) -> Iterator["Unjudged"]:
        self.start()
        try:
            yield self
        finally:
            self._over.set()
            self.join()
            self.database.close()

    def until_none(self) -> None:
        """Wait until none waits, at most ten minutes."""
        for _ in range(1200):
            if not self.seconds or self.seconds[-1][1] == 0:
                break
            time.sleep(0.5)


@contextlib.contextmanager
def following() -> Iterator[Blocks]:
    """Start an Unbound that follows the zones of the system that the environment names, and blocks timed by it."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "dijkwacht.settings"
    django.setup()
    from dijkwacht.kernel.actor import system as machine
    from dijkwacht.platform import tenancy
    from dijkwacht.rooms.phishing.listing import consumers

    port, primary = free_port(), int(os.environ["DIJKWACHT_ZONES_PORT"])
    with tenancy.acting(machine("bench")) as actor:
        notify = f"127.0.0.1#{port}"
        made = consumers.add(actor=actor, name="bench", from_networks="127.0.0.1/32", notify=notify)
    with tempfile.TemporaryDirectory(prefix="dijkwacht-bench-resolver-") as folder, upstream(NameServer({})) as name:
        at = resolvers.Setting(Path(folder), port, primary, name.port, made.row.key_name, made.secret)
        with resolvers.running(resolvers.unbound(at), at.folder):
            blocks = Blocks(port)
            blocks.block("first.dief.example")  # it has the zones now
            blocks.seconds.clear()
            yield blocks
