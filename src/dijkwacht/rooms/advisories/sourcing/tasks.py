"""The jobs of sourcing: a source is asked."""

from typing import Final

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from dijkwacht.platform.supervisor.asking import once

RETRY: Final = RetryStrategy(max_attempts=2, exponential_wait=30)


@app.task(queue="advisories", retry=RETRY, name="advisories.ask")
def ask(source: str) -> None:
    """Ask one source. Safe to repeat: what came in already is passed over."""
    from dijkwacht.rooms.advisories.sourcing import scheduling

    scheduling.ask(source)


@app.task(queue="advisories", retry=RETRY, name="advisories.poll")
def poll() -> None:
    """Read the mailbox of sources. Safe to repeat: what came in already is known by its hash."""
    from dijkwacht.rooms.advisories.sourcing import postbox

    postbox.poll()


def ask_due() -> int:
    """Ask for each source whose turn it is, unless that waits already; gives how many."""
    from django.utils import timezone

    from dijkwacht.rooms.advisories.sourcing import scheduling

    found = scheduling.due(timezone.now())
    for slug in found:
        once(ask, slug, alone=True, source=slug)
    return len(found)
