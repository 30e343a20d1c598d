"""The job that judges a campaign, asked for whenever something of it changed."""

from functools import partial
from typing import Any, Final
from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.platform.supervisor.asking import once

MACHINE: Final = system("phishing:machine")
RETRY: Final = RetryStrategy(max_attempts=8, exponential_wait=3)
# In a flood most campaigns are one mail in which nothing was found: they wait for what may warn somebody, or free him.
FIRST, SOON, LATER = 2, 1, 0


@app.task(queue="phishing", retry=RETRY, name="phishing.judge")
def judge(campaign: str, why: str = "new") -> None:
    """Place a campaign in its wave, and judge it by all that is known now. Safe to repeat.

    Two transactions: one at a time is placed, while many are judged.
    """
    from dijkwacht.rooms.phishing.campaigns.models import Campaign
    from dijkwacht.rooms.phishing.deciding import actions
    from dijkwacht.rooms.phishing.waves import actions as waves

    for step in (
        partial(waves.place, campaign=UUID(campaign)),
        partial(actions.judge, campaign=UUID(campaign), why=why),
    ):
        with tenancy.acting(MACHINE):
            if Campaign.objects.filter(id=campaign).exists():
                step(actor=MACHINE)


@app.task(queue="phishing", retry=RETRY, name="phishing.removed")
def removed(entry: str, by: str, reason: str, *, person: bool) -> None:
    """Count a warning that ended before its time, if it was wrong. Safe to repeat."""
    from dijkwacht.rooms.phishing.deciding import removing

    with tenancy.acting(MACHINE):
        removing.count(actor=MACHINE, entry=UUID(entry), by=by, reason=reason, person=person)


def ask(*, campaign: UUID, why: str, pressing: bool = True, **_: Any) -> None:
    """Ask for the judging of a campaign, in the caller's transaction; what waits already is not asked twice."""
    priority = FIRST if why != "new" else SOON if pressing else LATER
    once(judge, f"{campaign} {why}", priority=priority, campaign=str(campaign), why=why)
