"""Each source asked in its turn, on its own; how it went stands on the page of sources."""

from datetime import datetime, timedelta
from typing import Final

import structlog
from django.conf import settings
from django.utils import timezone

from dijkwacht.feeds.advisories.bounds import Unreadable
from dijkwacht.feeds.advisories.catalogue import Source
from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.platform.egress.way import Egress, from_settings
from dijkwacht.rooms.advisories.sourcing import actions, models
from dijkwacht.rooms.advisories.sourcing.asking import NotFetched
from dijkwacht.rooms.advisories.sourcing.fetching import begin, files_of_source, note
from dijkwacht.rooms.advisories.sourcing.known import sources as known_sources
from dijkwacht.rooms.advisories.sourcing.reading import File

log = structlog.get_logger()
FETCHER: Final = system("advisories:fetching")
LONGEST: Final = timedelta(hours=6)  # between two tries of a source that fails


def due(now: datetime) -> list[str]:
    """Give the sources whose turn it is, and those that somebody asked for."""
    with tenancy.acting(FETCHER):
        states = {row.slug: row for row in models.SourceState.objects.all()}
    found = []
    for slug, source in known_sources().items():
        state = states.get(slug)
        asked = state is not None and state.asked
        turn = slug in settings.ADVISORY_SOURCES and (state is None or state.due_at is None or state.due_at <= now)
        if source.url and (asked or turn):
            found.append(slug)
    return found


def ask(slug: str, egress: Egress | None = None) -> models.SourceState:
    """Ask one source for what is new, and note how it went. Never raises for what the source does."""
    source = known_sources()[slug]
    taken, error, files = 0, "", list[File]()
    with tenancy.acting(FETCHER):
        defaults = {"tried_at": timezone.now(), "asked": False}
        models.SourceState.objects.update_or_create(slug=slug, defaults=defaults)
        run = begin(source, egress or from_settings())
    try:  # no transaction is open while a stranger's server takes its time
        for one in files_of_source(run):
            files.append(one)
    except (NotFetched, Unreadable) as problem:
        error = str(problem)
    try:
        report = actions.ingest(actor=FETCHER, files=files, source=slug)
        taken = report.new + report.changed + report.chances
        error = error or "; ".join(run.failed[:3])
    except Exception as problem:  # whatever a stranger's bytes do to us, the other sources go on, and it is said
        log.exception("a source could not be taken in", source=slug)
        error = f"what it sent could not be taken in: {type(problem).__name__}"
    else:
        with tenancy.acting(FETCHER):
            note(run)
    return noted(source, taken, error)


def noted(source: Source, taken: int, error: str) -> models.SourceState:
    """Note how an asking went, and when the next is."""
    now = timezone.now()
    with tenancy.acting(FETCHER):
        state = models.SourceState.objects.select_for_update().get(slug=source.slug)
        state.error, state.taken = error[:500], taken
        state.failures = state.failures + 1 if error else 0
        state.done_at = state.done_at if error else now
        every = timedelta(minutes=source.every)
        state.due_at = now + (min(every * 2 ** min(state.failures, 6), max(LONGEST, every)) if error else every)
        state.save()
    return state
