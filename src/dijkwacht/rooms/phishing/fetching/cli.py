"""What the command line asks of pages. The looks of `analyse --fetch` need neither Django nor a database."""

import contextlib
import os
from collections.abc import Iterator
from typing import Final, Literal, Self

import click

from dijkwacht.rooms.phishing.judging.analysing import Analysis, with_more

from . import rules
from .looking import Look
from .rdap.directly import NO_FETCH, Ages, Registries
from .working import Eyes, eyes

MOST_LINKS: Final = 20  # of one mail
PER_MINUTE: Final = "10"  # as in the settings


class Pages(contextlib.ExitStack):
    """The pages of the links of mails; with fetch=False nobody looks."""

    def __init__(self, *, fetch: bool) -> None:
        super().__init__()
        self.fetch = fetch
        self._looks: dict[str, Look] = {}

    def __enter__(self) -> Self:
        super().__enter__()
        if self.fetch:
            self.eyes = self.enter_context(_eyes())
            most = os.environ.get("DIJKWACHT_PAGES_RDAP_PER_MINUTE", PER_MINUTE)
            if not most.isdecimal():
                raise click.UsageError("DIJKWACHT_PAGES_RDAP_PER_MINUTE is a number")
            self.registries = Registries(self.eyes.asks, os.environ.get("DIJKWACHT_PAGES_RDAP", ""), int(most))
        return self

    def seen(self, analysis: Analysis) -> tuple[Analysis, list[Look], Ages]:
        """Look at the links that are nobody's own, ask how old they are, and judge again; each URL and domain once."""
        if not self.fetch:
            return analysis, [], Ages(NO_FETCH)
        worth = [one.link.clean for one in analysis.links if one.scope.why not in {"own", "resource"}]
        urls = [*dict.fromkeys(worth)]
        for url in urls[:MOST_LINKS]:
            if url not in self._looks:
                self._looks[url] = self.eyes.see(url).look
        looks, ages = self.registries.aged([self._looks[url] for url in urls[:MOST_LINKS]])
        more = with_more(analysis, {one.url: rules.evidence(one) for one in looks})
        if len(urls) > MOST_LINKS:
            more.problems.append(f"pages: {len(urls)} links, {MOST_LINKS} looked at")
        return more, looks, ages

    def text(self, looks: list[Look], ages: Ages, language: Literal["nl", "en"]) -> list[str]:
        """Say what was seen, a line for each hop, and what registries said."""
        lines: list[str] = []
        for one in looks:
            lines.append(f"  looked at: {one.url}: {one.state}")
            lines += [f"      {hop.how:<8} {hop.status or '':<4}{hop.problem} {hop.url}" for hop in one.hops]
            lines += [f"      {getattr(note, language)}" for note in rules.notes(one)]
        return [*lines, *ages.lines()]


@contextlib.contextmanager
def _eyes() -> Iterator[Eyes]:
    """Open what the settings say. Raises click.UsageError where one of them names what cannot be used."""
    with contextlib.ExitStack() as stack:
        try:
            opened = stack.enter_context(eyes())
        except ValueError as error:
            raise click.UsageError(str(error)) from error
        yield opened


@click.command(name="fetch-pages")
@click.option("--concurrency", default=2, show_default=True, help="Looks at the same time.")
def fetch_pages(*, concurrency: int) -> None:
    """Look at pages that the running system asks for: the worker of the queue "pages".

    What asks strangers' servers is a process of its own, without our secrets and without a way inside.
    """
    from dijkwacht.__main__ import set_up_django

    set_up_django()
    from dijkwacht.platform.supervisor import jobs
    from dijkwacht.platform.supervisor.cli import refuse_powerful_role

    refuse_powerful_role()
    with _eyes():  # what cannot be used is said at the start, and not of each page
        pass
    jobs.work(concurrency=concurrency, queues=["pages"])
