"""Whom statements concern, found by PostgreSQL: the one way to match that runs, counts and pages share.

Verdicts are given on editions (a name in a version, to the letter), once for all who run them: first the names that
share a key with a statement, then their editions, then the answer of `matching.rules`. Only then does the index
`lines_by_edition` give who runs them, within one statement of the database, so a run costs what the products concerned
cost, and not what everybody runs. There is no second index beside the tables that could be behind them.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.db import connection

from dijkwacht.rooms.advisories.delivery.rules import Verdict

if TYPE_CHECKING:
    import polars as pl

    from dijkwacht.rooms.advisories.matching.rules import Prepared

NAME: Final = ("vendor", "product", "cpe", "purl")
WORST: Final = {Verdict.AFFECTED.value: 0, Verdict.UNKNOWN.value: 1, Verdict.NOT_AFFECTED.value: 2}
_NAMES: Final = """
select n.digest, n.vendor, n.product, n.cpe, n.purl from advisories_name n where n.keys && %s::text[]
"""
_OF_NAMES: Final = """
select e.digest, e.vendor, e.product, e.cpe, e.purl, e.version from advisories_edition e where e.name = any (%s)
"""
_OF_LINES: Final = """
select e.digest, e.vendor, e.product, e.cpe, e.purl, e.version from advisories_edition e
where e.digest in (select l.edition from advisories_line l where l.id = any (%s) and l.removed_at is null)
"""
# Who runs these editions, in the worst way that each is concerned: `rank` 0 affected for sure, 1 affected, 2 unknown
# for sure, 3 unknown.
_WHOM: Final = """
select l.organisation_id::text, min(f.rank)::int, count(distinct l.id)::int
from unnest(%(editions)s::text[], %(ranks)s::int[]) as f (edition, rank)
join advisories_line l on l.edition = f.edition and l.removed_at is null
join registry_organisation o on o.id = l.organisation_id and o.active
group by l.organisation_id
"""
_HOW_MANY: Final = """
select f.about, count(distinct l.organisation_id)
from unnest(%(editions)s::text[], %(abouts)s::text[]) as f (edition, about)
join advisories_line l on l.edition = f.edition and l.removed_at is null
join registry_organisation o on o.id = l.organisation_id and o.active
group by f.about
"""


def verdicts(prepared: "Prepared", lines: Sequence[UUID] | None = None) -> "pl.DataFrame":
    """Return what statements say of everything that anybody runs, or of what these lines say.

    Columns: `edition`, and those of `matching.rules.RESULT` from `source` on. Read as the centre.
    """
    import polars as pl

    from dijkwacht.rooms.advisories.matching.rules import answer

    asked = _editions_met(prepared) if lines is None else _frame(_OF_LINES, [list(lines)], (*NAME, "version"))
    found = answer(prepared, asked.rename({"digest": "ask"}))
    return found.rename({"ask": "edition"}).with_columns(pl.col("remedy").fill_null(""))


def _editions_met(prepared: "Prepared") -> "pl.DataFrame":
    from dijkwacht.rooms.advisories.matching.keys import wanted
    from dijkwacht.rooms.advisories.matching.rules import meet

    names = _frame(_NAMES, [wanted(prepared)], NAME).with_row_index("ours")
    pairs, _ = meet(prepared, names.select("ours", *NAME))
    met = names.join(pairs.select("ours").unique(), on="ours", how="semi")["digest"].to_list()
    return _frame(_OF_NAMES, [met], (*NAME, "version"))


def whom(found: "pl.DataFrame") -> "pl.DataFrame":
    """Return whom verdicts concern: `organisation`, the worst `verdict`, whether it is `sure`, and how many `lines`.

    `found`: edition, verdict, sure. Who runs only what is not affected is not among them. Read as the centre.
    """
    import polars as pl

    ranks = found.filter(pl.col("verdict") != Verdict.NOT_AFFECTED.value).select(
        "edition", rank=pl.col("verdict").replace_strict(WORST, return_dtype=pl.Int32) * 2 + (~pl.col("sure")).cast(int)
    )
    worst = ranks.group_by("edition").agg(pl.col("rank").min())
    values = {"editions": worst["edition"].to_list(), "ranks": worst["rank"].to_list()}
    schema = {"organisation": pl.String, "rank": pl.Int32, "lines": pl.Int32}
    rows = pl.DataFrame(_rows(_WHOM, values), schema=schema, orient="row")
    affected = pl.when(pl.col("rank") < WORST[Verdict.UNKNOWN.value] * 2)
    return rows.select(
        "organisation",
        verdict=affected.then(pl.lit(Verdict.AFFECTED.value)).otherwise(pl.lit(Verdict.UNKNOWN.value)),
        sure=pl.col("rank") % 2 == 0,
        lines="lines",
    )


def how_many(found: "pl.DataFrame") -> dict[str, int]:
    """Return how many organisations run any of the editions, for each `about`. `found`: edition, about."""
    pairs = found.select("edition", "about").unique()
    values = {"editions": pairs["edition"].to_list(), "abouts": pairs["about"].to_list()}
    return {str(about): int(number) for about, number in _rows(_HOW_MANY, values)}


def _frame(statement: str, values: list[Any], columns: tuple[str, ...]) -> "pl.DataFrame":
    import polars as pl

    schema = dict.fromkeys(("digest", *columns), pl.String)
    return pl.DataFrame(_rows(statement, values), schema=schema, orient="row")


def _rows(statement: str, values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
