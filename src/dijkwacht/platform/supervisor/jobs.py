"""The worker: Procrastinate on the same database, so that a job is part of the transaction that asks for it.

A worker says each second that it lives. The job of one that fell silent, because it was killed or lost its machine, is
given to the next worker within seconds. Should the first turn out to be alive, the job runs twice at the same time:
every job of ours looks in the database, under a lock, whether its work was done.
"""

import asyncio
import gc
import os
import threading
from typing import Final

import structlog
from django.db import connection, transaction
from procrastinate.contrib.django import app

from dijkwacht.platform.supervisor.events import worker_started, worker_starting

log = structlog.get_logger()
HEARTBEAT_SECONDS: Final = 1.0
SILENT_SECONDS: Final = 8.0  # then a worker counts as dead; far more than a busy machine delays a heartbeat
_SILENT: Final = """
select job.id, job.task_name
from procrastinate_jobs job left join procrastinate_workers worker on worker.id = job.worker_id
where job.status = 'doing' and (worker.id is null or worker.last_heartbeat < now() - %s * interval '1 second')
order by job.id for update of job skip locked
"""
# A job that waits once only is not needed a second time: the one that waits does its work.
_WAITS_ALREADY: Final = """
select exists (
    select 1 from procrastinate_jobs job join procrastinate_jobs other on other.queueing_lock = job.queueing_lock
    where job.id = %s and other.status = 'todo')
"""
_RETRY: Final = "select procrastinate_retry_job_v2(%s, now(), null, null, null)"
_DROP: Final = "select procrastinate_finish_job_v1(%s, 'failed', true)"


def work(*, concurrency: int, queues: list[str]) -> None:
    """Run the jobs of these queues (none named: of all) until SIGINT or SIGTERM; running jobs finish first."""
    if queues == ["outbox"]:
        os.nice(5)  # what leaves gives way to what comes in: the next notice is made before the last one is carried
    threading.Thread(target=_make_ready, args=[queues], name="make-ready", daemon=True).start()

    async def main() -> None:
        worker_app = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]
        async with worker_app.open_async():
            await worker_app.run_worker_async(
                queues=queues or sorted({task.queue for task in app.tasks.values()}),
                concurrency=concurrency,
                shutdown_graceful_timeout=15,
                delete_jobs="successful",
                update_heartbeat_interval=HEARTBEAT_SECONDS,
                stalled_worker_timeout=SILENT_SECONDS,
            )

    asyncio.run(main())


def _make_ready(queues: list[str]) -> None:
    """Let the rooms load what their first job would wait for, giving way to all else, a job that comes now too."""
    worker_starting.send_robust(sender=None, queues=queues)  # a thread keeps the priority of who began it
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)
    for receiver, error in worker_started.send_robust(sender=None, queues=queues):
        if isinstance(error, Exception):  # the job itself will say what is wrong, where somebody sees it
            log.warning("could not make ready", receiver=receiver.__qualname__, error=repr(error))
    connection.close()
    gc.collect()
    gc.freeze()  # what stays for good is not looked through again: 0.15 s, in the middle of a batch


def take_over() -> int:
    """Let the jobs of workers that fell silent be done again; give their number."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_SILENT, [SILENT_SECONDS])
        silent = cursor.fetchall()
        for job, task in silent:
            cursor.execute(_WAITS_ALREADY, [job])
            cursor.execute(_DROP if cursor.fetchone()[0] else _RETRY, [job])
            log.warning("the job of a silent worker is taken over", job=job, task=task)
    return len(silent)
