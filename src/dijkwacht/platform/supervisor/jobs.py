"""The worker: Procrastinate on the same database, so that a job is part of the transaction that asks for it."""

import asyncio

from procrastinate.contrib.django import app


def work(*, concurrency: int, queues: list[str]) -> None:
    """Run the jobs of these queues (none named: of all) until SIGINT or SIGTERM; running jobs finish first."""

    async def main() -> None:
        worker_app = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]
        async with worker_app.open_async():
            await worker_app.run_worker_async(
                queues=queues or sorted({task.queue for task in app.tasks.values()}),
                concurrency=concurrency,
                shutdown_graceful_timeout=15,
                delete_jobs="successful",
            )

    asyncio.run(main())
