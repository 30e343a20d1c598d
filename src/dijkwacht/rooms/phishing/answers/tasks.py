"""The jobs that answer reporters."""

from typing import Final
from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from dijkwacht.platform import tenancy
from dijkwacht.platform.supervisor.asking import once

RETRY: Final = RetryStrategy(max_attempts=10, exponential_wait=2)


@app.task(queue="answers", retry=RETRY, name="phishing.answer")
def answer() -> None:
    """Put the answers that are due in the outbox. Safe to repeat: an answer has one key."""
    from dijkwacht.rooms.phishing.answers import actions

    while True:
        with tenancy.acting(actions.POSTMAN) as actor:
            done = actions.tell_due(actor=actor)
        if not done:
            return


@app.task(queue="answers", retry=RETRY, name="phishing.verdict-came")
def verdict_came(campaign: str, after: str) -> None:
    """Let those who reported a campaign hear its verdict. Safe to repeat."""
    from dijkwacht.rooms.phishing.answers import actions

    with tenancy.acting(actions.POSTMAN) as actor:
        actions.verdict_came(actor=actor, campaign=UUID(campaign), after=after)
        ask_answer()


def ask_answer() -> None:
    """Ask for the answers that are due, unless that waits already."""
    once(answer)
