"""What was assumed, and what is not settled: an answer that hides its doubts is a guess."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from dijkwacht.law.applicability.answer import ContactPoint, DutyAnswer, Remark
from dijkwacht.law.applicability.consequences import mark_of
from dijkwacht.law.applicability.facts import Facts, Year
from dijkwacht.law.applicability.rulebook import Rulebook
from dijkwacht.law.applicability.size import Size
from dijkwacht.law.applicability.wording import text

MAIN_ESTABLISHMENT: Final = frozenset({"main-establishment", "domain-registration"})
HARDLY_MONEY: Final = 1000.0  # euro: a yearly amount below it is probably in thousands or millions
ARTICLE_9: Final = frozenset({"sole-provider", "public-safety", "systemic-risk", "specific-importance"})
ARTICLES_11_13: Final = frozenset({"higher-education-essential", "higher-education-important"})


def assumptions(book: Rulebook, facts: Facts, size: Size, on: date) -> list[Remark]:
    """Return what was taken to be so because the facts do not say it."""
    return [_remark(book, code, on) for code in _assumed(book, facts, size, on)]


def _assumed(book: Rulebook, facts: Facts, size: Size, on: date) -> Iterator[str]:
    if "established" not in facts.model_fields_set:
        yield "assume-established"
    if "services_in" not in facts.model_fields_set:
        yield "assume-services"
    if "entity_types" not in facts.model_fields_set and not facts.designations:
        yield "assume-no-type"
    types = [row for code in facts.entity_types if (row := book.entity_type(code, on))]
    digital = any(row["jurisdiction"] in MAIN_ESTABLISHMENT for row in types)
    if digital and facts.security_decisions == "same" and facts.established != "outside":
        yield "assume-same-place"
    if any(row["annex"] for row in types) and not facts.new_enterprise and len(size.missing) < 3:  # noqa: PLR2004
        yield "assume-year-before"
    if facts.designations is None:
        yield "assume-no-exemptions"
    if any(_tiny(year) for year in (facts, *facts.earlier_years)):
        yield "amounts-in-euro"
    given = frozenset(facts.designations or ())
    higher = any("higher-education" in row["groups"] for row in types)
    if (given & ARTICLE_9 and not any(row["annex"] for row in types)) or (given & ARTICLES_11_13 and not higher):
        yield "designation-without-type"


def _tiny(year: Year) -> bool:
    amounts = [amount for amount in (year.turnover, year.balance) if amount]
    return bool(amounts) and (year.staff or 0) >= 1 and max(amounts) < HARDLY_MONEY


def unsettled(
    book: Rulebook, duties: list[DutyAnswer], points: list[ContactPoint], size: Size, on: date
) -> list[Remark]:
    """Return everything in this answer that a source has not confirmed, each with its source."""
    found = [
        Remark(code=",".join(point.entity_types) or "contact", text=point.note, source=point.source, mark=point.mark)
        for point in points
        if point.mark == "unverified"
    ]
    found += [
        Remark(code=duty.code, text=duty.name, source=duty.source, mark=duty.mark)
        for duty in duties
        if duty.mark == "unverified"
    ]
    return [*found, _remark(book, "two-years", on)] if size.held_back else found


def _remark(book: Rulebook, code: str, on: date) -> Remark:
    row = book.answers.row(code, on)
    assert row is not None  # noqa: S101 - a test holds the codes and the table in step
    return Remark(code=code, text=text(row, "sentence"), source=row.source, mark=mark_of(row))
