"""Pages and pictures read in a process that may be killed, as mails are."""

import sys
from typing import ClassVar, TypeVar

import msgspec

from dijkwacht.mails.isolated import Reader, Take, serve

from .icons import Icon, read_icon
from .pages import Page, read_page

Kind = TypeVar("Kind")


class _Asked(msgspec.Struct):
    size: int  # of the body, whose bytes follow
    charset: str
    url: str
    icon: bool


class PageReader(Reader):
    """Reads pages one after the other in a child process. Not to be shared between threads."""

    module: ClassVar[str] = "dijkwacht.rooms.phishing.fetching.reading"

    def page(self, body: bytes, charset: str, url: str) -> Page | None:
        """Read a page; None where that takes too long or too much."""
        return self._read_one(_Asked(len(body), charset, url, icon=False), Page, body)

    def icon(self, body: bytes) -> Icon | None:
        """Read a picture; None where it is none."""
        found = self._read_one(_Asked(len(body), "", "", icon=True), Icon, body)
        return found if found and found.sha256 else None

    def _read_one(self, asked: _Asked, kind: type[Kind], body: bytes) -> Kind | None:
        try:
            return self._ask(asked, kind, body)
        except (OSError, EOFError, TimeoutError):
            self.close()
            return None


def _answer(message: bytes, take: Take) -> Icon | Page:
    asked = msgspec.msgpack.decode(message, type=_Asked)
    body = take(asked.size)
    return read_icon(body) if asked.icon else read_page(body, asked.charset, asked.url)


if __name__ == "__main__":
    serve(int(sys.argv[1]), _answer)
