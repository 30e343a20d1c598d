"""Pages as a browser shows them, in a process of its own without our secrets (optional: DIJKWACHT_PAGES_CHROMIUM)."""

import os
import resource
import sys
from typing import ClassVar, Final

import msgspec

from dijkwacht.mails.isolated import Reader, Take, serve
from dijkwacht.mails.urls import canonical

from .chokepoint import opened
from .chromium import BrowserError, browsing, shown
from .way import Way

SECONDS: Final = 20.0  # for one page
MARGIN_SECONDS: Final = 25.0


class Rendered(msgspec.Struct, frozen=True):
    """A page as it was shown. `html`: its elements; `picture`: PNG; `reached`, `refused`: host:port that it asked."""

    html: bytes = b""
    picture: bytes = b""
    ended: str = ""
    reached: list[str] = []
    refused: list[str] = []
    problem: str = ""


class _Asked(msgspec.Struct):
    url: str
    way: Way
    program: str


class Renderer(Reader):
    """Shows pages one after the other. Not to be shared between threads."""

    module: ClassVar[str] = "dijkwacht.rooms.phishing.fetching.renderer"

    def __init__(self, way: Way, program: str) -> None:
        super().__init__(seconds=SECONDS + MARGIN_SECONDS, memory=resource.RLIM_INFINITY)  # V8 reserves address space
        self.way, self.program = way, program

    def show(self, url: str) -> Rendered:
        """Show one canonical URL; never raises."""
        try:
            return self._ask(_Asked(url, self.way, self.program), Rendered)
        except (OSError, EOFError, TimeoutError):
            self.close()
            return Rendered(problem="stopped")


def _answer(message: bytes, _: Take) -> Rendered:
    asked = msgspec.msgpack.decode(message, type=_Asked)
    with opened(asked.way) as door:
        try:
            with browsing(asked.program, door.port, os.environ) as browser:
                html, picture, ended = shown(browser, asked.url, SECONDS)
            return Rendered(html.encode(errors="replace"), picture, canonical(ended), door.let, door.refused)
        except (BrowserError, OSError, ValueError, KeyError) as error:
            return Rendered(reached=door.let, refused=door.refused, problem=str(error)[:200])


if __name__ == "__main__":
    serve(int(sys.argv[1]), _answer)
