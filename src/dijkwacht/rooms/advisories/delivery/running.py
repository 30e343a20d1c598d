"""A run of the matching: advisories against lines of inventories, and what came of it as rows.

Runs for every inventory when a version is published (CSAF 2.0 9.1.13, 9.1.17: when a document is inserted or its major
version changes), for the new lines when an organisation tells them (when an asset or component is inserted), and for
whatever somebody asks by hand. Repeating a run changes nothing. Everything here is a frame or one statement.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.db import connection

from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.rooms.advisories.catalogue import actions as catalogue
from dijkwacht.rooms.advisories.delivery import published
from dijkwacht.rooms.advisories.delivery.rules import PUBLIC_TLP, Verdict
from dijkwacht.rooms.advisories.matching.evidence import How

if TYPE_CHECKING:
    import polars as pl

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
    f.confidence, f.sure, f.remedy, f.told, 'not_remediated', '', now()
from unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::int[], %s::text[], %s::text[], %s::text[], %s::float8[],
    %s::bool[], %s::text[], %s::bool[]) as f (organisation, line, advisory, version, vulnerability, verdict, evidence,
    confidence, sure, remedy, told)
on conflict (advisory, line_id, vulnerability) do update set
    version = excluded.version, evidence = excluded.evidence, confidence = excluded.confidence, sure = excluded.sure,
    verdict = excluded.verdict, told = excluded.told, remedy = excluded.remedy,
    organisation_id = excluded.organisation_id, ended_at = null,
    -- a newer version is no new match, unless what remedies it changed
    status = case when m.remedy = excluded.remedy and m.ended_at is null then m.status else 'not_remediated' end,
    status_at = case when m.remedy = excluded.remedy and m.ended_at is null then m.status_at end
"""
_END: Final = """
update advisories_match set ended_at = now()
where advisory = %(advisory)s and ended_at is null and version < %(version)s
"""
_MET_NO_MORE: Final = """
update advisories_match m set ended_at = now()
where m.line_id = any (%s::uuid[]) and m.ended_at is null and not exists (
    select 1 from unnest(%s::uuid[], %s::uuid[], %s::text[]) as f (advisory, line, vulnerability)
    where f.advisory = m.advisory and f.line = m.line_id and f.vulnerability = m.vulnerability)
"""
_CONCERNS: Final = """
insert into advisories_concern (
    id, organisation_id, advisory, version, ground, verdict, sure, lines, digest, severity, urgent, told, created_at,
    read_by)
select gen_random_uuid(), f.organisation_id, %(advisory)s, %(version)s, 'match', f.verdict, f.sure, f.lines, f.digest,
    %(severity)s, %(urgent)s,
    not exists (
        select 1 from advisories_concern b
        where b.organisation_id = f.organisation_id and b.advisory = %(advisory)s and b.version < %(version)s
          and b.version = (select max(version) from advisories_concern where organisation_id = f.organisation_id
                           and advisory = %(advisory)s and version < %(version)s)
          and b.digest = f.digest and b.severity >= %(severity)s and (b.urgent or not %(urgent)s)
          and not %(withdrawn)s),
    now(), ''
from (
    select m.organisation_id,
        case when bool_or(m.verdict = 'affected') then 'affected' else 'unknown' end as verdict,
        coalesce(bool_or(m.sure) filter (where m.verdict = 'affected'), bool_or(m.sure)) as sure,
        count(distinct m.line_id) as lines,
        md5(string_agg(concat_ws(' ', m.line_id, m.vulnerability, m.verdict, m.remedy), E'\\n'
            order by m.line_id, m.vulnerability)) as digest
    from advisories_match m
    where m.advisory = %(advisory)s and m.ended_at is null and m.version = %(version)s
      and m.told and (%(only)s::uuid[] is null or m.organisation_id = any (%(only)s))
    group by m.organisation_id
) f
on conflict (organisation_id, advisory, version) do nothing
"""
# Who was told that it concerns it, and is not concerned by this version any more.
_CORRECTIONS: Final = """
insert into advisories_concern (
    id, organisation_id, advisory, version, ground, verdict, sure, lines, digest, severity, urgent, told, created_at,
    read_by)
select gen_random_uuid(), b.organisation_id, %(advisory)s, %(version)s, 'match', 'not_affected', true, 0, '',
    %(severity)s, false, true, now(), ''
from (
    select distinct on (organisation_id) organisation_id, verdict, ground from advisories_concern
    where advisory = %(advisory)s and version < %(version)s order by organisation_id, version desc
) b
where b.ground = 'match' and b.verdict <> 'not_affected' and not %(withdrawn)s
  and exists (select 1 from registry_organisation o where o.id = b.organisation_id and o.active)
  and not exists (select 1 from advisories_concern c where c.organisation_id = b.organisation_id
                  and c.advisory = %(advisory)s and c.version = %(version)s)
on conflict (organisation_id, advisory, version) do nothing
"""
# Who was told of a version hears that it is withdrawn, whatever its ground was.
_WITHDRAWN: Final = """
insert into advisories_concern (
    id, organisation_id, advisory, version, ground, verdict, sure, lines, digest, severity, urgent, told, created_at,
    read_by)
select gen_random_uuid(), b.organisation_id, %(advisory)s, %(version)s, b.ground, 'not_affected', true, 0, '',
    %(severity)s, false, true, now(), ''
from (
    select distinct on (organisation_id) organisation_id, ground from advisories_concern
    where advisory = %(advisory)s and version < %(version)s order by organisation_id, version desc
) b
join registry_organisation o on o.id = b.organisation_id and o.active
on conflict (organisation_id, advisory, version) do nothing
"""
# A yes to the product, and nothing told of what is run: every advisory of the sectors, once; again when it is worse.
_SUBSCRIBERS: Final = """
insert into advisories_concern (
    id, organisation_id, advisory, version, ground, verdict, sure, lines, digest, severity, urgent, told, created_at,
    read_by)
select gen_random_uuid(), o.id, %(advisory)s, %(version)s, 'subscription', 'unknown', false, 0, %(digest)s,
    %(severity)s, %(urgent)s,
    not exists (
        select 1 from advisories_concern b
        where b.organisation_id = o.id and b.advisory = %(advisory)s and b.version < %(version)s
          and b.severity >= %(severity)s and (b.urgent or not %(urgent)s) and b.digest = %(digest)s),
    now(), ''
from registry_organisation o
where o.active and o.id = any (%(subscribers)s)
  and not exists (select 1 from advisories_line l where l.organisation_id = o.id and l.removed_at is null)
  and (%(sectors)s::text[] = '{}' or exists (
      select 1 from registry_organisationsector s where s.organisation_id = o.id
      and (s.sector = any (%(sectors)s) or split_part(s.sector, '.', 1) = any (%(sectors)s))))
on conflict (organisation_id, advisory, version) do nothing
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


def may_match(statements: "pl.DataFrame", aliases: "pl.DataFrame") -> "pl.DataFrame":
    """Return every line in use that these statements may mean: found by its name, whoever runs it.

    So a run costs what the products concerned cost, not what all organisations run: first the names that share a key,
    then those that are met, then the lines that are called so.
    """
    from dijkwacht.rooms.advisories.inventory.names import asked, keys
    from dijkwacht.rooms.advisories.matching import rules as matching

    wanted: set[str] = set()
    for row in statements.select("vendor", "product", "cpe", "purl", "models").unique().iter_rows():
        vendor, product, cpe, purl, models = row
        wanted |= asked(vendor, product, cpe, purl, models or ())
    prepared = matching.prepare(statements, aliases)
    called = frozenset[str]().union(*(one.called | one.linked for one in prepared.names.subjects))
    for product, kind, vendor, value, same, _ in aliases.select(list(matching.ALIASES)).iter_rows():
        if same and product in called:
            given = {"cpe": {"cpe": value}, "purl": {"purl": value}, "model": {"models": [value]}}.get(kind, {})
            wanted |= keys(vendor, "" if given else value, **given)
    names = _frame(_NAMES, [sorted(wanted)])
    met = matching.match(statements, names, aliases)["line"].unique().to_list()
    return _frame(_LINES.format(which="and l.name = any (%s)"), [met])


def find(wanted: Iterable[tuple[UUID, int]], lines: Sequence[UUID] | None = None) -> "pl.DataFrame":
    """Return the matches of some versions with every inventory, or with some lines: the worst per vulnerability.

    Columns: advisory, version, organisation, line, vulnerability, verdict, evidence, confidence, sure, told, remedy.
    """
    import polars as pl

    from dijkwacht.rooms.advisories.catalogue.reads import aliases
    from dijkwacht.rooms.advisories.matching import rules as matching

    pairs, known = list(wanted), aliases()
    statements = published.library().statements(pairs)
    inventory = may_match(statements, known) if lines is None else lines_frame(lines)
    found = matching.match(statements, inventory, known)
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


def keep(found: "pl.DataFrame") -> int:
    """Store what is affected or may be; give how many rows. Runs in the caller's transaction, as the centre."""
    import polars as pl

    told = found.filter(found["verdict"] != Verdict.NOT_AFFECTED.value)
    named = told.filter(~told["sure"]).with_columns(source=pl.lit("dijkwacht"), item=pl.col("advisory"))
    catalogue.ask(actor=RUNNER, found=named)
    for start in range(0, told.height, AT_ONCE):
        part = told.slice(start, AT_ONCE)
        with connection.cursor() as cursor:
            cursor.execute(_KEEP, [part[name].to_list() for name in KEPT])
    return told.height


def _for_whom(one: published.Published, found: "pl.DataFrame") -> "pl.DataFrame":
    """Keep only whom a version is for: above TLP:GREEN the organisations that it names."""
    if one.recipients is None:
        return found
    return found.filter(found["organisation"].is_in([str(organisation) for organisation in one.recipients]))


def run(advisory: UUID, version: int) -> int:
    """Match one published version with every inventory, and note whom it concerns; give how many organisations.

    One transaction: it happened, or did not. Repeated it adds nothing.
    """
    with tenancy.acting(RUNNER):
        one = published.of(advisory, version)
        if one is None:
            return 0
        values = _values(one)
        if one.withdrawn:
            _execute(_END, values)
            return _execute(_WITHDRAWN, values)
        keep(_for_whom(one, find([(advisory, version)])))
        _execute(_END, values)
        made = _execute(_CONCERNS, {**values, "only": None}) + _execute(_CORRECTIONS, values)
        if one.tlp in PUBLIC_TLP:
            made += _execute(_SUBSCRIBERS, {**values, "subscribers": _subscribers()})
    return made


def run_lines(lines: Sequence[UUID]) -> list[tuple[UUID, int]]:
    """Match some new lines with every advisory that stands; give the versions that concern somebody now."""
    with tenancy.acting(RUNNER):
        current = published.library().current()
        found = find(current, lines)
        concerned = sorted({(UUID(row[0]), row[1]) for row in found.select("advisory", "version").iter_rows()})
        known = published.library().versions(concerned)
        for one in known.values():
            keep(_for_whom(one, found.filter(found["advisory"] == str(one.advisory))))
        only = [UUID(one) for one in found["organisation"].unique().to_list()]
        return [key for key in concerned if _execute(_CONCERNS, {**_values(known[key]), "only": only})]


def rematch(products: Sequence[UUID]) -> list[tuple[UUID, int]]:
    """Match again what is called as these products are, for an analyst said something of a name.

    What is met no more ends; gives the versions that concern somebody now.
    """
    from dijkwacht.rooms.advisories.catalogue import reads as names
    from dijkwacht.rooms.advisories.inventory.models import Line, Name
    from dijkwacht.rooms.advisories.inventory.names import keys

    with tenancy.acting(RUNNER):
        wanted = {key for vendor, value in names.called(products) for key in keys(vendor, value)}
        found = Name.objects.filter(keys__overlap=sorted(wanted)).values_list("digest", flat=True)
        lines = list(Line.objects.filter(name__in=list(found), removed_at=None).values_list("id", flat=True))
        standing = published.library().current()
        still = find(standing, lines).select("advisory", "line", "vulnerability").unique()
        columns = [still[name].to_list() for name in still.columns]
        with connection.cursor() as cursor:
            cursor.execute(_MET_NO_MORE, [lines, *columns])
    return run_lines(lines)


def _values(one: published.Published) -> dict[str, Any]:
    import hashlib

    remedies = published.library().statements([(one.advisory, one.version)])
    said = sorted({row or "" for row in remedies["remedy"].to_list()})
    return {
        "advisory": one.advisory,
        "version": one.version,
        "severity": one.severity,
        "urgent": one.urgent,
        "withdrawn": one.withdrawn,
        "sectors": list(one.sectors),
        "digest": hashlib.sha256("\n".join(said).encode()).hexdigest()[:32],
    }


def _subscribers() -> list[UUID]:
    from dijkwacht.rooms.services import reads as services

    return list(services.subscribers(RUNNER, "advisories").values_list("organisation_id", flat=True))


def _execute(statement: str, values: dict[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)
