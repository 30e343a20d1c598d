"""The jobs of this room."""

from typing import Final

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.platform.supervisor.asking import once

RETRY: Final = RetryStrategy(max_attempts=10, exponential_wait=2)
KEEPER: Final = system("knowledge:keeper")


@app.task(queue="knowledge", retry=RETRY, name="knowledge.keep-up")
def keep_up() -> None:
    """Let the search know what the rooms publish now, make the figures of the month, tell owners what is due."""
    from dijkwacht.rooms.knowledge.editing import due
    from dijkwacht.rooms.knowledge.figures import actions as figures
    from dijkwacht.rooms.knowledge.searching import actions as searching

    for do in (searching.keep_all_up, figures.make_month, due.tell_owners):
        with tenancy.acting(KEEPER) as actor:
            do(actor=actor)


def ask_keep_up() -> None:
    """Ask for it, unless that waits already."""
    once(keep_up)
