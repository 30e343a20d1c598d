"""Who has documents to be found. A room registers a function; the search asks it again and again and keeps up.

    from dijkwacht.rooms.knowledge.searching import sources

    sources.register("advisories", published_documents)   # in `ready()` of the room

The function gives all documents of the room as they are now, each time: what it does not give any more is forgotten.
It runs as the system. What is not for everybody says `audience="centre"`, or is not given.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal


@dataclass(frozen=True, slots=True)
class Found:
    """One text in one language ("nl" or "en"). `key`: its name within the room; `url`: of our own site, from /.

    `keywords`: words that are not in the text and that it should be found by: CVE numbers, products, acronyms.
    """

    key: str
    language: Literal["nl", "en"]
    title: str
    summary: str
    body: str
    url: str
    published_at: datetime
    keywords: str = ""
    audience: Literal["public", "centre"] = "public"


Documents = Callable[[], Iterable[Found]]
_KNOWN: Final[dict[str, Documents]] = {}


def register(room: str, documents: Documents) -> None:
    """Let the documents of a room be found; the same name again replaces."""
    _KNOWN[room] = documents


def every() -> dict[str, Documents]:
    """Return who registered."""
    return dict(_KNOWN)
