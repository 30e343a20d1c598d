"""The self-assessment under /api/v1: public, pure, and nothing is stored."""

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Body, Field, Query, Router, Schema
from pydantic import WrapValidator

from dijkwacht.api import errors, problems
from dijkwacht.api.doors import public
from dijkwacht.law.applicability import Assessment, Facts, FactsNotUsable, Fault, assess, read_whole
from dijkwacht.law.applicability.answer import Mark, Text
from dijkwacht.law.applicability.facts import Day
from dijkwacht.law.applicability.search import search
from dijkwacht.law.tables import Row
from dijkwacht.rooms.assessment.rulebook import current
from dijkwacht.rooms.assessment.web import REASON, today

router = Router(tags=["assessment"])


class TypesQuery(Schema):
    on: Day | None = Field(None, description="The day whose law is asked; without it, today.")
    words: str = Field("", max_length=100, description="Plain words, Dutch or English, such as bakery or loodgieter.")


class ConditionOut(Schema):
    """Something that must be true before the type counts; answer it in `conditions`."""

    code: str
    question: Text
    hint: Text


class EntityTypeOut(Schema):
    """A type of entity; an organisation names it by its code."""

    code: str
    sector: str
    annex: int
    name: Text
    text: Text
    translated: bool
    needs_any: list[ConditionOut]
    valid_from: date
    valid_to: date | None
    source: str
    checked_on: date
    mark: Mark


class EntityTypes(Schema):
    """The types, the best match first when words are given; notes on what the law does not name."""

    items: list[EntityTypeOut]
    notes: list[Text]


def _whole(given: Any, _form: Any) -> Facts | FactsNotUsable:
    """Take facts with everything that is wrong with them: of form, and of codes. The view says what is wrong."""
    try:
        return read_whole(given, current(), today())
    except FactsNotUsable as error:
        return error


@router.post("/assessments", auth=public(REASON), response=Assessment, by_alias=True)
def make_assessment(request: HttpRequest, body: Body[Annotated[Facts, WrapValidator(_whole)]]) -> Any:
    """Say what the law makes of an organisation, and why. Nothing is stored."""
    return _answered(request, body)


def _answered(request: HttpRequest, body: Facts | FactsNotUsable) -> Any:
    if isinstance(body, FactsNotUsable):
        return _refused(request, body)
    return assess(body, current(), today())


@router.get("/entity-types", auth=public(REASON), response=EntityTypes)
def list_entity_types(request: HttpRequest, query: Query[TypesQuery]) -> dict[str, Any]:  # noqa: ARG001
    """List the types of entity of the law's annexes, or find them by plain words."""
    book, on = current(), query.on or today()
    found = search(book, query.words, on) if query.words.strip() else None
    rows = found.types if found else book.types.as_of(on)
    return {
        "items": [_type(row, on) for row in rows],
        "notes": [_both(note, "text") for note in (found.notes if found else ())],
    }


def _refused(request: HttpRequest, error: FactsNotUsable) -> HttpResponse:
    faults = [
        {"location": "body", "field": _dotted(fault), "message": fault.said, "pointer": fault.pointer}
        for fault in error.faults
    ]
    return problems.respond(request, errors.InvalidRequest(), faults)


def _dotted(fault: Fault) -> str:
    """Name a field as every other route does: related.0.share."""
    return fault.pointer[1:].replace("/", ".").replace("~1", "/").replace("~0", "~")


def _type(row: Row, on: date) -> dict[str, Any]:
    book = current()
    conditions = (book.conditions.row(code, on) for code in row["needs_any"])
    return {
        **{name: row[name] for name in ("code", "sector", "annex", "translated")},
        "name": _both(row, "name"),
        "text": _both(row, "text"),
        "needs_any": [
            {"code": found["code"], "question": _both(found, "question"), "hint": _both(found, "hint")}
            for found in conditions
            if found is not None
        ],
        **{name: getattr(row, name) for name in ("valid_from", "valid_to", "source", "checked_on", "mark")},
    }


def _both(row: Row, column: str) -> Text:
    return Text(nl=row[f"{column}_nl"], en=row[f"{column}_en"])
