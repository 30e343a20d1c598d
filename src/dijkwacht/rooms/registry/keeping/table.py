"""The table of terms: read, checked and asked. Pure: no Django."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Final

from dijkwacht import law
from dijkwacht.law.tables import InvalidTable, Row, Table, Tables, read_table

FILE: Final = Path(__file__).with_name("retention.toml")
NOT_PERSONAL: Final = Path(__file__).with_name("not_personal.toml")
COLUMNS: Final = frozenset(
    {"code", "model", "field", "what_nl", "what_en", "basis", "ground", "seen_by", "months", "after", "then"}
    | {"why_nl", "why_en", "spares"}
)
MOMENTS: Final = ("confirmation", "departure", "closed", "replaced", "processing")
ENDS: Final = ("erase", "pseudonymise")
READERS: Final = ("organisation", "centre", "authority", "relay")
LAW: Final = "register"  # the row of law/tables/retention.toml that no term may exceed


@cache
def terms() -> tuple[Row, ...]:
    """Return the rows of the table in its order. Raises InvalidTable when it is not in order: at the start."""
    return read(FILE).rows


def read(file: Path) -> Table:
    """Read and check a table of terms. Raises InvalidTable naming the row."""
    table = read_table(file, COLUMNS)
    longest = Tables.load(Path(law.__file__).parent / "tables")["retention"]
    for row in table.rows:
        limit = max(found["months"] for found in longest.rows if found["code"] == LAW)
        if problem := _problem(row, limit):
            raise InvalidTable(f"{row['code']}: {problem}", table=table.name)
    return table


def _problem(row: Row, limit: int) -> str:
    for column, known in (("after", MOMENTS), ("then", ENDS), ("spares", ("", "legal-person"))):
        if row[column] not in known:
            return f"{column} is one of {', '.join(known)}"
    if not row["seen_by"] or set(row["seen_by"]) - set(READERS):
        return f"seen_by holds some of {', '.join(READERS)}"
    if type(row["months"]) is not int or not 0 < row["months"] <= limit:
        return f"months is between 1 and {limit}, the term of the law"
    texts = ("model", "field", "what_nl", "what_en", "basis", "ground", "why_nl", "why_en")
    if not all(isinstance(row[column], str) and row[column] for column in texts):
        return f"{', '.join(texts)} are texts"
    return ""


def personal(model: str) -> list[str]:
    """Return the fields of a model that the table names, each once."""
    return list(dict.fromkeys(row["field"] for row in terms() if row["model"] == model))


@cache
def not_personal() -> dict[str, frozenset[str]]:
    """Return by model the fields that say nothing about a person."""
    content = tomllib.loads(NOT_PERSONAL.read_text("utf-8"))
    return {model: frozenset(told["fields"]) for model, told in content.items()}
