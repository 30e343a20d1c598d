"""What follows from the class: duties with their dates, who is competent, and which CSIRT helps."""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, cast

from dijkwacht.law.applicability import answer
from dijkwacht.law.applicability.answer import Applies
from dijkwacht.law.applicability.deciding import OUTSIDE
from dijkwacht.law.applicability.facts import Facts
from dijkwacht.law.applicability.rulebook import Rulebook
from dijkwacht.law.applicability.wording import article_text, link, text
from dijkwacht.law.tables import Row

HIGHER_EDUCATION_MONTHS: Final = 36  # Cbw 97
# Designations that bring an authority of their own; the first beats that of the sector (Cbw 15(5)).
BY_DESIGNATION: Final = ("critical-entity", "former-aed")


@dataclass(frozen=True)
class Situation:
    """What the consequences depend on."""

    book: Rulebook
    facts: Facts
    on: date
    classes: frozenset[str]  # every possible class; "representative" among them when one must be appointed
    groups: frozenset[str]  # of the types that certainly count
    perhaps: frozenset[str]  # of the types that may count


def add_months(day: date, months: int) -> date:
    """Return the same day of a later month, or its last day (a month is not thirty days)."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def sourced(book: Rulebook, row: Row, on: date) -> dict[str, Any]:
    """Return where a row stands and how sure it is, as the parts of the answer hold it."""
    return {
        "article": row["article"],
        "article_text": article_text(book, row["article"], on),
        "link": link(book, row["article"], on),
        "source": row.source,
        "checked_on": row.checked_on,
        "mark": mark_of(row),
    }


def mark_of(row: Row) -> answer.Mark:
    """Return how sure a row is, as the answer writes it; `read_table` has checked the word."""
    return cast("answer.Mark", row.mark)


def special_rules(situation: Situation) -> list[Row]:
    """Return the rules that switch duties off or delay them, for this organisation."""
    given = frozenset(situation.facts.designations or ())
    return [
        rule
        for rule in situation.book.rules_of(situation.on, "special", "later")
        if (not rule["designations"] or given & set(rule["designations"]))
        and (not rule["groups"] or situation.groups & set(rule["groups"]))
    ]


def duties(situation: Situation, special: Iterable[Row]) -> list[answer.DutyAnswer]:
    """Return the duties, enforcement and offers of every possible class, in their order."""
    rules = list(special)
    rows = sorted(situation.book.duties.as_of(situation.on), key=lambda row: row["order"])
    return [found for row in rows if (found := _duty(situation, row, rules)) is not None]


def _duty(situation: Situation, row: Row, special: list[Row]) -> answer.DutyAnswer | None:
    """Say whether and how a duty applies; None when it is not for this organisation."""
    reached = situation.classes & set(row["classes"])
    groups = set(row["groups"])
    if not reached or (groups and not groups & (situation.groups | situation.perhaps)):
        return None
    off = [rule for rule in special if row["code"] in rule["duties_off"]]
    certain = reached == situation.classes and (not groups or bool(groups & situation.groups))
    applies = Applies.YES if certain else Applies.PERHAPS
    starts = None
    if later := [rule for rule in off if rule["kind"] == "later"]:
        applies, starts = _later(situation, applies)
    if gone := [rule for rule in off if rule["kind"] == "special"]:
        applies = Applies.PARTLY if all(rule["partly"] for rule in gone) else Applies.NO
    return answer.DutyAnswer(
        **sourced(situation.book, row, situation.on),
        code=row["code"], kind=row["kind"], name=text(row, "name"), text=text(row, "text"),
        within=text(row, "within"), by=_by(situation, row, applies), starts=starts, applies=applies,
        because=[rule["code"] for rule in (*gone, *later)],
    )  # fmt: skip


def _later(situation: Situation, applies: Applies) -> tuple[Applies, date | None]:
    """Cbw 97: 36 months after the designation. Without its day, nobody can say the date."""
    if situation.facts.designated_on is None:
        return Applies.LATER, None
    starts = add_months(situation.facts.designated_on, HIGHER_EDUCATION_MONTHS)
    return (Applies.LATER if starts > situation.on else applies), starts


def _by(situation: Situation, row: Row, applies: Applies) -> date | None:
    """Return the last day of a duty, where the law gives one. A later entrant's month counts from then."""
    if applies is Applies.NO or applies is Applies.LATER:
        return None
    if months := row.get("months_after_qualifying"):
        since = max(situation.facts.since or row.valid_from, row.valid_from)
        return add_months(since, int(months))
    by: date | None = row.get("by")
    return by


def deadlines(found: Iterable[answer.DutyAnswer], on: date) -> list[answer.Deadline]:
    """Return the duties that have a date, the first date first."""
    dated = [duty for duty in found if duty.by is not None]
    made = (
        answer.Deadline(on=duty.by, duty=duty.code, name=duty.name, passed=duty.by < on)
        for duty in dated
        if duty.by is not None
    )
    return sorted(made, key=lambda deadline: deadline.on)


def contact_points(situation: Situation, types: Iterable[tuple[str, str]]) -> list[answer.ContactPoint]:
    """Return who is competent for the types that are in (each with its strictest possible class)."""
    given = situation.facts.designations or ()
    own = next((code for code in BY_DESIGNATION if code in given), "")
    found: dict[str, answer.ContactPoint] = {}
    for code, klass in types:
        row = situation.book.entity_type(code, situation.on)
        if klass == OUTSIDE or (row is None and not own):
            continue
        point = _contact_point(situation, row, own if own == "critical-entity" or row is None else "")
        key = point.model_dump_json(exclude={"entity_types"})
        named = [*(found[key].entity_types if key in found else []), *([code] if code else [])]
        found[key] = point.model_copy(update={"entity_types": named})
    return list(found.values())


def _contact_point(situation: Situation, row: Row | None, designation: str) -> answer.ContactPoint:
    """Put together what the sector, the type and the designation say; the most precise wins."""
    book, on = situation.book, situation.on
    sector = book.authorities.row(row["sector"], on) if row else None
    names = [designation, row["code"] if row else "", row["sector"] if row else ""]
    precise = next((found for name in names if (found := book.contact_points.row(name, on))), None)

    def part(name: str) -> str:
        return str((precise and precise.get(name)) or (sector.get(name) if sector else "") or "unknown")

    layers = [found for found in (precise, sector) if found is not None]
    interim = precise.get("interim_csirt") if precise else None
    return answer.ContactPoint(
        entity_types=[],
        sector=_sector(sector),
        authority=body(book, part("authority"), on),
        supervisor=body(book, part("supervisor"), on),
        csirt=body(book, part("csirt"), on),
        interim_csirt=body(book, interim, on) if interim else None,
        note=text(precise, "note") if precise else answer.Text(nl="", en=""),
        source=layers[0].source,
        checked_on=layers[0].checked_on,
        mark=mark_of(layers[0]),
    )


def _sector(row: Row | None) -> answer.Text:
    if row is None:
        return answer.Text(nl="", en="")
    return answer.Text(
        nl=": ".join(filter(None, (row["sector_nl"], row.get("subsector_nl")))),
        en=": ".join(filter(None, (row["sector_en"], row.get("subsector_en")))),
    )


def body(book: Rulebook, code: str, on: date) -> answer.Body:
    """Return a minister, supervisor or CSIRT with its name."""
    row = book.bodies.row(code, on)
    return answer.Body(code=code, name=text(row, "name") if row else answer.Text(nl=code, en=code))
