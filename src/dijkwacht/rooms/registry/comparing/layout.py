"""The file of a business register: the columns of a snapshot, and one row of it. Pure: no Django."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from dijkwacht.kernel.identifiers import InvalidIdentifier, normalise_kvk
from dijkwacht.rooms.registry import dated, standing
from dijkwacht.rooms.registry.cleaners import CONTROL, Refused

COLUMNS: Final = ("kvk", "rsin", "name", "trade_names", "street", "postcode", "city", "country", "active")
MORE: Final = ("legal_form", "sbi", "staff")  # columns that a snapshot may have besides
ENDED: Final = frozenset({"0", "no", "nee", "false", "n"})
LONGEST: Final = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed:
    """A legal person as the business register has it; what it does not say is empty."""

    kvk: str
    name: str
    trade_names: tuple[str, ...] = ()
    address: Mapping[str, str] = field(default_factory=dict)
    active: bool = True
    legal_form: str = ""
    activities: tuple[str, ...] = ()
    staff: int | None = None


def number(row: Mapping[str, Any]) -> str:
    """Return the normalised KvK number of a row. Raises Refused."""
    try:
        return normalise_kvk(_text(row, "kvk"))
    except InvalidIdentifier as problem:
        raise Refused(problem.fields["reason_nl"], problem.fields["reason_en"]) from None


def listed(row: Mapping[str, Any]) -> Listed:
    """Read a row. Raises Refused with what is wrong."""
    text = {name: _text(row, name) for name in (*COLUMNS, *MORE)}
    if not text["name"]:
        raise Refused("een naam ontbreekt", "a name is missing")
    address = {name: text[name] for name in ("street", "postcode", "city")}
    return Listed(
        kvk=number(row),
        name=text["name"],
        trade_names=tuple(part.strip() for part in text["trade_names"].split(";") if part.strip()),
        address={**address, "country": text["country"] or "NL"} if text["street"] and text["city"] else {},
        active=text["active"].lower() not in ENDED,
        legal_form=dated.legal_form(text["legal_form"]),
        activities=tuple(standing.activities(text["sbi"])),
        staff=standing.staff(text["staff"]),
    )


def _text(row: Mapping[str, Any], name: str) -> str:
    found = row.get(name)
    text = ";".join(map(str, found)) if isinstance(found, list) else str(found if found is not None else "")
    return CONTROL.sub("", text).replace("\n", " ").replace("|", " ").strip()[:LONGEST]
