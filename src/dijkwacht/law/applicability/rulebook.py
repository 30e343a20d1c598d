"""The tables, read and checked once: whoever reads them gets a `Rulebook`, or learns what is wrong with them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final, Self

from dijkwacht.law import tables as law_tables
from dijkwacht.law.tables import InvalidTable, Row, Table, read_table

HOUSE: Final = Path(__file__).parent / "tables"
TYPE_FILES: Final = ("entity-types-annex-1", "entity-types-annex-2", "entity-types-others")
# The columns each table has beside the five that date and source a row.
COLUMNS: Final[dict[str, frozenset[str]]] = {
    **dict.fromkeys(
        TYPE_FILES,
        frozenset(
            {"code", "sector", "name_nl", "name_en", "text_nl", "text_en", "words_nl", "words_en", "annex"}
            | {"jurisdiction", "groups", "needs_any", "outside", "reach", "translated"}
        ),
    ),
    "rules": frozenset(
        {"code", "kind", "order", "result", "groups", "annexes", "sizes", "designations", "duties_off", "partly"}
        | {"article", "sentence_nl", "sentence_en", "otherwise_nl", "otherwise_en"}
    ),
    "sizes": frozenset({"code", "staff_below", "turnover", "balance"}),
    "conditions": frozenset({"code", "article", "question_nl", "question_en", "hint_nl", "hint_en"}),
    "designations": frozenset({"code", "article", "kind", "gives", "name_nl", "name_en"}),
    "duties": frozenset(
        {"code", "order", "kind", "classes", "groups", "article", "by", "months_after_qualifying"}
        | {"name_nl", "name_en", "text_nl", "text_en", "within_nl", "within_en"}
    ),
    "contact-points": frozenset({"code", "authority", "supervisor", "csirt", "interim_csirt", "note_nl", "note_en"}),
    "bodies": frozenset({"code", "name_nl", "name_en"}),
    "laws": frozenset({"code", "name_nl", "name_en", "cited_nl", "cited_en", "link"}),
    "questions": frozenset({"code", "question_nl", "question_en", "hint_nl", "hint_en"}),
    "answers": frozenset({"code", "name_nl", "name_en", "sentence_nl", "sentence_en"}),
    "everyday": frozenset({"code", "text_nl", "text_en", "words_nl", "words_en", "nearest"}),
}
OPTIONAL: Final = frozenset({"by", "months_after_qualifying", "authority", "supervisor", "csirt", "interim_csirt"})
JURISDICTIONS: Final = frozenset({"establishment", "services-here", "main-establishment", "domain-registration"})
REACHES: Final = frozenset({"", "type", "government", "entity"})
KINDS: Final = frozenset({"jurisdiction", "exclusion", "class", "special", "later"})
# The sentences and questions that the code asks for by name.
ANSWERS: Final = frozenset(
    {"essential", "important", "register-only", "outside", "elsewhere", "representative", "depends", "earlier-law"}
    | {"assume-established", "assume-services", "assume-same-place", "assume-year-before", "assume-no-exemptions"}
    | {"assume-no-type", "two-years", "amounts-in-euro", "designation-without-type"}
)
QUESTIONS: Final = frozenset(
    {"established", "services_in", "security_decisions", "security_operations", "most_staff_in_nl", "representative"}
    | {"staff", "turnover", "balance", "earlier_years", "designations"}
)
RESULTS: Final = frozenset({"", "essential", "important", "register-only", "outside"})


@dataclass(frozen=True, eq=False)  # the same book is the same object: it can be a key
class Rulebook:
    """All that decides whether the law applies, of one country, over time."""

    types: Table
    rules: Table
    sizes: Table
    conditions: Table
    designations: Table
    duties: Table
    contact_points: Table
    bodies: Table
    laws: Table
    questions: Table
    answers: Table
    everyday: Table
    authorities: Table  # of law/tables: competent authority, supervisor and CSIRT per sector

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read and check every table of a folder. Raises InvalidTable, naming the table and the row."""
        read = {name: read_table(folder / f"{name}.toml", columns, OPTIONAL) for name, columns in COLUMNS.items()}
        types = Table("entity-types", tuple(row for name in TYPE_FILES for row in read.pop(name).rows))
        own = {name.replace("-", "_"): table for name, table in read.items()}
        authorities = read_table(
            Path(law_tables.__file__).parent / "tables" / "authorities.toml", law_tables.COLUMNS["authorities"]
        )
        book = cls(types=types, authorities=authorities, **own)
        book._check()
        return book

    def entity_type(self, code: str, on: date) -> Row | None:
        """Return a type of entity on a date, or None."""
        return self.types.row(code, on)

    def rules_of(self, on: date, *kinds: str) -> list[Row]:
        """Return the rules of some kinds that hold on a date, in their order."""
        return sorted((row for row in self.rules.as_of(on) if row["kind"] in kinds), key=lambda row: row["order"])

    def in_force(self, on: date) -> bool:
        """Tell whether this rulebook has rules for a date."""
        return bool(self.rules_of(on, "class"))

    def without(self, rule: str) -> Self:
        """Return the same rulebook without one rule: what a test of the golden cases tries."""
        left = Table("rules", tuple(row for row in self.rules.rows if row["code"] != rule))
        return type(self)(**{**self.__dict__, "rules": left})

    def _check(self) -> None:
        """Refuse references to what does not exist. Raises InvalidTable."""
        rules, conditions = _codes(self.rules), _codes(self.conditions)
        for row in self.types.rows:
            where = f"{row['code']}:"
            _known("entity-types", where, row["needs_any"], conditions)
            _known("entity-types", where, [row["jurisdiction"]], JURISDICTIONS)
            _known("entity-types", where, [row["reach"]], REACHES)
            _known("entity-types", where, [row["outside"]], rules | {""})
            _known("entity-types", where, [row["sector"]], _codes(self.authorities) | {""})
        groups = {group for row in self.types.rows for group in row["groups"]}
        for row in self.rules.rows:
            where = f"{row['code']}:"
            _known("rules", where, [row["kind"]], KINDS)
            _known("rules", where, [row["result"]], RESULTS)
            _known("rules", where, row["groups"], groups)
            _known("rules", where, row["sizes"], frozenset("SML"))
            _known("rules", where, row["designations"], _codes(self.designations))
            _known("rules", where, row["duties_off"], _codes(self.duties))
        for row in self.contact_points.rows:
            named = [row.get(part) for part in ("authority", "supervisor", "csirt", "interim_csirt")]
            _known("contact-points", f"{row['code']}:", [body for body in named if body], _codes(self.bodies))
        _known("answers", "a sentence is missing:", ANSWERS, _codes(self.answers))
        _known("questions", "a question is missing:", QUESTIONS, _codes(self.questions))
        for row in self.everyday.rows:
            _known("everyday", f"{row['code']}:", row["nearest"], _codes(self.types))


def _codes(table: Table) -> frozenset[str]:
    return frozenset(row["code"] for row in table.rows)


def _known(table: str, where: str, named: Iterable[str], known: frozenset[str] | set[str]) -> None:
    if strange := sorted(set(named) - known):
        raise InvalidTable(f"{where} there is no {', '.join(strange)}.", table=table)


@cache
def house_rulebook() -> Rulebook:
    """Return the rulebook that comes with the system: the Netherlands, Cbw. Read once."""
    return Rulebook.load(HOUSE)
