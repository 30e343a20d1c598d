"""What this part needs to know of a published advisory; the part that publishes registers itself as the one to ask."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final, Protocol
from uuid import UUID

if TYPE_CHECKING:
    import polars as pl


NOT_FOR_YOU: Final = {"nl": "niet meer voor u bestemd", "en": "no longer for you"}


@dataclass(frozen=True, slots=True)
class Published:
    """One version of an advisory. Texts by language ("nl", "en"); `severity`: 0 to 4; `text`: as its mail has it.

    `address`: where everybody who may read it does so. `tlp`: without "TLP:". `sectors`: empty for all.
    """

    advisory: UUID
    version: int
    number: str
    published_at: datetime
    title: Mapping[str, str]
    summary: Mapping[str, str]
    text: Mapping[str, str]
    severity: int
    urgent: bool
    tlp: str
    address: str
    withdrawn: bool = False
    sectors: tuple[str, ...] = ()
    courses: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by language what the reader can do
    recipients: frozenset[UUID] | None = None  # above TLP:GREEN: for these organisations alone
    withheld: bool = False  # it is for others: nothing but its number stands here

    def as_for(self, organisation: UUID) -> "Published":
        """Return what one organisation may know of it: all, or the number alone where it names others."""
        if self.recipients is None or organisation in self.recipients:
            return self
        nothing = dict.fromkeys(("nl", "en"), "")
        return replace(
            self,
            title=NOT_FOR_YOU,
            summary=nothing,
            text=nothing,
            severity=0,
            urgent=False,
            tlp="AMBER",  # whichever it is above TLP:GREEN
            withdrawn=False,
            sectors=(),
            courses={},
            recipients=frozenset(),
            withheld=True,
        )


class Library(Protocol):
    """Who knows the published advisories. Called in the scope of the centre."""

    def versions(self, wanted: Iterable[tuple[UUID, int]]) -> Mapping[tuple[UUID, int], Published]:
        """Return the versions asked for; what is not there is left out."""
        ...

    def current(self) -> list[tuple[UUID, int]]:
        """Return the newest version of each advisory that is not withdrawn."""
        ...

    def newest(self, advisory: UUID) -> int | None:
        """Return the newest version of an advisory, withdrawn or not; None where there is none."""
        ...

    def statements(self, wanted: Iterable[tuple[UUID, int]]) -> "pl.DataFrame":
        """Return what these versions say of products: `statements.COLUMNS`, `item` being the advisory's identifier."""
        ...


_libraries: list[Library] = []


def register(library: Library) -> None:
    """Let this one be asked from now on. Called from an AppConfig's `ready`."""
    _libraries[:] = [library]


def library() -> Library:
    """Return whom to ask. Raises LookupError when no part that publishes is there."""
    if not _libraries:
        raise LookupError("no part of this room publishes advisories")
    return _libraries[0]


def of(advisory: UUID, version: int) -> Published | None:
    """Return one version, or None when there is none."""
    return library().versions([(advisory, version)]).get((advisory, version))
