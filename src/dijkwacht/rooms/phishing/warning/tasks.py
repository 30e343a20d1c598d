"""The jobs of appeals: a look at a site, in the queue of looks, so that a slow name server holds up nothing else."""

from typing import Final
from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from dijkwacht.platform.supervisor.asking import once

RETRY: Final = RetryStrategy(max_attempts=3, exponential_wait=5)


@app.task(queue="proof", retry=RETRY, name="phishing.prove")
def prove(appeal: str) -> None:
    """Look once whether who appealed controls the site. Safe to repeat."""
    from dijkwacht.rooms.phishing.warning import proving

    proving.look(UUID(appeal))


def ask_prove(appeal: UUID) -> None:
    """Ask for a look, unless one waits already."""
    once(prove, appeal, appeal=str(appeal))
