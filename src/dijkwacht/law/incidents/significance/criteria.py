"""The criteria, as dated rows; and the confidential ones of one entity, in the same form."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from dijkwacht.law.incidents.conditions import Condition, Judged, every, negated
from dijkwacht.law.incidents.errors import Fault, RecordNotUsable
from dijkwacht.law.incidents.fitting import misfits
from dijkwacht.law.incidents.record import IncidentRecord
from dijkwacht.law.tables import InvalidTable, Row, Table, read_table

FILE: Final = Path(__file__).parent / "criteria.toml"
COLUMNS: Final = frozenset(
    {"code", "article", "law", "kind", "types", "not_types", "all", "unless", "sentence_nl", "sentence_en"}
)
KINDS: Final = frozenset({"criterion", "exclusion", "recurring", "gap"})
LAWS: Final = frozenset({"cbw", "wwke"})
Law = Literal["cbw", "wwke"]
CONFIDENTIAL: Final = "individual decision of the minister, confidential (Cbb 23(4))"


class Criterion(BaseModel):
    """One criterion: it is met when all of `all` hold and not all of `unless`."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    code: Annotated[str, Field(pattern=r"^[a-z0-9]+([.\-][a-z0-9]+)*$", max_length=60)]
    article: Annotated[str, Field(min_length=2, max_length=120)] = "Cbb 23(1)"
    source: Annotated[str, Field(min_length=2, max_length=300)] = CONFIDENTIAL
    mark: Literal["seen", "known", "unverified"] = "seen"
    all: Annotated[tuple[Condition, ...], Field(min_length=1, max_length=20)]
    unless: Annotated[tuple[Condition, ...], Field(max_length=20)] = ()
    sentence_nl: Annotated[str, Field(min_length=1, max_length=2000)]
    sentence_en: Annotated[str, Field(min_length=1, max_length=2000)]

    @field_validator("all", "unless")
    @classmethod
    def _fitting(cls, conditions: tuple[Condition, ...]) -> tuple[Condition, ...]:
        for fault in misfits(conditions, own=True):
            raise ValueError(fault)
        return conditions

    def judge(self, facts: Any) -> Judged:
        """Say whether it is met."""
        holds = every(condition.judge(facts) for condition in self.all)
        if not self.unless:
            return holds
        return every([holds, negated(every(condition.judge(facts) for condition in self.unless))])


def read_overlay(given: Any) -> tuple[Criterion, ...]:
    """Read confidential criteria of one entity from decoded JSON: a list of them. Raises RecordNotUsable."""
    if not isinstance(given, list):
        raise RecordNotUsable([Fault("", "The criteria are a list of objects with code, all and sentences.")])
    try:
        return tuple(Criterion.model_validate(one) for one in given)
    except ValidationError as error:
        first = error.errors()[0]
        path = ".".join(str(part) for part in first["loc"])
        raise RecordNotUsable([Fault(path, str(first["msg"]).removeprefix("Value error, "))]) from error


@dataclass(frozen=True, eq=False)
class Criteria:
    """All criteria over time."""

    table: Table
    rules: dict[int, Criterion]  # by the identity of the row

    @classmethod
    def load(cls, file: Path = FILE) -> Self:
        """Read and check the table. Raises InvalidTable, naming the row."""
        return cls.of(read_table(file, COLUMNS))

    @classmethod
    def of(cls, table: Table, like: Self | None = None) -> Self:
        """Check a table; rows that it has in common with another are not checked again. Raises InvalidTable."""
        known = like.rules if like else {}
        rows = [row for row in table.rows if row["kind"] != "gap"]
        return cls(table, {id(row): known.get(id(row)) or _criterion(row, table.name) for row in rows})

    def rows(self, law: Law, on: date, types: tuple[str, ...]) -> list[Row]:
        """Return the rows that are for at least one of some types of entity, on a day."""
        return [row for row in self.table.as_of(on) if row["law"] == law and _is_for(row, types)]

    def day(self, law: Law, on: date) -> date:
        """Return the day itself, or the nearest on which a law has criteria."""
        rows = [row for row in self.table.rows if row["law"] == law]
        if any(row.holds(on) for row in rows):
            return on
        days = [row.valid_from if on < row.valid_from else (row.valid_to or on) for row in rows]
        return min(days, key=lambda day: abs(day - on))

    def without(self, code: str) -> Self:
        """Return the same criteria without one: what a test of the golden cases tries."""
        left = tuple(row for row in self.table.rows if row["code"] != code)
        return type(self).of(Table(self.table.name, left), like=self)


def _is_for(row: Row, types: tuple[str, ...]) -> bool:
    if row["types"]:
        return bool(set(row["types"]) & set(types))
    return not types or bool(set(types) - set(row["not_types"]))


def _criterion(row: Row, table: str) -> Criterion:
    if row["kind"] not in KINDS or row["law"] not in LAWS:
        raise InvalidTable(f"{row['code']}: kind or law is not one that there is.", table=table)
    own = {name: row[name] for name in ("code", "article", "all", "unless", "sentence_nl", "sentence_en")}
    try:
        return Criterion.model_validate({**own, "source": row.source, "mark": row.mark})
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise InvalidTable(f"{row['code']}, {key}: {first['msg']}.", table=table) from error


@cache
def house_criteria() -> Criteria:
    """Return the criteria that come with the system. Read once. Raises InvalidTable."""
    return Criteria.load()


@dataclass(frozen=True, slots=True)
class Together:
    """A record with the loss of several incidents added up."""

    record: IncidentRecord
    loss_eur: float | None

    def fact(self, name: str) -> Any:
        """Return one fact; the loss is that of all incidents."""
        return self.loss_eur if name == "loss_eur" else self.record.fact(name)
