"""The entities of Cbw article 47 for the register of ENISA: the fields of article 47(3), without IP ranges.

NIS2 article 27(4): the single point of contact forwards all but the IP ranges. Those are not read here at all.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from django.db import connection
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.law.applicability import house_rulebook
from dijkwacht.rooms.registry.extracts.files import File, as_csv, as_json
from dijkwacht.rooms.registry.history import AsOf
from dijkwacht.rooms.registry.history.reading import loaded, state
from dijkwacht.rooms.registry.particulars import written
from dijkwacht.rooms.registry.vocabulary import AddressKind, Record

GROUP: Final = "enisa-register"  # of the law's table of types
COLUMNS: Final = (
    "id",
    "name",
    "sectors",
    "entity_types",
    "main_establishment",
    "other_establishments",
    "representative",
    "emails",
    "phones",
    "member_states",
)
_HELD: Final = """
select row, values from ({state}) held
 where (values->>'active')::boolean and coalesce(values->'entity_types', '[]') ?| %(types)s
 order by values->>'name' collate "C", row
"""


def entity_types(on: date) -> frozenset[str]:
    """Return the codes of the types of article 47(1) on a day; before the law was in force those it began with."""
    rows = house_rulebook().types.rows
    began = min(row.valid_from for row in rows)
    return frozenset(row["code"] for row in rows if row.holds(max(on, began)) and GROUP in row["groups"])


def entities(actor: Actor, as_of: AsOf) -> list[dict[str, Any]]:
    """Return every active entity of such a type that the actor may read, as the register stood, by name."""
    statement, arguments = state(actor, Record.ORGANISATION)
    types = entity_types(as_of.day or timezone.localdate(as_of.moment))
    with connection.cursor() as cursor:
        cursor.execute(_HELD.format(state=statement), {**arguments, "moment": as_of.moment, "types": sorted(types)})
        return [_entity(str(row), loaded(values), types) for row, values in cursor.fetchall()]


def _entity(identifier: str, values: Mapping[str, Any], types: frozenset[str]) -> dict[str, Any]:
    addresses = values.get("addresses", [])
    return {
        "id": identifier,
        "name": values["name"],
        "sectors": values.get("sectors", []),
        "entity_types": [code for code in values["entity_types"] if code in types],
        "main_establishment": next(iter(_of_kind(addresses, AddressKind.MAIN)), None),
        "other_establishments": _of_kind(addresses, AddressKind.ESTABLISHMENT),
        "representative": next(iter(_of_kind(addresses, AddressKind.REPRESENTATIVE)), None),
        "emails": values.get("emails", []),
        "phones": values.get("phones", []),
        "member_states": values.get("member_states", []),
    }


def _of_kind(addresses: Iterable[Mapping[str, Any]], kind: AddressKind) -> list[dict[str, str]]:
    names = ("name", "street", "postcode", "city", "country")
    return [{name: address.get(name, "") for name in names} for address in addresses if address["kind"] == kind]


def incomplete(found: Iterable[Mapping[str, Any]]) -> int:
    """Return how many entities lack something that article 47(3) asks of all of them."""
    asked = ("emails", "phones", "member_states", "sectors")
    placed = ("main_establishment", "representative")
    return sum(not all(one[name] for name in asked) or not any(one[name] for name in placed) for one in found)


def file(found: list[dict[str, Any]], as_of: AsOf, ending: str) -> File:
    """Return the entities as `enisa-DATE.csv` or `.json`; `ending` is csv or json."""
    name = f"enisa-{as_of.stamp}.{ending}"
    if ending == "csv":
        rows = [[as_of.text, *(_cell(one[column]) for column in COLUMNS)] for one in found]
        return File(name, as_csv(("as_of", *COLUMNS), rows), len(found))
    content = {
        "what": "entities for the register of ENISA, without IP ranges",
        "basis": "Cyberbeveiligingswet article 47(3); Directive (EU) 2022/2555 article 27(4)",
        **as_of.heading(),
        "entities": found,
    }
    return File(name, as_json(content), len(found))


def _cell(value: Any) -> Any:
    """Return an address as a line, addresses as lines in one cell; other values as they are."""
    if isinstance(value, Mapping):
        return written({"kind": "", **value}).removeprefix("|")
    if isinstance(value, list):
        return [_cell(each) for each in value]
    return value
