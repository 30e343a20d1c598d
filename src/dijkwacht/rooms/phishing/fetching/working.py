"""What a worker holds to look at pages: the two processes that it asks, one pair for each of its threads."""

import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import msgspec

from dijkwacht.mails.urls import host_of

from . import ages, icons
from .looker import Looker
from .looking import Hop, Seen, hosting, look
from .pages import Page
from .reading import PageReader
from .renderer import Rendered, Renderer
from .rules import says_itself
from .way import Way, from_environment


class Eyes:
    """Looks at one URL after the other. Not to be shared between threads."""

    def __init__(self, way: Way, *, icons_file: str = "", ages_file: str = "", chromium: str = "") -> None:
        self.asks, self.reads = Looker(way), PageReader()
        self.icons, self.ages = icons.known(icons_file), ages.ages(ages_file)
        self.shows = Renderer(way, chromium) if chromium else None

    def see(self, url: str, shown: Callable[[str], bool] | None = None) -> Seen:
        """Look at a clean, canonical URL; never raises for what a stranger's server does.

        `shown`: whether a browser showed a page of a kit lately; then it is spared one that says by itself what it is.
        """
        seen = look(url, self.asks, self.reads, icons=self.icons, ages=self.ages)
        if self.shows is None or seen.look.state not in {"page", "blank"}:
            return seen
        if shown is not None and says_itself(seen.look) and shown(seen.look.kit):
            return seen
        rendered = self.shows.show(seen.look.final)
        page = self.reads.page(rendered.html, "utf-8", rendered.ended or seen.look.final) if rendered.html else None
        return with_rendered(seen, rendered, page)

    def close(self) -> None:
        """End all its processes."""
        for one in (self.asks, self.reads, self.shows):
            if one is not None:
                one.close()


def with_rendered(seen: Seen, rendered: Rendered, page: Page | None) -> Seen:
    """Add what a browser showed to a look: what its scripts wrote, and where they went. The kit stays the plain page's.

    What the plain page held stays too: some show a browser less.
    """
    before = seen.look
    if page is None:
        return seen
    both = {
        name: sorted({*getattr(before.page, name), *getattr(page, name)}) for name in ("asks", "form_hosts", "brands")
    }
    merged = msgspec.structs.replace(page, **both, title=page.title or before.page.title)
    hops, final = before.hops, before.final
    if rendered.ended and rendered.ended != before.final:
        hops, final = [*hops, Hop(rendered.ended, "script", 200)], rendered.ended
    state = "page" if not page.blank or before.state == "page" else "blank"
    kit = before.kit or page.kit
    after = msgspec.structs.replace(
        before,
        page=merged,
        hops=hops,
        final=final,
        state=state,
        kit=kit,
        hosting=hosting(host_of(final)),
        rendered=True,
    )
    return Seen(after, {**seen.raw, "dom": rendered.html, "picture": rendered.picture})


@contextmanager
def eyes(given: Mapping[str, str] = os.environ) -> Iterator[Eyes]:
    """Open what an installation's environment says, and close it."""
    opened = Eyes(
        from_environment(given),
        icons_file=given.get("DIJKWACHT_PAGES_ICONS", ""),
        ages_file=given.get("DIJKWACHT_PAGES_AGES", ""),
        chromium=given.get("DIJKWACHT_PAGES_CHROMIUM", ""),
    )
    try:
        yield opened
    finally:
        opened.close()


_threads = threading.local()


def seen(url: str, shown: Callable[[str], bool] | None = None) -> Seen:
    """Look at a URL with the processes of this thread; `shown` as in `Eyes.see`."""
    if not hasattr(_threads, "open"):
        _threads.open = eyes()
        _threads.eyes = _threads.open.__enter__()
    found: Seen = _threads.eyes.see(url, shown)
    return found


@contextmanager
def asker() -> Iterator[Looker]:
    """Lend the process of this thread that asks strangers, for something that is no page."""
    if not hasattr(_threads, "open"):
        _threads.open = eyes()
        _threads.eyes = _threads.open.__enter__()
    yield _threads.eyes.asks


def close() -> None:
    """End the processes of this thread."""
    if hasattr(_threads, "open"):
        _threads.open.__exit__(None, None, None)
        del _threads.open, _threads.eyes
