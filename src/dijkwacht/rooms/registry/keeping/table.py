"""The table of terms: read, checked and asked. Pure: no Django."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Final

from dijkwacht import law
from dijkwacht.law.tables import InvalidTable, Row, Table, Tables, read_table

HERE: Final = Path(__file__).parent
FILE: Final = HERE / "retention.toml"
COLUMNS: Final = frozenset(
    {"code", "model", "field", "what_nl", "what_en", "basis", "ground", "seen_by", "months", "after", "then"}
    | {"why_nl", "why_en", "spares", "part"}
)
MOMENTS: Final = ("confirmation", "departure", "closed", "replaced", "processing", "edited", "unshown", "checked")
ENDS: Final = ("erase", "pseudonymise", "remove")
READERS: Final = ("organisation", "centre", "authority", "relay", "writer")
LAW: Final = "register"  # the row of law/tables/retention.toml that no term of the register may exceed


@cache
def terms(folder: Path = HERE, longest: str = LAW) -> tuple[Row, ...]:
    """Return the rows of a room's table in its order. Raises InvalidTable when it is not in order: at the start."""
    return read(folder / FILE.name, longest).rows


def read(file: Path, longest: str = LAW) -> Table:
    """Read and check a table of terms. `longest`: the row of the law that no term may exceed.

    Raises InvalidTable naming the row.
    """
    table = read_table(file, COLUMNS)
    of_law = Tables.load(Path(law.__file__).parent / "tables")["retention"]
    for row in table.rows:
        limit = max(found["months"] for found in of_law.rows if found["code"] == longest)
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


def twice(row: Row, app: str) -> InvalidTable:
    """Return the problem of a code that another room's table has too."""
    return InvalidTable(f"{row['code']}: a code stands in one table only", table=f"retention of {app}")


@cache
def not_personal(folder: Path = HERE) -> dict[str, frozenset[str]]:
    """Return by model the fields that say nothing about a person."""
    content = tomllib.loads((folder / "not_personal.toml").read_text("utf-8"))
    return {model: frozenset(told["fields"]) for model, told in content.items()}
