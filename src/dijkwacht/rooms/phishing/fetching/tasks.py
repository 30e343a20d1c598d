"""The jobs of looking at pages. Their queue is consumed by a process of its own (`dijkwacht phishing fetch-pages`)."""

from typing import Final
from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.platform.supervisor.asking import once

RETRY: Final = RetryStrategy(max_attempts=5, exponential_wait=5)
FETCHER: Final = system("phishing:fetcher")


@app.task(queue="pages", retry=RETRY, name="phishing.look")
def look(look: str) -> None:
    """Look at one URL and record what was seen. Safe to repeat: it is one look more."""
    from . import actions, working
    from .models import Look

    with tenancy.acting(FETCHER):
        url = Look.objects.values_list("url", flat=True).get(id=UUID(look))
    seen = working.seen(url, _shown)  # no transaction is open while a stranger's server takes its time
    with tenancy.acting(FETCHER):
        actions.keep(actor=FETCHER, look=UUID(look), seen=seen)


def _shown(kit: str) -> bool:
    from . import reads

    with tenancy.acting(FETCHER):
        return reads.shown_lately(kit)


@app.task(queue="pages", retry=RETRY, name="phishing.page_known")
def known(campaign: str) -> None:
    """Tell a campaign of a page that was looked at for another. Safe to repeat."""
    from dijkwacht.rooms.phishing import events

    from .models import Look

    with tenancy.acting(FETCHER):
        events.campaign_changed.send(Look, campaign=UUID(campaign), why="page")


@app.task(queue="pages", retry=RETRY, name="phishing.pages_let_go")
def let_go() -> None:
    """Remove raw pages whose term is over. Safe to repeat."""
    from . import actions

    with tenancy.acting(FETCHER):
        actions.let_go(actor=FETCHER)


def ask(row: UUID) -> None:
    """Ask for a look at a row's URL, unless one waits already."""
    once(look, row, look=str(row))


def tell(campaign: UUID) -> None:
    """Let a campaign hear of a page that is known already, once this transaction is over."""
    once(known, campaign, campaign=str(campaign))


def ask_let_go() -> None:
    """Ask for the removal of raw pages, unless it waits already."""
    once(let_go)
