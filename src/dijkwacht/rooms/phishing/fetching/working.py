"""What a worker holds to look at pages: the two processes that it asks, one pair for each of its threads."""

import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from . import ages, icons
from .looker import Looker
from .looking import Seen, look
from .reading import PageReader
from .way import Way, from_environment


class Eyes:
    """Looks at one URL after the other. Not to be shared between threads."""

    def __init__(self, way: Way, *, icons_file: str = "", ages_file: str = "") -> None:
        self.asks, self.reads = Looker(way), PageReader()
        self.icons, self.ages = icons.known(icons_file), ages.ages(ages_file)

    def see(self, url: str) -> Seen:
        """Look at a clean, canonical URL; never raises for what a stranger's server does."""
        return look(url, self.asks, self.reads, icons=self.icons, ages=self.ages)

    def close(self) -> None:
        """End both processes."""
        self.asks.close()
        self.reads.close()


@contextmanager
def eyes(given: Mapping[str, str] = os.environ) -> Iterator[Eyes]:
    """Open what an installation's environment says, and close it."""
    opened = Eyes(
        from_environment(given),
        icons_file=given.get("DIJKWACHT_PAGES_ICONS", ""),
        ages_file=given.get("DIJKWACHT_PAGES_AGES", ""),
    )
    try:
        yield opened
    finally:
        opened.close()


_threads = threading.local()


def seen(url: str) -> tuple[Seen, dict[str, bytes]]:
    """Look at a URL with the processes of this thread; gives what else was seen by kind, such as a picture."""
    if not hasattr(_threads, "open"):
        _threads.open = eyes()
        _threads.eyes = _threads.open.__enter__()
    found: Seen = _threads.eyes.see(url)
    return found, {}


def close() -> None:
    """End the processes of this thread."""
    if hasattr(_threads, "open"):
        _threads.open.__exit__(None, None, None)
        del _threads.open, _threads.eyes
