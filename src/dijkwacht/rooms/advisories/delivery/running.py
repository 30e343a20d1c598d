"""A run of the matching: advisories against lines of inventories, and what came of it as rows.

Runs for every inventory when a version is published (CSAF 2.0 9.1.13, 9.1.17: when a document is inserted or its major
version changes), for the new lines when an organisation tells them (when an asset or component is inserted), and for
whatever somebody asks by hand. Repeating a run changes nothing. Everything here is a frame or one statement.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.db import connection
from django.utils import timezone

from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.rooms.advisories.delivery import concerning, finding, published
from dijkwacht.rooms.advisories.delivery.rules import PUBLIC_TLP, Verdict
from dijkwacht.rooms.advisories.inventory.models import Line
from dijkwacht.rooms.advisories.matching.evidence import How

if TYPE_CHECKING:
    import polars as pl

RUNNER: Final = system("advisories:match")
KEPT: Final = ("edition", "vulnerability", "verdict", "evidence", "confidence", "sure", "remedy", "told")
# What a run found of editions, with whoever runs them: all, or some lines; above TLP:GREEN only whom a version names.
_FOUND: Final = """
select l.organisation_id as organisation, l.id as line, f.*
from unnest(%(edition)s::text[], %(vulnerability)s::text[], %(verdict)s::text[], %(evidence)s::text[],
    %(confidence)s::float8[], %(sure)s::bool[], %(remedy)s::text[], %(told)s::bool[])
    as f (edition, vulnerability, verdict, evidence, confidence, sure, remedy, told)
join advisories_line l on l.edition = f.edition and l.removed_at is null
    and (%(lines)s::uuid[] is null or l.id = any (%(lines)s))
    and (%(named)s::uuid[] is null or l.organisation_id = any (%(named)s))
join registry_organisation o on o.id = l.organisation_id and o.active
"""
_KEEP: Final = f"""
insert into advisories_match as m (
    id, organisation_id, line_id, advisory, version, vulnerability, verdict, evidence, confidence, sure, remedy, told,
    status, status_by, found_at)
select gen_random_uuid(), f.organisation, f.line, %(advisory)s, %(version)s, f.vulnerability, f.verdict, f.evidence,
    f.confidence, f.sure, f.remedy, f.told, 'not_remediated', '', %(at)s
from ({_FOUND}) f
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
# What an earlier run found and this one did not: another version, another judgement of a name. What was found now
# stands in a table of its own, and no loop within a loop may be chosen: statistics that are older than the matches (as
# of the first advisory of a new system) had it find everything anew for each of ten thousand matches: minutes.
_STILL: Final = f"""
drop table if exists advisories_still;
create temporary table advisories_still on commit drop as select f.line, f.vulnerability from ({_FOUND}) f
"""
_END: Final = """
update advisories_match m set ended_at = now()
where m.advisory = %(advisory)s and m.ended_at is null
  and not exists (select 1 from advisories_still f where f.line = m.line_id and f.vulnerability = m.vulnerability)
"""
_PLANS: Final = "select set_config(%(plan)s, %(allowed)s, true)"


def find(wanted: Iterable[tuple[UUID, int]], lines: Sequence[UUID] | None = None) -> "pl.DataFrame":
    """Return what some versions say of what everybody runs, or of some lines: the worst per edition and vulnerability.

    Columns: advisory, version, edition, vulnerability, verdict, evidence, confidence, sure, remedy, told.
    """
    import polars as pl

    from dijkwacht.rooms.advisories.catalogue import actions as catalogue
    from dijkwacht.rooms.advisories.catalogue.reads import aliases
    from dijkwacht.rooms.advisories.matching.rules import prepare

    pairs = list(wanted)
    found = finding.verdicts(prepare(published.library().statements(pairs), aliases()), lines)
    catalogue.ask(actor=RUNNER, found=found)  # what is not sure goes to an analyst, without who runs it
    numbers = pl.DataFrame(
        {"item": [str(one) for one, _ in pairs], "number": [version for _, version in pairs]},
        schema={"item": pl.String, "number": pl.Int64},
    )
    return (
        found.join(numbers, on="item")
        .with_columns(worst=pl.col("verdict").replace_strict(finding.WORST, return_dtype=pl.Int8))
        .sort("worst", pl.col("confidence") * -1, "evidence")
        .unique(["item", "edition", "vulnerability"], keep="first", maintain_order=True)
        .select(
            *(pl.col("item").alias("advisory"), pl.col("number").alias("version"), *KEPT[:-1]),
            # The same name where one side names no vendor is told, and said to be unsure; weaker guesses wait.
            told=pl.col("sure") | pl.col("evidence").str.json_path_match("$.how").eq(How.PRODUCT.value),
        )
    )


def _columns(found: "pl.DataFrame") -> dict[str, list[Any]]:
    """What is affected or may be, as the statements above take it."""
    told = found.filter(found["verdict"] != Verdict.NOT_AFFECTED.value)
    return {name: told[name].to_list() for name in KEPT}


def alone(advisory: UUID) -> None:
    """Wait until nobody else finds or tells whom an advisory concerns, and keep it so until the transaction ends.

    Telling takes several statements, each of which sees what others committed meanwhile: who became concerned between
    them would stand as told, without a letter.
    """
    _execute("select pg_advisory_xact_lock(hashtextextended(%(key)s, 0))", {"key": f"advisory:{advisory}"})


def run(advisory: UUID, version: int) -> int:
    """Match the newest version of an advisory with every inventory, and note whom it concerns; give how many.

    One transaction: it happened, or did not. Repeated it adds nothing. A version that runs late, after a next one was
    published, changes nothing.
    """
    with tenancy.acting(RUNNER):
        alone(advisory)
        one = published.of(advisory, version)
        if one is None or published.library().newest(advisory) != version:
            return 0
        values = _values(one)
        made = _withdraw(values) if one.withdrawn else _concern(one, values)
        concerning.settle(RUNNER, advisory, version)
    return made


def _withdraw(values: dict[str, Any]) -> int:
    _end({**values, **{name: [] for name in KEPT}, "lines": None})
    return _execute(concerning.WITHDRAWN, values) + _execute(concerning.NO_LONGER, values)


def _concern(one: published.Published, values: dict[str, Any]) -> int:
    found = {**values, **_columns(find([(one.advisory, one.version)])), "lines": None}
    _execute(_KEEP, found)
    _end(found)
    made = _by_key(concerning.CONCERNS, {**values, "only": None}) + _at_once(concerning.CLEARED, values)
    made += _execute(concerning.CORRECTIONS, values) + _execute(concerning.NO_LONGER, values)
    if one.tlp in PUBLIC_TLP:
        made += _by_key(concerning.SUBSCRIBERS, {**values, "subscribers": _subscribers()})
    if one.recipients is not None and values["without_products"]:
        made += _by_key(concerning.NAMED, values)
    return made


def _end(values: dict[str, Any]) -> None:
    for statement in filter(str.strip, _STILL.split(";")):
        _execute(statement, values)
    _at_once(_END, values)


def _at_once(statement: str, values: dict[str, Any]) -> int:
    """Execute a statement that joins tables as a whole, whatever old statistics make of their sizes."""
    return _without("enable_nestloop", statement, values)


def _by_key(statement: str, values: dict[str, Any]) -> int:
    """Execute a statement that looks up each row in the table that it fills.

    One that is empty at the start would be looked through from end to end for each row, and grows with each.
    """
    return _without("enable_seqscan", statement, values)


def _without(plan: str, statement: str, values: dict[str, Any]) -> int:
    _execute(_PLANS, {"plan": plan, "allowed": "off"})
    made = _execute(statement, values)
    _execute(_PLANS, {"plan": plan, "allowed": "on"})
    return made


def run_lines(lines: Sequence[UUID]) -> list[tuple[UUID, int]]:
    """Match some new lines with every advisory that stands; give the versions of which somebody must be told now.

    A transaction for each advisory that is met; repeated it adds nothing.
    """
    with tenancy.acting(RUNNER):
        found = find(published.library().current(), lines)
        concerned = sorted({(UUID(row[0]), row[1]) for row in found.select("advisory", "version").iter_rows()})
        known = published.library().versions(concerned)
        only = list(Line.objects.filter(id__in=lines).values_list("organisation_id", flat=True).distinct())
    for key in concerned:
        columns = _columns(found.filter(found["advisory"] == str(key[0])))
        _some(known[key], {**columns, "only": only, "lines": list(lines)})
    with tenancy.acting(RUNNER):
        waiting = concerning.untold(only)
    return [key for key in concerned if key in waiting]


def _some(one: published.Published, found: dict[str, Any]) -> None:
    """Note what some lines met. Where a next version came meanwhile, its own run finds them."""
    with tenancy.acting(RUNNER):
        alone(one.advisory)
        if published.library().newest(one.advisory) == one.version:
            values = {**_values(one), **found}
            _execute(_KEEP, values)
            _by_key(concerning.CONCERNS, values)
            concerning.settle(RUNNER, one.advisory, one.version)


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
