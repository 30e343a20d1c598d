"""What is asked of an organisation. The JSON Schema of these models is the published form of the input."""

import re
from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Final, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from dijkwacht.kernel.errors import Problem

MOST: Final = 1e13  # people or euro: more is a typing error, and sums stay exact
ISO_DAY: Final = re.compile(r"(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}")
Amount = Annotated[float, Field(strict=True, ge=0, le=MOST, allow_inf_nan=False)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Code = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[A-Za-z0-9.\-]+$")]
Place = Literal["nl", "eu", "outside"]
PARTNER_FROM, PARTNER_TO = 25, 50  # per cent; Recommendation 2003/361/EC, annex, article 3(2)


def _day(given: Any) -> Any:
    if isinstance(given, date) or given is None or (isinstance(given, str) and ISO_DAY.fullmatch(given)):
        return given
    raise ValueError("a day is written as 2026-11-25, between 1900 and 2199")


Day = Annotated[date, BeforeValidator(_day)]


class FactsNotUsable(Problem, ValueError):
    """The facts cannot be used: {first}"""

    nl = "De feiten zijn niet bruikbaar: {first}"
    status = 422

    def __init__(self, faults: list["Fault"]) -> None:
        """Hold every fault; the first stands in the message."""
        super().__init__("", first=str(faults[0]) if faults else "")
        self.faults = faults


class Fault(BaseModel):
    """One thing that is wrong: where, what, and what to do.

    `path` is for people, or the key of a query; `pointer` is a JSON Pointer (RFC 6901), empty for the whole.
    """

    path: str
    message: str
    do: str = ""
    pointer: str = ""

    def __str__(self) -> str:
        return f"{self.path}: {self.said}" if self.path else self.said

    @property
    def said(self) -> str:
        """What is wrong, and what to do."""
        return f"{self.message} {self.do}".strip()

    @classmethod
    def at(cls, place: Sequence[str | int], message: str, do: str = "") -> Self:
        """Make one of the place in decoded JSON: names and numbers from the top."""
        path = ""
        for part in place:
            path += f"[{part}]" if isinstance(part, int) else f"{'.' if path else ''}{part}"
        escaped = (str(part).replace("~", "~0").replace("/", "~1") for part in place)
        return cls(path=path, message=message, do=do, pointer="".join(f"/{part}" for part in escaped))


class Relation(StrEnum):
    """How another enterprise counts: as a whole, or in proportion to the share."""

    LINKED = "linked"
    PARTNER = "partner"


class Model(BaseModel):
    """Closed and immutable."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Related(Model):
    """A linked enterprise (more than 50 % or control: counts whole) or a partner (25 to 50 %: counts for its share)."""

    relation: Relation
    share: Annotated[float, Field(strict=True, ge=0, le=100, allow_inf_nan=False)] | None = Field(
        None, validate_default=True
    )
    """Per cent of capital or votes, the higher of the two. Needed for a partner: 25 to 50."""
    name: Name = ""
    staff: Amount | None = None
    """Annual work units of that enterprise; null: not known."""
    turnover: Amount | None = None
    """Annual turnover of that enterprise in euro; null: not known."""
    balance: Amount | None = None
    """Balance sheet total of that enterprise in euro; null: not known."""

    @field_validator("share")
    @classmethod
    def _share_of_a_partner(cls, share: float | None, told: ValidationInfo) -> float | None:
        if told.data.get("relation") is Relation.PARTNER and not PARTNER_FROM <= (share or 0) <= PARTNER_TO:
            raise ValueError("a partner has a share of 25 to 50 per cent; above 50 it is linked, below 25 leave it out")
        return share


class Year(Model):
    """The figures of one approved year."""

    staff: Amount | None = None
    """Annual work units; null: not known."""
    turnover: Amount | None = None
    """Annual turnover in euro (not in thousands or millions); null: not known."""
    balance: Amount | None = None
    """Balance sheet total in euro (not in thousands or millions); null: not known."""
    related: Annotated[tuple[Related, ...], Field(max_length=100)] = ()
    """Linked and partner enterprises of that year."""


class Facts(Year):
    """The facts of one organisation. What is left out takes the default; `null` means: asked, and not known."""

    name: Name = ""
    """Comes back in the answer; it decides nothing."""
    as_of: Day | None = None
    """The day whose law is asked; without it, today."""
    entity_types: Annotated[tuple[Code, ...], Field(max_length=20)] = ()
    """What the organisation does: codes of types of entity. Empty: nothing in the annexes fits."""
    conditions: Annotated[dict[Code, StrictBool | None], Field(max_length=20)] = Field(default_factory=dict)
    """Answers to the conditions of those types; one that is left out is not known."""
    established: Place | None = "nl"
    """nl: an establishment in the Netherlands; eu: only in other Member States; outside: not in the Union."""
    services_in: Place | None = "nl"
    """Where it provides services or is active: nl (elsewhere too, perhaps), eu (other Member States only), outside."""
    security_decisions: Place | Literal["same"] | None = "same"
    """Where decisions on cybersecurity are mainly taken (digital providers). outside: or it cannot be told in which
    Member State; same: where it is established."""
    security_operations: Place | Literal["same"] | None = "same"
    """Where cybersecurity operations are carried out; counts when the decisions are taken outside the Union."""
    most_staff_in_nl: StrictBool | None = None
    """Whether the Dutch establishment has the most employees in the Union; counts when operations are outside too."""
    representative: Literal["nl", "eu", "none"] | None = "none"
    """Where a representative is appointed, for one not established in the Union."""
    earlier_years: Annotated[tuple[Year, ...], Field(max_length=10)] = ()
    """The approved years before the last one, the most recent first; for the rule of two consecutive years."""
    new_enterprise: StrictBool = False
    """The figures are those of its first year (or honest estimates): there is no year before them."""
    designations: Annotated[tuple[Code, ...], Field(max_length=20)] | None = ()
    """Decisions that the organisation has received; null: it does not know."""
    designated_on: Day | None = None
    """The day of the designation of a higher education institution."""
    since: Day | None = None
    """The day since when the organisation is as described, where later than the entry into force of the law."""

    @classmethod
    def read(cls, given: Any) -> Self:
        """Read facts from decoded JSON. Raises FactsNotUsable, naming each path."""
        try:
            return cls.model_validate(given)
        except ValidationError as error:
            raise FactsNotUsable([_fault(found) for found in error.errors()]) from error


def _fault(found: Any) -> Fault:
    """Say where, what, and what is expected there."""
    place = tuple(part for part in found["loc"] if part != "[key]")  # pydantic's mark of a name that is wrong
    model, field = _field(place)
    if found["type"] == "extra_forbidden":
        known = ", ".join(sorted(model.model_fields))
        return Fault.at(place, "There is no such field here.", f"There are {known}. Correct the name or leave it out.")
    message = f"{found['msg'].removeprefix('Value error, ')}."
    hint = " ".join(((model.model_fields[field].description if field else model.__doc__) or "").split())
    return Fault.at(place, message, f"Expected: {hint}")


def _field(place: Sequence[str | int]) -> tuple[type[BaseModel], str]:
    """Return the model that a place is in, and which of its fields; no field for the model as a whole."""
    model: type[BaseModel] = Facts
    field = ""
    for part in place:
        if isinstance(part, int):
            if nested := NESTED.get(field):
                model, field = nested, ""
        elif not field:
            field = part
    return model, field if field in model.model_fields else ""


NESTED: Final[dict[str, type[BaseModel]]] = {"related": Related, "earlier_years": Year}
