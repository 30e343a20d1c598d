"""What must happen all the time, in one process: each tick is a function that rooms and platform parts register."""

import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from django.db import close_old_connections, connection
from django.utils.module_loading import autodiscover_modules

from dijkwacht.platform.database.away import GONE, is_loss
from dijkwacht.platform.supervisor import jobs

log = structlog.get_logger()
LOCK = 7_302_001  # PostgreSQL advisory lock: one scheduler is active, others wait


@dataclass
class Tick:
    name: str
    seconds: float
    do: Callable[[], None]
    due: float = 0.0


_ticks: list[Tick] = []


def every(seconds: float, name: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Register a function to be called every `seconds` seconds by the active scheduler."""

    def register(do: Callable[[], None]) -> Callable[[], None]:
        _ticks.append(Tick(name, seconds, do))
        return do

    return register


@every(1, "jobs:take-over")
def take_over() -> None:
    """Give the jobs of dead workers to living ones."""
    jobs.take_over()


def run() -> None:
    """Call each tick when it is due until SIGTERM. An error is logged, the tick comes again at its next time."""
    autodiscover_modules("ticks")  # each app may have a module `ticks` that registers its own
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    while not stop.is_set():
        try:
            if not _locked():
                stop.wait(2)
                continue
            _run_due()
        except Exception as error:
            if isinstance(error, GONE) and is_loss(error):
                log.warning("scheduler: the database does not answer; trying again", error=str(error).strip())
            else:
                log.exception("scheduler: a round failed; trying again")
            connection.close()
            stop.wait(1)
        stop.wait(0.2)


def _locked() -> bool:
    """Hold the lock of the active scheduler; it is ours until this connection ends."""
    close_old_connections()
    with connection.cursor() as cursor:
        cursor.execute(
            "select exists (select 1 from pg_locks"
            " where locktype = 'advisory' and objid = %s and pid = pg_backend_pid())",
            [LOCK],
        )
        if cursor.fetchone()[0]:
            return True
        cursor.execute("select pg_try_advisory_lock(%s)", [LOCK])
        return bool(cursor.fetchone()[0])


def _run_due() -> None:
    now = time.monotonic()
    for tick in _ticks:
        if tick.due > now:
            continue
        tick.due = now + tick.seconds
        try:
            tick.do()
        except Exception as error:
            if isinstance(error, GONE) and is_loss(error):
                tick.due = now  # its time comes when the database is back
                raise
            log.exception("scheduler: a tick failed", tick=tick.name)
