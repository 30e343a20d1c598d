"""Is an incident significant? Cbw 25(2), Implementing Regulation (EU) 2024/2690 article 3-14, ministerial criteria."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dijkwacht.law.incidents.conditions import Answer
from dijkwacht.law.incidents.record import IncidentRecord
from dijkwacht.law.incidents.significance.criteria import Criterion


@dataclass(frozen=True, slots=True)
class Fired:
    """A criterion that is met."""

    code: str
    article: str
    source: str
    mark: str
    sentence_nl: str
    sentence_en: str
    confidential: bool = False  # from the overlay: for the entity and its authority only


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether it is significant, and why. Stored with its day, it is also the ground of a "not reported because"."""

    significant: Answer
    fired: tuple[Fired, ...]
    excluded: tuple[Fired, ...]  # what takes significance away: planned maintenance
    missing: tuple[str, ...]  # keys of the record that would decide; empty when the answer is certain
    provisional: tuple[str, ...]  # codes of what is not read or not verified, and counts for this entity
    tried: tuple[str, ...]  # codes of every criterion that was tried


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier incident of the same entity that was not significant by itself (article 4 of the regulation)."""

    detected: date
    root_cause: str  # the apparent root cause, as the caller's own key: equal means the same
    loss_eur: float | None
    reference: str = ""


def judge(
    record: IncidentRecord, on: date, *, overlay: Sequence[Criterion] = (), earlier: Sequence[Earlier] = ()
) -> Verdict:
    """Judge one incident by the criteria of a day.

    `overlay`: confidential criteria of this entity (Cbb 23(4)). `earlier`: its other incidents; those within six months
    before this one, with the same `root_cause`, are added up.
    """
    raise NotImplementedError
