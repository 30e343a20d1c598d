"""To whom: the CSIRT and the competent authority of a kind of entity, as of a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Route:
    """Who is told, for one type of entity. Codes of bodies; names are in the table `bodies` of the applicability."""

    entity_type: str  # "" where a designation decides
    csirt: str  # "unknown" where none has been designated yet: the national CSIRT takes it (Cbb 2)
    interim_csirt: str  # takes it for now, or ""
    authority: str
    supervisor: str
    source: str
    mark: str  # "unverified": to be shown as not yet settled

    @property
    def takes_reports(self) -> str:
        """The CSIRT that takes the report today."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Recipient:
    """One receiver of a report under a regime."""

    role: str  # csirt, authority, ap, …
    body: str  # code, such as NCSC or AP
    article: str
    mark: str
    via: str = ""  # the reporting point it goes through, when not directly


def route(entity_types: Iterable[str], on: date, designations: Iterable[str] = ()) -> list[Route]:
    """Return CSIRT and authority per type of entity. A designation as critical entity beats the sector (Cbw 15(5)).

    Raises RecordNotUsable for a code that the tables do not know on that day.
    """
    raise NotImplementedError
