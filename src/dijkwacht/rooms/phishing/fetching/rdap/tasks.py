"""The job that asks a registry: never in the path of a look or a verdict, which hears of an age once it is known."""

import random
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from dijkwacht.platform import tenancy
from dijkwacht.platform.supervisor.asking import once
from dijkwacht.rooms.phishing.fetching.looker import Looker

from . import asking, rules

RETRY: Final = RetryStrategy(max_attempts=3, wait=60)
TRIES: Final = 8  # at a server that has no time; then the next look at a page of the domain asks again


@app.task(queue="pages", retry=RETRY, name="phishing.domain_age")
def domain_age(domain: str, look: str, tries: int = 0) -> None:
    """Ask when a domain was registered and tell the campaigns of a look. Safe to repeat.

    No transaction is open while a stranger's server takes its time.
    """
    from dijkwacht.rooms.phishing.fetching import working
    from dijkwacht.rooms.phishing.fetching.tasks import FETCHER

    from . import actions, asked, reads

    with tenancy.acting(FETCHER):
        if not reads.is_wanted(domain):
            return
    try:
        with working.asker() as asks:
            server = rules.server_of(domain, _table(asks))
            if server:
                with tenancy.acting(FETCHER):
                    asked.admit(server)
            now = timezone.now()
            answer = asking.ask(domain, server, asks, now) if server else asking.Answer("no-server")
    except asked.LaterError as error:
        _later(domain, look, tries, error.args[0])
        return
    with tenancy.acting(FETCHER):
        row = actions.keep(actor=FETCHER, domain=domain, server=server, answer=answer, now=now)
        if row is not None and row.state == "known":
            _tell(UUID(look))
    if row is None:
        _later(domain, look, tries, now + answer.wait)


def _table(asks: Looker) -> dict[str, list[str]]:
    """Give the table of servers: of the configured file, or as it was had within a day. Raises LaterError."""
    from dijkwacht.rooms.phishing.fetching.tasks import FETCHER

    from . import asked

    source = settings.PAGES_RDAP
    if "://" not in source:
        return asking.table(source, asks)
    with tenancy.acting(FETCHER):
        known, until = asked.held_table()
    if until is None:
        try:
            found = asking.table(source, asks)
        except rules.Unusable:
            found = None
        with tenancy.acting(FETCHER):
            until = asked.keep_table(found)
        known = found or known
    if not known:
        raise asked.LaterError(until)
    return known


def _later(domain: str, look: str, tries: int, until: datetime) -> None:
    """Ask again at another time, which is not the same for all that wait."""
    if tries < TRIES:
        spread = timedelta(seconds=random.uniform(0, 60 * 2**tries))  # noqa: S311 - no secret
        domain_age.configure(schedule_at=until + spread).defer(domain=domain, look=look, tries=tries + 1)


def _tell(look: UUID) -> None:
    """Let the campaigns of a look be judged again."""
    from dijkwacht.rooms.phishing import events
    from dijkwacht.rooms.phishing.fetching.models import Look, LookOfCampaign

    for campaign in LookOfCampaign.objects.filter(look=look).values_list("campaign_id", flat=True):
        events.campaign_changed.send(Look, campaign=campaign, why="page")


def ask(look: UUID, host: str) -> None:
    """Ask for the age of a host's domain where registries are asked at all, and it is not known."""
    from . import reads

    domain = rules.domain_of(host) if settings.PAGES_RDAP else ""
    if domain and reads.is_wanted(domain):
        once(domain_age, domain, domain=domain, look=str(look))
