"""The registry's own dated tables: by which decision an entity is identified, what a legal form is. Pure: no Django."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from dijkwacht.law.tables import Row, Table, read_table

FOLDER: Final = Path(__file__).parent / "tables"
COLUMNS: Final = {
    "identification": frozenset({"code", "article", "provision", "name_nl", "name_en"}),
    "sbi_sectors": frozenset({"code", "sector"}),
    "legal_forms": frozenset({"code", "name_nl", "name_en", "spellings", "person"}),
}


@cache
def table(name: str) -> Table:
    """Return a table of COLUMNS. Raises InvalidTable."""
    return read_table(FOLDER / f"{name}.toml", COLUMNS[name])


def identifications(on: date) -> dict[str, Row]:
    """Return the decisions by which an entity is identified (Cbw 9(1)), by code, as the law had them on a day.

    Before the law was in force those it began with.
    """
    rows = table("identification").rows
    began = min(row.valid_from for row in rows)
    return {row["code"]: row for row in rows if row.holds(max(on, began))}


@cache
def _spellings() -> dict[str, str]:
    return {
        _bare(spelling): row["code"]
        for row in table("legal_forms").rows
        for spelling in (row["code"], row["name_nl"], row["name_en"], *row["spellings"])
    }


def legal_form(text: str) -> str:
    """Return the code of a legal form as people or registers write it; nothing when it is not in the table."""
    return _spellings().get(_bare(text), "")


def is_person(form: str) -> bool:
    """Tell whether what is known of an organisation with this form may be a person's data; unknown: it may be."""
    row = next((row for row in table("legal_forms").rows if row["code"] == form), None)
    return row is None or bool(row["person"])


def _bare(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum())
