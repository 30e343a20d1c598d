"""To whom: the CSIRT and the competent authority of a kind of entity, as of a day. Read from `law/applicability`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from dijkwacht.law.applicability import Facts, FactsNotUsable, Rulebook, house_rulebook
from dijkwacht.law.applicability.answer import ContactPoint
from dijkwacht.law.applicability.checking import check
from dijkwacht.law.applicability.consequences import Situation, contact_points
from dijkwacht.law.incidents.conditions import Answer, every
from dijkwacht.law.incidents.errors import Fault, RecordNotUsable
from dijkwacht.law.incidents.record import IncidentRecord
from dijkwacht.law.incidents.regimes.model import BY_SECTOR, Receiver, Regime

UNKNOWN: Final = "unknown"
NATIONAL: Final = "NCSC"  # the CSIRT in law where no regulation names another (Cbb 2)


@dataclass(frozen=True, slots=True)
class Route:
    """Who is told, for one type of entity. Codes of bodies; names are in the table `bodies` of the applicability."""

    entity_type: str  # "" where a designation alone decides
    csirt: str  # "unknown" where none has been designated yet; "none" where the law gives none
    interim_csirt: str  # takes it for now, or ""
    authority: str
    supervisor: str
    source: str
    mark: str  # "unverified": to be shown as not yet settled

    @property
    def takes_reports(self) -> str:
        """The CSIRT that takes the report today: the one for now, else its own, else the national one (Cbb 2)."""
        own = self.interim_csirt or self.csirt
        return NATIONAL if own in {UNKNOWN, "none"} else own


@dataclass(frozen=True, slots=True)
class Recipient:
    """One receiver of a report under a regime."""

    role: str  # csirt, authority, supervisor, ap, …
    body: str  # code, such as NCSC or AP; "unknown" while the type of entity is not known
    article: str
    mark: str
    via: str = ""  # the reporting point it goes through, when not directly
    channel: str = ""  # the address of its own official channel, of one that is found by no sector


def route(
    entity_types: Iterable[str], on: date, designations: Iterable[str] = (), book: Rulebook | None = None
) -> list[Route]:
    """Return CSIRT and authority per type of entity. A designation as critical entity beats the sector (Cbw 15(5)).

    `book`: the tables to read, those of the house without it. Raises RecordNotUsable for a code that the tables do not
    know on that day.
    """
    tables, codes = book or house_rulebook(), tuple(dict.fromkeys(entity_types))
    facts = known_types(codes, on, designations, tables)
    situation = Situation(tables, facts, on, frozenset({"essential"}), frozenset(), frozenset())
    found = ((code, contact_points(situation, [(code, "essential")])) for code in codes or ("",))
    return [_route(code, point) for code, points in found for point in points]


def known_types(
    entity_types: Iterable[str], on: date, designations: Iterable[str] = (), book: Rulebook | None = None
) -> Facts:
    """Return codes as facts of the applicability. Raises RecordNotUsable for those that do not exist on that day."""
    given = {"entity_types": tuple(dict.fromkeys(entity_types)), "designations": tuple(dict.fromkeys(designations))}
    try:
        facts = Facts.read(given)
        check(facts, book or house_rulebook(), on)
    except FactsNotUsable as error:
        raise RecordNotUsable([Fault(fault.path, fault.said) for fault in error.faults]) from error
    return facts


def recipients(record: IncidentRecord, regime: Regime, on: date, book: Rulebook | None = None) -> tuple[Recipient, ...]:
    """Return who gets the reports of a regime, each body once. Raises RecordNotUsable for unknown codes."""
    types = record.entity_types or ()
    routes = route(types, on, record.designations or (), book) if types or record.designations else []
    found: dict[tuple[str, str], Recipient] = {}
    for receiver in regime.recipient:
        if every(one.judge(record) for one in receiver.when).answer is not Answer.YES:
            continue
        for one in _found(receiver, routes):
            found.setdefault((one.role, one.body), one)
    return tuple(found.values())


def _found(receiver: Receiver, routes: list[Route]) -> list[Recipient]:
    via, own = receiver.via or "", receiver.channel or ""
    if receiver.role not in BY_SECTOR:
        return [Recipient(receiver.role, receiver.body or UNKNOWN, receiver.article, receiver.mark, via, own)]
    if not routes:
        return [Recipient(receiver.role, UNKNOWN, receiver.article, "unverified", via)]
    return [
        Recipient(receiver.role, _body(receiver.role, one), receiver.article, _least(receiver.mark, one.mark), via)
        for one in routes
    ]


def _body(role: str, one: Route) -> str:
    return {"csirt": one.takes_reports, "authority": one.authority, "supervisor": one.supervisor}[role]


def _least(*marks: str) -> str:
    return max(marks, key=["seen", "agreed", "known", "unverified"].index)


def _route(code: str, point: ContactPoint) -> Route:
    interim = point.interim_csirt.code if point.interim_csirt else ""
    return Route(code, point.csirt.code, interim, point.authority.code, point.supervisor.code, point.source, point.mark)
