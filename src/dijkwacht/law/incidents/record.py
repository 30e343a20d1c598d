"""The one record of facts about an incident. Its JSON Schema is the published form of the input."""

from collections.abc import Mapping
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any, Final, Self

from pydantic import ValidationError

from dijkwacht.law.incidents.errors import Fault, RecordNotUsable
from dijkwacht.law.incidents.facts import What, When, Who
from dijkwacht.law.incidents.facts_of_law import Earlier, Significance, Special
from dijkwacht.law.incidents.moments import EXAMPLE, local

__all__ = ["DERIVED", "FACTS", "GIVEN", "MOMENTS", "Earlier", "IncidentRecord", "json_schema"]
VERSION: Final = "1"
# The moments that a clock can start from.
MOMENTS: Final = tuple(name for name in When.model_fields if name != "awareness_declared_by")


class IncidentRecord(Special, Significance, What, Who, When):
    """The facts of one incident at one entity. Every key may be left out; `null` means the same: not known."""

    @classmethod
    def read(cls, given: Any) -> Self:
        """Read a record from decoded JSON. Raises RecordNotUsable, naming each path."""
        if not isinstance(given, Mapping):
            raise RecordNotUsable([Fault("", f'The facts are one JSON object, such as {{"awareness": "{EXAMPLE}"}}.')])
        try:
            return cls.model_validate(given)
        except ValidationError as error:
            raise RecordNotUsable([_fault(found) for found in error.errors()]) from error

    def fact(self, name: str) -> Any:
        """Return one fact, None where it is not known; `own.NAME` is one of the entity's own. Raises KeyError."""
        if name.startswith("own."):
            return self.own.get(name.removeprefix("own."))
        if name in DERIVED:
            return getattr(self, f"_{name}")
        if name not in FACTS:
            raise KeyError(name)
        return getattr(self, name)

    @property
    def _sectors(self) -> tuple[str, ...] | None:
        """The codes of the sectors of its types: that of 1.9-msp is 1.9."""
        if self.entity_types is None:
            return None
        return tuple(dict.fromkeys(code.partition("-")[0] for code in self.entity_types))

    @property
    def _critical_months(self) -> int | None:
        """How many whole months it had been a critical entity when it became aware."""
        day = self.first_known()
        if self.critical_since is None or day is None:
            return None
        since = self.critical_since
        return (day.year - since.year) * 12 + day.month - since.month - (day.day < since.day)

    def moment(self, name: str) -> datetime | None:
        """Return one moment, or None. Raises KeyError for what is no moment."""
        if name not in MOMENTS:
            raise KeyError(name)
        found: datetime | None = getattr(self, name)
        return found

    def first_known(self) -> date | None:
        """Return the day (Europe/Amsterdam) of awareness, or else of the earliest known moment."""
        known = [moment for name in MOMENTS if (moment := self.moment(name)) is not None]
        found = self.awareness or (min(known) if known else None)
        return local(found).date() if found else None


# What follows from other facts, and what a condition may ask for as well.
DERIVED: Final = frozenset({"sectors", "critical_months"})
GIVEN: Final = frozenset(IncidentRecord.model_fields) - {"own", "earlier"}
FACTS: Final = GIVEN | DERIVED


def json_schema() -> dict[str, Any]:
    """Return the published JSON Schema of the record."""
    schema = IncidentRecord.model_json_schema()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:dijkwacht:schema:incident:{VERSION}",
        **schema,
    }


def _fault(found: Any) -> Fault:
    """Say where, what, and what is expected there."""
    path = ""
    for part in found["loc"]:
        path += f"[{part}]" if isinstance(part, int) else f"{'.' if path else ''}{part}"
    message = str(found["msg"]).removeprefix("Value error, ")
    if found["type"] == "extra_forbidden":
        return Fault(path, f"There is no such fact.{_near(str(found['loc'][-1]))} `--schema` shows them all.")
    field = IncidentRecord.model_fields.get(str(found["loc"][0])) if found["loc"] else None
    hint = " ".join((field.description or "").split()) if field else ""
    return Fault(path, f"{message}. Expected: {hint}" if hint else f"{message}.")


def _near(name: str) -> str:
    near = get_close_matches(name, list(IncidentRecord.model_fields), n=3, cutoff=0.6)
    return f" Did you mean {' or '.join(near)}?" if near else ""
