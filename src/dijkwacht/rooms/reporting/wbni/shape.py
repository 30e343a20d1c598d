"""What a row of the file is: the published shape, and how a file of it is read. No database."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, StrictBool, StringConstraints, ValidationError, model_validator

from dijkwacht.law.incidents import IncidentRecord
from dijkwacht.law.incidents.facts import Moment
from dijkwacht.law.incidents.wbni import WbniArticle
from dijkwacht.rooms.reporting.errors import InvalidValue

VERSION: Final = "1"
LARGEST: Final = 64 << 20  # bytes
MOST: Final = 100_000  # rows
OWN: Final = ("number", "reported", "article", "closed", "answered", "organisation")
# Who it is comes from the register; what was submitted when comes from `reported`.
NOT_GIVEN: Final = frozenset(
    {"early_warning", "notification", "progress", "final", "receipt", "entity_class", "entity_types", "own"}
)
LISTS: Final = ("indicators", "member_states")
YES_NO: Final = {
    "yes": True,
    "ja": True,
    "true": True,
    "1": True,
    "no": False,
    "nee": False,
    "false": False,
    "0": False,
}


class OldReport(BaseModel):
    """One report under the Wbni, as the system before this one holds it."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    number: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
    """Its old number: by this it is imported once."""
    reported: Moment
    """When it was made."""
    article: WbniArticle
    """Under which article of the Wbni it was made."""
    closed: StrictBool
    """Whether the incident had been closed before 15-08-2026."""
    answered: Moment | None = None
    """When a person of the centre first answered it, if one did."""
    organisation: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
    """Who reported: an identifier of the register, kvk:12345678, or the exact name."""
    facts: IncidentRecord = IncidentRecord()
    """What it told, as facts of an incident; who reported and what was submitted when are not among them."""

    @model_validator(mode="after")
    def _coherent(self) -> "OldReport":
        for name in ("reported", "answered"):
            moment: datetime | None = getattr(self, name)
            if moment is not None and moment.tzinfo is None:
                raise ValueError(f"{name} needs an offset")
        if self.answered is not None and self.answered < self.reported:
            raise ValueError("answered is before reported")
        given = sorted(NOT_GIVEN & self.facts.model_fields_set)
        if given:
            raise ValueError(f"not among the facts of an old report: {', '.join(given)}")
        return self


def json_schema() -> dict[str, Any]:
    """Return the published JSON Schema of a file: a list of reports."""
    one = OldReport.model_json_schema()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:dijkwacht:schema:wbni-reports:{VERSION}",
        "$defs": {**one.pop("$defs", {}), "OldReport": one},
        "type": "array",
        "maxItems": MOST,
        "items": {"$ref": "#/$defs/OldReport"},
    }


@dataclass(frozen=True)
class Read:
    """One row: the report, or why it is none. `place`: its number in the file, counted from 1 (CSV: the line)."""

    place: int
    report: OldReport | None
    number: str = ""
    wrong: str = ""


def read(file: Path) -> list[Read]:
    """Read a file, JSON or CSV by its ending. Raises InvalidValue for a file that is neither."""
    with file.open("rb") as stream:
        content = stream.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise _unusable(file, f"is larger than {LARGEST >> 20} MB", f"is groter dan {LARGEST >> 20} MB")
    rows = {".json": _json, ".csv": _csv}.get(file.suffix.lower())
    if rows is None:
        raise _unusable(file, "must end in .json or .csv", "moet eindigen op .json of .csv")
    try:
        found = [_row(place, values) for place, values in rows(content.decode("utf-8-sig"))]
    except (ValueError, RecursionError, csv.Error) as error:
        raise _unusable(file, f"cannot be read: {error}", f"is niet te lezen: {error}") from error
    if not 0 < len(found) <= MOST:
        raise _unusable(file, f"must hold 1 to {MOST} reports", f"moet 1 tot {MOST} meldingen bevatten")
    return found


def _unusable(file: Path, en: str, nl: str) -> InvalidValue:
    return InvalidValue(field=file.name, reason_en=en, reason_nl=nl)


def _json(text: str) -> Iterator[tuple[int, Any]]:
    whole = json.loads(text)
    if not isinstance(whole, list):
        raise ValueError("it is a list of reports")  # noqa: TRY004 - one refusal for all that is no such file
    yield from enumerate(whole, start=1)


def _csv(text: str) -> Iterator[tuple[int, Any]]:
    first = text.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count), strict=True)
    names = [(name or "").strip() for name in reader.fieldnames or ()]
    strange = [name for name in names if name not in OWN and name not in IncidentRecord.model_fields]
    if strange or len(set(names)) < len(names):
        raise ValueError(f"there is no such column, or it stands there twice: {', '.join(strange) or names}")
    reader.fieldnames = names
    for row in reader:
        if None in row:
            yield reader.line_num, "more cells than columns"
        else:
            yield reader.line_num, _cells(row)


def _cells(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the cells of a line as JSON would have them; an empty one says nothing."""
    made: dict[str, Any] = {"facts": {}}
    for name, cell in row.items():
        text = (cell or "").strip()
        if text:
            place = made if name in OWN else made["facts"]
            place[name] = _cell(name, text)
    return made


def _cell(name: str, text: str) -> Any:
    if name in LISTS:
        return [part.strip() for part in text.split(";") if part.strip()]
    if name == "closed" or (name not in OWN and "boolean" in _kinds(name)):
        return YES_NO.get(text.lower(), text)
    if name not in OWN and {"number", "integer"} & _kinds(name) and text.isascii() and text.isdigit():
        return int(text)
    return text


def _kinds(name: str) -> set[str]:
    one = IncidentRecord.model_json_schema()["properties"][name]
    return {str(choice.get("type")) for choice in one.get("anyOf", [one])}


def _row(place: int, values: Any) -> Read:
    number = str(values.get("number", ""))[:60] if isinstance(values, dict) else ""
    if isinstance(values, str):
        return Read(place, None, "", values)
    try:
        return Read(place, OldReport.model_validate(values), number)
    except ValidationError as error:
        told = [f"{'.'.join(map(str, one['loc'])) or 'row'}: {one['msg']}" for one in error.errors()[:10]]
        return Read(place, None, number, "; ".join(told).replace("Value error, ", ""))
