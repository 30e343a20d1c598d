"""An n6 event names several addresses: one row for each. Source: n6 documentation, event attributes."""

from collections.abc import Mapping
from typing import Any

from dijkwacht.feeds.parsing import Item, Parser, Row


def rows(item: Item, _others: Mapping[str, Any]) -> list[Row]:
    """One row for each address of the event; one without an address when only a name or URL is known."""
    addresses = item.get("address")
    if not isinstance(addresses, list):
        return [item]
    parts = [{**item, "ip": part.get("ip"), "asn": part.get("asn")} for part in addresses if isinstance(part, dict)]
    return list(parts) or [item]


PARSER = Parser(rows=rows)
