"""The job that files a submission for many customers."""

from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from dijkwacht.kernel.errors import Problem
from dijkwacht.platform import tenancy

RETRY = RetryStrategy(max_attempts=8, exponential_wait=3)


@app.task(queue="notices", retry=RETRY, name="reporting.file_event")
def file_filing(filing: str) -> None:
    """File it for every customer, or keep why not. Safe to repeat: what was filed is not filed again."""
    from dijkwacht.rooms.reporting.customers import actions

    try:
        with tenancy.acting(actions.CLERK) as clerk:
            actions.file_event(actor=clerk, filing=UUID(filing))
    except Problem as problem:  # the same tomorrow: a registration that ended, a stage that is closed
        with tenancy.acting(actions.CLERK) as clerk:
            actions.give_up(actor=clerk, filing=UUID(filing), problem=problem)
