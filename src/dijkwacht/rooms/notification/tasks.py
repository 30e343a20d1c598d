"""The jobs of this room, and what must happen all the time."""

from datetime import date
from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from dijkwacht.platform import tenancy
from dijkwacht.platform.supervisor.asking import once

RETRY = RetryStrategy(max_attempts=8, exponential_wait=3)


@app.task(queue="ingest", retry=RETRY, name="notification.process_batch")
def process_batch(batch: str) -> None:
    """Read, attribute, fold, decide and compose one batch. Safe to repeat: each step knows whether it was done."""
    from dijkwacht.rooms.notification import pipeline

    pipeline.process(UUID(batch))


@app.task(queue="ingest", retry=RETRY, name="notification.look_back")
def look_back(organisations: list[str], after: list[str] | None = None, tries: int = 0) -> None:
    """Attribute what is kept to the newly verified assets of these organisations, `after` batches that are read now."""
    from dijkwacht.rooms.notification import retro

    retro.look_back([UUID(one) for one in organisations], None if after is None else [*map(UUID, after)], tries)


@app.task(queue="notices", retry=RETRY, name="notification.tell_waiting")
def tell_waiting(organisations: list[str]) -> int:
    """Tell these organisations, which have a contact now, what reached nobody before."""
    from dijkwacht.rooms.notification import unreached

    return unreached.tell_waiting([UUID(one) for one in organisations])


@app.task(queue="ingest", retry=RETRY, name="notification.preview_campaign")
def preview_campaign(campaign: str) -> None:
    """Find out who a campaign would tell."""
    from dijkwacht.rooms.notification import campaigns

    campaigns.preview(UUID(campaign))


@app.task(queue="ingest", retry=RETRY, name="notification.try_proposal")
def try_proposal(proposal: str, day: str) -> None:
    """Run a proposal on a past day; `day` is an ISO date, or empty for the last 24 hours."""
    from dijkwacht.rooms.notification import whatif

    whatif.try_out(UUID(proposal), date.fromisoformat(day) if day else None)


@app.task(queue="notices", retry=RETRY, name="notification.compose_part")
def compose_part(batch: str, number: int, of: int) -> None:
    """Compose one part of a large batch, beside the job that read it. Safe to repeat: what was told is not pending."""
    from dijkwacht.rooms.notification import composing, pipeline

    pipeline.tell_part(UUID(batch), composing.Part(number, of))


@app.task(queue="notices", retry=RETRY, name="notification.dispatch")
def dispatch() -> int:
    """Send the digests whose hour has come and what an officer let go."""
    from dijkwacht.rooms.notification import dispatching

    return dispatching.dispatch_due()


@app.task(queue="notices", retry=RETRY, name="notification.let_go")
def let_go() -> int:
    """Bring findings that are not seen any more to "gone"."""
    from dijkwacht.rooms.notification import ageing

    return ageing.let_go()


@app.task(queue="ingest", retry=RETRY, name="notification.build_index")
def build_index() -> int:
    """Build the attribution index of the registry as it is now; a million assets take some 15 seconds."""
    from dijkwacht.rooms.notification import pipeline, registry_index

    with tenancy.acting(pipeline.PIPELINE):
        return registry_index.current().registry.height


def wake_index() -> None:
    """Ask for `build_index` when the registry changed since it was built, unless that waits already."""
    from dijkwacht.rooms.notification import pipeline, registry_index

    with tenancy.acting(pipeline.PIPELINE):
        built = registry_index.built()
    if not built:
        once(build_index)


def wake_dispatch() -> None:
    """Ask for `dispatch` when something is due, unless it waits already."""
    from dijkwacht.rooms.notification import dispatching

    with tenancy.acting(dispatching.DISPATCHER):
        waiting = dispatching.due().exists()
    if waiting:
        once(dispatch)


def wake_ageing() -> None:
    """Ask for `let_go`, unless it waits already."""
    once(let_go)
