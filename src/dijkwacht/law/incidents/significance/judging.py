"""Judging one incident by the criteria of a day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from dijkwacht.law.incidents.conditions import Answer, Judged, every, negated, some
from dijkwacht.law.incidents.facts_of_law import Earlier
from dijkwacht.law.incidents.record import IncidentRecord
from dijkwacht.law.incidents.routing import known_types
from dijkwacht.law.incidents.significance.criteria import Criteria, Criterion, Law, Together, house_criteria
from dijkwacht.law.incidents.significance.recurring import together
from dijkwacht.law.tables import Row


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
    with_earlier: tuple[str, ...] = ()  # references of the incidents that were added up


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether it is significant, and why. Stored with its day, it is also the ground of a "not reported because"."""

    on: date  # the day whose criteria were asked: where the day has none, the nearest that has
    in_force: bool  # whether that is the day that was asked
    significant: Answer
    fired: tuple[Fired, ...]
    excluded: tuple[Fired, ...]  # what takes significance away: planned maintenance
    missing: tuple[str, ...]  # keys of the record that would decide; none when the answer is certain
    provisional: tuple[Fired, ...]  # what exists and was not read, or fired and is not verified in a source
    tried: tuple[str, ...]  # codes of every criterion that was tried
    own: tuple[str, ...] = ()  # which of those are the entity's own

    def without_confidential(self) -> "Verdict":
        """Return it for those who may not know the entity's own criteria (Cbb 23(4)): none is named."""
        return replace(
            self,
            fired=tuple(one for one in self.fired if not one.confidential),
            missing=tuple(name for name in self.missing if not name.startswith("own.")),
            provisional=tuple(one for one in self.provisional if not one.confidential),
            tried=tuple(code for code in self.tried if code not in self.own),
            own=(),
        )


Tried = tuple[Criterion, Judged, Fired]


def judge(
    record: IncidentRecord,
    on: date,
    *,
    overlay: Sequence[Criterion] = (),
    earlier: Sequence[Earlier] | None = None,
    law: Law = "cbw",
    criteria: Criteria | None = None,
) -> Verdict:
    """Judge one incident by the criteria of a day.

    `overlay`: confidential criteria of this entity (Cbb 23(4)). `earlier`: its other incidents that were not
    significant by themselves; without it, those of the record. `law`: cbw (25(2)) or wwke (17(1)).

    Raises RecordNotUsable for types of entity that do not exist on that day.
    """
    book, types = criteria or house_criteria(), record.entity_types or ()
    day = book.day(law, on)
    known_types(types, day)
    rows = book.rows(law, day, types)
    before = record.earlier if earlier is None else earlier
    tried = _all_of({"criterion", "recurring"}, book, rows, record, before, day)
    tried += [(one, one.judge(record), _fired(one, confidential=True)) for one in overlay]
    exclusions = _all_of({"exclusion"}, book, rows, record, before, day)
    answer = _answer(record, tried, exclusions)
    fired = _met(tried)
    return Verdict(
        on=day,
        in_force=day == on,
        significant=answer.answer,
        fired=fired,
        excluded=_met(exclusions),
        missing=tuple(sorted(answer.missing)),
        provisional=(*_gaps(rows), *(one for one in fired if one.mark == "unverified")),
        tried=tuple(one.code for one, _, _ in (*tried, *exclusions)),
        own=tuple(one.code for one in overlay),
    )


def _answer(record: IncidentRecord, tried: list[Tried], exclusions: list[Tried]) -> Judged:
    """One criterion suffices, unless an exclusion holds. Without a type nobody can say that none is met."""
    typeless = [Judged(Answer.UNKNOWN, frozenset({"entity_types"}))] if record.entity_types is None else []
    met = some([*(one for _, one, _ in tried), *typeless])
    return every([met, negated(some(one for _, one, _ in exclusions))])


def _all_of(
    kinds: set[str], book: Criteria, rows: list[Row], record: IncidentRecord, earlier: Sequence[Earlier], on: date
) -> list[Tried]:
    return [_tried(book, row, record, earlier, on) for row in rows if row["kind"] in kinds]


def _tried(book: Criteria, row: Row, record: IncidentRecord, earlier: Sequence[Earlier], on: date) -> Tried:
    criterion = book.rules[id(row)]
    if row["kind"] != "recurring":
        return criterion, criterion.judge(record), _fired(criterion)
    if not earlier:
        return criterion, Judged(Answer.NO), _fired(criterion)
    if record.root_cause_key is None:
        return criterion, Judged(Answer.UNKNOWN, frozenset({"root_cause_key"})), _fired(criterion)
    counted = together(record, earlier, on)
    if not counted:
        return criterion, Judged(Answer.NO), _fired(criterion)
    losses = [record.loss_eur, *(one.loss_eur for one in counted)]
    known = [loss for loss in losses if loss is not None]
    judged = criterion.judge(Together(record, sum(known)))
    if len(known) < len(losses) and judged.answer is Answer.NO:  # what is known does not suffice; the rest may
        judged = Judged(Answer.UNKNOWN, frozenset({"loss_eur" if record.loss_eur is None else "earlier"}))
    return criterion, judged, _fired(criterion, references=tuple(one.reference for one in counted))


def _fired(criterion: Criterion, *, confidential: bool = False, references: tuple[str, ...] = ()) -> Fired:
    return Fired(
        criterion.code, criterion.article, criterion.source, criterion.mark, criterion.sentence_nl,
        criterion.sentence_en, confidential, references,
    )  # fmt: skip


def _met(tried: Iterable[Tried]) -> tuple[Fired, ...]:
    return tuple(fired for _, judged, fired in tried if judged.answer is Answer.YES)


def _gaps(rows: Iterable[Row]) -> tuple[Fired, ...]:
    return tuple(
        Fired(row["code"], row["article"], row.source, row.mark, row["sentence_nl"], row["sentence_en"])
        for row in rows
        if row["kind"] == "gap"
    )
