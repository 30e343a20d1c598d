"""The mapping file: which column of which register holds what."""

import codecs
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any, Final

from dijkwacht.rooms.linkage.errors import UnusableMapping

FIELDS: Final = (
    "name", "trade_name", "legal_form", "kvk", "rsin", "establishment", "street", "house_number", "postcode", "city",
    "phone", "email", "website", "changed", "sector", "country",
)  # fmt: skip
LARGEST: Final = 1 << 20  # bytes of a mapping file
KNOWN: Final = {"source", "columns", "encoding", "delimiter", "sheet", "records", "branches"}
BRANCHES: Final = ("one", "apart")


@dataclass(frozen=True, slots=True)
class Layout:
    """How one register is laid out.

    `columns`: field → the columns that may hold it, the first that is not empty counts. `branches`: "one" when the
    branches of a legal person are one organisation, "apart" when the register holds them apart on purpose.
    """

    source: str
    columns: Mapping[str, tuple[str, ...]]
    encoding: str = ""  # empty: UTF-8, or else cp1252
    delimiter: str = ""  # empty: the one that the header shows
    sheet: str = ""  # of a workbook; empty: the first
    records: str = ""  # JSON: the key under which the list stands; empty: the file is the list
    branches: str = "one"


@dataclass(frozen=True, slots=True)
class MappingFile:
    """A mapping file that was read and found sound."""

    shared: Mapping[str, Any]
    files: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def layout(self, file_name: str) -> Layout:
        """Give the layout of a file: what stands under its name or stem, else what stands for all. Raises
        UnusableMapping when no column is named for the name of an organisation.
        """
        own = self.files.get(file_name) or self.files.get(PurePath(file_name).stem) or {}
        told = {**self.shared, **own}
        columns = {one: _several(value, one) for one, value in told.get("columns", {}).items()}
        if not {"name", "trade_name"} & columns.keys():
            raise _bad(
                f"voor {file_name} staat nergens welke kolom de naam bevat ([columns] name = …)",
                f"it does not say which column of {file_name} holds the name ([columns] name = …)",
            )
        rest = {one: str(told[one]) for one in ("encoding", "delimiter", "sheet", "records", "branches") if one in told}
        return Layout(source=str(told.get("source") or PurePath(file_name).stem), columns=columns, **rest)


def read_mapping(content: bytes) -> MappingFile:
    """Read a mapping file (TOML). Raises UnusableMapping, which names what is wrong in it."""
    if len(content) > LARGEST:
        raise _bad(f"het is groter dan {LARGEST} bytes", f"it is larger than {LARGEST} bytes")
    try:
        told = tomllib.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _bad(f"geen TOML: {error}", f"it is no TOML: {error}") from None
    except RecursionError:
        raise _bad("het is te diep genest", "it is nested too deeply") from None
    files = told.pop("files", {})
    if not isinstance(files, dict) or not all(isinstance(one, dict) for one in files.values()):
        raise _bad(
            '[files] bevat per bestand een tabel, zoals [files."A.csv"]',
            '[files] holds one table a file, such as [files."A.csv"]',
        )
    for place, table in (("", told), *files.items()):
        _check(table, place)
    return MappingFile(shared=told, files=files)


def _check(table: Mapping[str, Any], place: str) -> None:
    where_nl, where_en = (f" in {place}", f" in {place}") if place else ("", "")
    for name, value in table.items():
        if name not in KNOWN:
            raise _bad(f"onbekend woord {name!r}{where_nl}", f"unknown word {name!r}{where_en}")
        if name != "columns" and not isinstance(value, str):
            raise _bad(f"{name} is geen tekst{where_nl}", f"{name} is no text{where_en}")
    columns = table.get("columns", {})
    if not isinstance(columns, dict):
        raise _bad(f"columns is geen tabel{where_nl}", f"columns is no table{where_en}")
    for one, value in columns.items():
        if one not in FIELDS:
            raise _bad(
                f"onbekend veld {one!r}{where_nl}; er zijn: {', '.join(FIELDS)}",
                f"unknown field {one!r}{where_en}; there are: {', '.join(FIELDS)}",
            )
        _several(value, one)
    _check_words(table)


def _check_words(table: Mapping[str, Any]) -> None:
    if table.get("branches", "one") not in BRANCHES:
        raise _bad('branches is "one" of "apart"', 'branches is "one" or "apart"')
    if len(table.get("delimiter", ",")) != 1:
        raise _bad("delimiter is één teken", "delimiter is one character")
    try:
        codecs.lookup(table.get("encoding") or "utf-8")
    except LookupError:
        raise _bad(f"onbekende encoding {table['encoding']!r}", f"unknown encoding {table['encoding']!r}") from None


def _several(value: Any, name: str) -> tuple[str, ...]:
    listed = (value,) if isinstance(value, str) else tuple(value) if isinstance(value, list) else ()
    if not listed or not all(isinstance(one, str) and one for one in listed):
        raise _bad(
            f"{name} is een kolomnaam of een lijst daarvan", f"{name} is the name of a column, or a list of them"
        )
    return listed


def _bad(nl: str, en: str) -> UnusableMapping:
    return UnusableMapping(reason_nl=nl, reason_en=en)
