"""The code beside a feed's table, for the few feeds whose items are not rows yet."""

import importlib
import importlib.util
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import msgspec

Item = Mapping[str, Any]
Row = Mapping[str, object]


class Parser(msgspec.Struct, frozen=True):
    """How items of a JSON feed become rows.

    `rows(item, others)` gives the rows of one item (none: it has no subject); `others` are the items of the same
    document by id. `is_row` says whether an item is a row at all. `alone(item, others)` gives the item as a file of its
    own, when it needs others to be understood, so that it can be corrected and replayed; else None.
    """

    rows: Callable[[Item, Mapping[str, Any]], Sequence[Row]] = lambda item, _others: [item]
    is_row: Callable[[Item], bool] = lambda _item: True
    alone: Callable[[Item, Mapping[str, Any]], bytes | None] = lambda _item, _others: None


@cache
def parser(slug: str) -> Parser:
    """The parser in the feed's folder, `parse.py`; without one an item is a row as it stands."""
    name = f"dijkwacht.feeds.{slug.replace('-', '_')}"
    if importlib.util.find_spec(name) is None or importlib.util.find_spec(f"{name}.parse") is None:
        return Parser()
    found: Parser = importlib.import_module(f"{name}.parse").PARSER
    return found
