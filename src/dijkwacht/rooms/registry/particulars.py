"""Lists of small records in one field: addresses, and arrangements to share information. Pure: no Django.

In JSON each record is an object. In a cell of a spreadsheet or on a line of a form its values stand in their order,
separated by bars: `main||Kade 1|1234 AB|Waterkant|NL`. So no value holds a bar, a semicolon or a line end.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from dijkwacht.rooms.registry import cleaners
from dijkwacht.rooms.registry.vocabulary import AddressKind

ADDRESS: Final = ("kind", "name", "street", "postcode", "city", "country")
ARRANGEMENT: Final = ("name", "joined", "left")
MOST: Final = 100  # records in one field
ONCE: Final = (AddressKind.MAIN, AddressKind.REPRESENTATIVE)
Record = dict[str, str]


def written(record: Mapping[str, Any]) -> str:
    """Return an address or an arrangement as one line."""
    names = ADDRESS if "street" in record else ARRANGEMENT  # the database keeps no order of keys
    return "|".join(str(record.get(name, "")) for name in names).rstrip("|")


def _records(value: Any, names: Sequence[str], clean: Callable[[Record], Record]) -> list[Record]:
    lines = [] if isinstance(value, list) else re.split(r"[;\n]", str(value or ""))
    given = value if isinstance(value, list) else [line for line in lines if line.strip()]
    if len(given) > MOST:
        raise cleaners.Refused(f"hoogstens {MOST}", f"at most {MOST}")
    return [clean(_read(item, names)) for item in given]


def _read(item: Any, names: Sequence[str]) -> Record:
    """Return every value of one record as trimmed text."""
    if isinstance(item, Mapping):
        if item.keys() - set(names):
            listed = ", ".join(names)
            raise cleaners.Refused(f"alleen {listed}", f"only {listed}")
        values = [item.get(name) for name in names]
    else:
        values = [*str(item).split("|")]
        if len(values) > len(names):
            listed = "|".join(names)
            raise cleaners.Refused(f"schrijf {listed}", f"write {listed}")
        values += [""] * (len(names) - len(values))
    plain = cleaners.text(200)
    found = {name: plain(value) for name, value in zip(names, values, strict=True)}
    if any(mark in value for value in found.values() for mark in "|;"):
        raise cleaners.Refused("zonder ; en |", "without ; and |")
    return found


def addresses(value: Any) -> list[Record]:
    """Return addresses: at most one main one and one representative; other establishments lie in the Union.

    Source: Cbw articles 44(1)(b) and 47(3)(c) and (d).
    """
    found = _records(value, ADDRESS, _address)
    for kind in ONCE:
        if sum(record["kind"] == kind for record in found) > 1:
            raise cleaners.Refused(f"er is hoogstens één adres {kind}", f"there is at most one address {kind}")
    return found


def _address(record: Record) -> Record:
    kind = cleaners.one_of(AddressKind)(record["kind"])
    country = cleaners.country(record["country"])
    if not record["street"] or not record["city"]:
        raise cleaners.Refused("een adres heeft een straat en een plaats", "an address has a street and a place")
    if kind == AddressKind.ESTABLISHMENT and country not in cleaners.eu_members():
        raise cleaners.Refused(
            "andere vestigingen liggen in de Europese Unie", "other establishments lie in the European Union"
        )
    if kind == AddressKind.REPRESENTATIVE and not record["name"]:
        raise cleaners.Refused("noem de vertegenwoordiger", "name the representative")
    return {**record, "kind": kind, "country": country}


def arrangements(value: Any) -> list[Record]:
    """Return arrangements to share information, with the day of joining and, when it is over, of leaving.

    Source: Cbw article 44(1)(e); NIS2 article 29(4).
    """
    return _records(value, ARRANGEMENT, _arrangement)


def _arrangement(record: Record) -> Record:
    if not record["name"]:
        raise cleaners.Refused("noem het verband", "name the arrangement")
    joined, left = cleaners.day(record["joined"]), cleaners.day(record["left"])
    if left is not None and (joined is None or left < joined):
        raise cleaners.Refused("het einde ligt na het begin", "the end lies after the start")
    return {**record, "joined": str(joined or ""), "left": str(left or "")}
