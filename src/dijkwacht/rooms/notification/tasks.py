"""The jobs of this room, and what must happen all the time."""

from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

RETRY = RetryStrategy(max_attempts=8, exponential_wait=3)


@app.task(queue="ingest", retry=RETRY, name="notification.process_batch")
def process_batch(batch: str) -> None:
    """Read, attribute, fold, decide and compose one batch. Safe to repeat: each step knows whether it was done."""
    from dijkwacht.rooms.notification import pipeline

    pipeline.process(UUID(batch))


@app.task(queue="ingest", retry=RETRY, name="notification.look_back")
def look_back(organisations: list[str]) -> None:
    """Attribute what is kept to the newly verified assets of these organisations."""
    from dijkwacht.rooms.notification import retro

    retro.look_back([UUID(one) for one in organisations])
