"""The jobs of the list: its files are made, and what changed is posted to those who want that."""

from typing import Final
from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from dijkwacht.platform.supervisor.asking import once

RETRY: Final = RetryStrategy(max_attempts=3, exponential_wait=5)


@app.task(queue="lists", retry=RETRY, name="phishing.push")
def push(consumer: str) -> None:
    """Post to one consumer what it lacks. Safe to repeat: it posts what is still lacking."""
    from dijkwacht.rooms.phishing.listing import pushing

    pushing.push(UUID(consumer))


def ask_pushes() -> int:
    """Ask for a push to every consumer that lacks something, unless one waits; gives how many lack something."""
    from dijkwacht.platform import tenancy
    from dijkwacht.rooms.phishing.listing import pushing

    with tenancy.acting(pushing.PUSHER):
        found = pushing.due()
    for consumer in found:
        once(push, consumer, consumer=str(consumer))
    return len(found)


@app.task(queue="lists", retry=RETRY, name="phishing.publish")
def publish(name: str) -> None:
    """Make the file of a format. Safe to repeat: what lies there for this state is not made again."""
    from dijkwacht.rooms.phishing.listing import publishing

    publishing.publish(name)


def ask_publish() -> int:
    """Ask for each file that is due, unless that waits; gives how many are due."""
    from dijkwacht.rooms.phishing.listing import publishing

    found = publishing.due()
    for name in found:
        once(publish, name, name=name)
    return len(found)
