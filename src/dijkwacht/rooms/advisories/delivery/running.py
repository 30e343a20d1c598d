"""A run of the matching: advisories against lines of inventories, and what came of it as rows.

Runs for every inventory when a version is published (CSAF 2.0 9.1.13, 9.1.17: when a document is inserted or its major
version changes), for the new lines when an organisation tells them (when an asset or component is inserted), and for
whatever somebody asks by hand. Repeating a run changes nothing. Everything here is a frame or one statement.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.db import connection
from django.utils import timezone

from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.rooms.advisories.delivery import concerning, published
from dijkwacht.rooms.advisories.delivery.rules import PUBLIC_TLP, Verdict
from dijkwacht.rooms.advisories.matching.evidence import How

if TYPE_CHECKING:
    import polars as pl

    from dijkwacht.rooms.advisories.matching.rules import Prepared

RUNNER: Final = system("advisories:match")
COLUMNS: Final = ("organisation", "line", "vendor", "product", "version", "cpe", "purl")
WORST: Final = {Verdict.AFFECTED.value: 0, Verdict.UNKNOWN.value: 1, Verdict.NOT_AFFECTED.value: 2}
KEPT: Final = (
    "organisation",
    "line",
    "advisory",
    "version",
    "vulnerability",
    "verdict",
    "evidence",
    "confidence",
    "sure",
    "remedy",
    "told",
)
AT_ONCE: Final = 20_000  # matches in one statement
# The names that share a word, CPE, purl or model number with a statement. Whoever runs them stands elsewhere.
_NAMES: Final = """
select '' as organisation, n.digest, n.vendor, n.product, '' as version, n.cpe, n.purl
from advisories_name n where n.keys && %s::text[]
"""
_LINES: Final = """
select l.organisation_id::text, l.id::text, l.vendor, l.product, l.version, l.cpe, l.purl
from advisories_line l
join registry_organisation o on o.id = l.organisation_id and o.active
where l.removed_at is null {which}
"""
_KEEP: Final = """
insert into advisories_match as m (
    id, organisation_id, line_id, advisory, version, vulnerability, verdict, evidence, confidence, sure, remedy, told,
    status, status_by, found_at)
select gen_random_uuid(), f.organisation, f.line, f.advisory, f.version, f.vulnerability, f.verdict, f.evidence,
    f.confidence, f.sure, f.remedy, f.told, 'not_remediated', '', %s
from unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::int[], %s::text[], %s::text[], %s::text[], %s::float8[],
    %s::bool[], %s::text[], %s::bool[]) as f (organisation, line, advisory, version, vulnerability, verdict, evidence,
    confidence, sure, remedy, told)
on conflict (advisory, line_id, vulnerability) do update set
    version = excluded.version, evidence = excluded.evidence, confidence = excluded.confidence, sure = excluded.sure,
    verdict = excluded.verdict, told = excluded.told, remedy = excluded.remedy,
    organisation_id = excluded.organisation_id, ended_at = null,
    -- found now, or worse than before: it is told again
    found_at = case when m.ended_at is not null or m.remedy <> excluded.remedy or (excluded.told and not m.told)
        or (m.verdict = 'unknown' and excluded.verdict = 'affected') then excluded.found_at else m.found_at end,
    -- a newer version is no new match, unless what remedies it changed
    status = case when m.remedy = excluded.remedy and m.ended_at is null then m.status else 'not_remediated' end,
    status_at = case when m.remedy = excluded.remedy and m.ended_at is null then m.status_at end
where m.version <= excluded.version
"""
# What an earlier run found and this one did not: another version, another judgement of a name.
_END: Final = """
update advisories_match m set ended_at = now()
where m.advisory = %(advisory)s and m.ended_at is null and not exists (
    select 1 from unnest(%(lines)s::uuid[], %(vulnerabilities)s::text[]) as f (line, vulnerability)
    where f.line = m.line_id and f.vulnerability = m.vulnerability)
"""


def _frame(statement: str, values: list[Any]) -> "pl.DataFrame":
    import polars as pl

    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows = cursor.fetchall()
    return pl.DataFrame(rows, schema=dict.fromkeys(COLUMNS, pl.String), orient="row")


def lines_frame(lines: Sequence[UUID]) -> "pl.DataFrame":
    """Return these lines, where they are in use by active organisations, as `matching` takes them."""
    return _frame(_LINES.format(which="and l.id = any (%s)"), [list(lines)])


def may_match(prepared: "Prepared") -> "pl.DataFrame":
    """Return every line in use that these statements may mean: found by its name, whoever runs it.

    So a run costs what the products concerned cost, not what all organisations run: first the names that share a key,
    then those that are met, then the lines that are called so.
    """
    from dijkwacht.rooms.advisories.matching.index import wanted
    from dijkwacht.rooms.advisories.matching.rules import match_prepared

    names = _frame(_NAMES, [wanted(prepared)])
    met = match_prepared(prepared, names)["line"].unique().to_list()
    return _frame(_LINES.format(which="and l.name = any (%s)"), [met])


def find(wanted: Iterable[tuple[UUID, int]], lines: Sequence[UUID] | None = None) -> "pl.DataFrame":
    """Return the matches of some versions with every inventory, or with some lines: the worst per vulnerability.

    Columns: advisory, version, organisation, line, vulnerability, verdict, evidence, confidence, sure, told, remedy.
    """
    import polars as pl

    from dijkwacht.rooms.advisories.catalogue import actions as catalogue
    from dijkwacht.rooms.advisories.catalogue.reads import aliases
    from dijkwacht.rooms.advisories.matching.rules import match_prepared, prepare

    pairs = list(wanted)
    prepared = prepare(published.library().statements(pairs), aliases())
    found = match_prepared(prepared, may_match(prepared) if lines is None else lines_frame(lines))
    catalogue.ask(actor=RUNNER, found=found)  # what is not sure goes to an analyst, without who runs it
    numbers = pl.DataFrame(
        {"item": [str(one) for one, _ in pairs], "number": [version for _, version in pairs]},
        schema={"item": pl.String, "number": pl.Int64},
    )
    return (
        found.join(numbers, on="item")
        .with_columns(worst=pl.col("verdict").replace_strict(WORST, return_dtype=pl.Int8))
        .sort("worst", pl.col("confidence") * -1, "evidence")
        .unique(["item", "line", "vulnerability"], keep="first", maintain_order=True)
        .select(
            pl.col("item").alias("advisory"),
            pl.col("number").alias("version"),
            "organisation",
            "line",
            "vulnerability",
            "verdict",
            "evidence",
            "confidence",
            "sure",
            pl.col("remedy").fill_null(""),
            # The same name where one side names no vendor is told, and said to be unsure; weaker guesses wait.
            told=pl.col("sure") | pl.col("evidence").str.json_path_match("$.how").eq(How.PRODUCT.value),
        )
    )


def keep(found: "pl.DataFrame", at: datetime) -> "pl.DataFrame":
    """Store what is affected or may be, found at a moment; give it back. In the caller's transaction, as the centre."""
    told = found.filter(found["verdict"] != Verdict.NOT_AFFECTED.value)
    for start in range(0, told.height, AT_ONCE):
        part = told.slice(start, AT_ONCE)
        with connection.cursor() as cursor:
            cursor.execute(_KEEP, [at, *(part[name].to_list() for name in KEPT)])
    return told


def _for_whom(one: published.Published, found: "pl.DataFrame") -> "pl.DataFrame":
    """Keep only whom a version is for: above TLP:GREEN the organisations that it names."""
    if one.recipients is None:
        return found
    return found.filter(found["organisation"].is_in([str(organisation) for organisation in one.recipients]))


def run(advisory: UUID, version: int) -> int:
    """Match the newest version of an advisory with every inventory, and note whom it concerns; give how many.

    One transaction: it happened, or did not. Repeated it adds nothing. A version that runs late, after a next one was
    published, changes nothing.
    """
    with tenancy.acting(RUNNER):
        _execute("select pg_advisory_xact_lock(hashtextextended(%(key)s, 0))", {"key": f"advisory:{advisory}"})
        one = published.of(advisory, version)
        if one is None or published.library().newest(advisory) != version:
            return 0
        values = _values(one)
        made = _withdraw(values) if one.withdrawn else _concern(one, values)
        concerning.settle(RUNNER, advisory, version)
    return made


def _withdraw(values: dict[str, Any]) -> int:
    _execute(_END, {**values, "lines": [], "vulnerabilities": []})
    return _execute(concerning.WITHDRAWN, values) + _execute(concerning.NO_LONGER, values)


def _concern(one: published.Published, values: dict[str, Any]) -> int:
    kept = keep(_for_whom(one, find([(one.advisory, one.version)])), values["at"])
    found = {"lines": kept["line"].to_list(), "vulnerabilities": kept["vulnerability"].to_list()}
    _execute(_END, {**values, **found})
    made = _execute(concerning.CONCERNS, {**values, "only": None}) + _execute(concerning.CLEARED, values)
    made += _execute(concerning.CORRECTIONS, values) + _execute(concerning.NO_LONGER, values)
    if one.tlp in PUBLIC_TLP:
        made += _execute(concerning.SUBSCRIBERS, {**values, "subscribers": _subscribers()})
    if one.recipients is not None and values["without_products"]:
        made += _execute(concerning.NAMED, values)
    return made


def run_lines(lines: Sequence[UUID]) -> list[tuple[UUID, int]]:
    """Match some new lines with every advisory that stands; give the versions of which somebody must be told now."""
    with tenancy.acting(RUNNER):
        current = published.library().current()
        found = find(current, lines)
        concerned = sorted({(UUID(row[0]), row[1]) for row in found.select("advisory", "version").iter_rows()})
        known = published.library().versions(concerned)
        only = [UUID(one) for one in found["organisation"].unique().to_list()]
        for key in concerned:
            values = {**_values(known[key]), "only": only}
            keep(_for_whom(known[key], found.filter(found["advisory"] == str(key[0]))), values["at"])
            _execute(concerning.CONCERNS, values)
            concerning.settle(RUNNER, *key)
        waiting = concerning.untold(only)
    return [key for key in concerned if key in waiting]


def _values(one: published.Published) -> dict[str, Any]:
    import hashlib

    remedies = published.library().statements([(one.advisory, one.version)])
    said = sorted({row or "" for row in remedies["remedy"].to_list()})
    return {
        "at": timezone.now(),
        "advisory": one.advisory,
        "version": one.version,
        "severity": one.severity,
        "urgent": one.urgent,
        "withdrawn": one.withdrawn,
        "without_products": remedies.is_empty(),
        "sectors": list(one.sectors),
        "named": None if one.recipients is None else list(one.recipients),
        "digest": hashlib.sha256("\n".join(said).encode()).hexdigest()[:32],
    }


def _subscribers() -> list[UUID]:
    from dijkwacht.rooms.services import reads as services

    return list(services.subscribers(RUNNER, "advisories").values_list("organisation_id", flat=True))


def _execute(statement: str, values: dict[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)
