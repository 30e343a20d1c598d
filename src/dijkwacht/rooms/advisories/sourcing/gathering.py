"""Matters from items: vulnerabilities that only ever occur together are one matter; what each sums up to.

Nothing is parted by the machine: an analyst who looked at a matter finds it again. What joins, leaves a trace.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID, uuid4

from django.db import connection
from django.utils import timezone

from dijkwacht.platform.database.inserting import insert
from dijkwacht.rooms.advisories.sourcing import models, rules
from dijkwacht.rooms.advisories.sourcing.storing import Stored

_SUMS: Final = """
with mine as (select name, matter_id from advisories_vulnerability where matter_id = any(%s)),
said as (select mine.matter_id, n.* from mine join advisories_naming n on n.name = mine.name),
counted as (select mine.matter_id, count(*) as names, min(mine.name) as name, max(c.epss) as epss,
  string_agg(mine.name, ' ') as words from mine left join advisories_chance c on c.name = mine.name group by 1),
summed as (select matter_id, count(distinct item_id) as items, max(cvss) as cvss, min(exploited_on) as exploited,
  bool_or(ransomware) as ransomware, bool_or(active) as active,
  left(string_agg(distinct title, ' '), 4000) as titles from said group by 1),
titled as (select distinct on (s.matter_id) s.matter_id,
  case when c.names > 1 and s.bundles then i.title else s.title end as title
  from said s join counted c on c.matter_id = s.matter_id join advisories_item i on i.id = s.item_id
  order by s.matter_id, case when c.names > 1 and s.bundles then 0 else s.rank end, s.id),
products as (select mine.matter_id, left(string_agg(distinct s.vendor || ' ' || s.product, ' '), 8000) as words
  from mine join advisories_statement s on s.name = mine.name group by 1)
select c.matter_id, c.names, c.name, c.epss, coalesce(u.items, 0), u.cvss, u.exploited, coalesce(u.ransomware, false),
  coalesce(u.active, false), coalesce(t.title, c.name), concat_ws(' ', c.words, u.titles, p.words)
from counted c left join summed u using (matter_id) left join titled t using (matter_id)
left join products p using (matter_id)
"""
_UPDATE: Final = """
update advisories_matter m set names = n.names, name = n.name, epss = n.epss, items = n.items, cvss = n.cvss,
  exploited_on = n.exploited, ransomware = n.ransomware, active = n.active, title = n.title, weight = n.weight,
  words = to_tsvector('simple', n.words), last_changed = n.at
from unnest(%s::uuid[], %s::int[], %s::text[], %s::float[], %s::int[], %s::float[], %s::date[], %s::bool[], %s::bool[],
  %s::text[], %s::text[], %s::float[], %s::timestamptz[])
  as n(id, names, name, epss, items, cvss, exploited, ransomware, active, title, words, weight, at)
where m.id = n.id
"""
_CHANCES: Final = """
insert into advisories_chance (name, epss, percentile, "on")
select * from unnest(%s::text[], %s::float[], %s::float[], %s::date[])
on conflict (name) do update set epss = excluded.epss, percentile = excluded.percentile, "on" = excluded."on"
where advisories_chance."on" <= excluded."on" and (advisories_chance.epss, advisories_chance.percentile,
  advisories_chance."on") is distinct from (excluded.epss, excluded.percentile, excluded."on")
"""
_MOVED: Final = """
with now as (select v.matter_id, max(c.epss) as epss from advisories_vulnerability v
  join advisories_chance c on c.name = v.name group by 1),
old as (select m.id, m.epss, now.epss as new from advisories_matter m join now on now.matter_id = m.id
  where m.epss is distinct from now.epss for update of m)
update advisories_matter m set epss = old.new, weight = m.weight + %s * (old.new - coalesce(old.epss, 0))
from old where m.id = old.id returning m.id, old.epss, old.new
"""


@dataclass(slots=True)
class Gathered:
    """The matters that changed, each with why (one of events.WHYS), and those that became part of another."""

    changed: dict[UUID, str] = field(default_factory=dict)
    joinings: list[models.Joining] = field(default_factory=list)
    created: int = 0


def gather(stored: Stored) -> Gathered:
    """Bring the names of what was stored into matters, in the same transaction. Gives what changed."""
    done, names = Gathered(), stored.names | _beside({name for name, _ in stored.dropped})
    matters = dict(models.Vulnerability.objects.filter(name__in=names).values_list("name", "matter_id"))
    advisories = _advisories(names)
    new: dict[str, UUID] = {}
    for group in rules.together(advisories):
        _one_matter(group, matters, new, advisories, done)
    now = timezone.now()
    fresh = set(new.values()) - set(matters.values())
    insert([models.Matter(id=one, title="", name="", first_seen=now, last_changed=now) for one in sorted(fresh)])
    insert([models.Vulnerability(name=name, matter_id=matter) for name, matter in new.items()])
    done.created = len(fresh)
    _orphans(stored, matters | new, done)
    touched = {matter for name, matter in (matters | new).items() if name in names}
    touched |= {one.into for one in done.joinings}
    gone = {one.gone for one in done.joinings}
    sum_up(touched - gone, done, fresh)
    return done


def _beside(dropped: set[str]) -> set[str]:
    """Give the names that stand in an advisory with one that was dropped: they may be together now."""
    if not dropped:
        return set()
    items = models.Naming.objects.filter(name__in=dropped, bundles=True).values("item_id")
    return set(models.Naming.objects.filter(item_id__in=items).values_list("name", flat=True)) | dropped


def _advisories(names: set[str]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {name: set() for name in names}
    rows = models.Naming.objects.filter(name__in=names, bundles=True).values_list("name", "item_id")
    for name, item in rows.iterator(chunk_size=20_000):
        found[name].add(str(item))
    return {name: frozenset(items) for name, items in found.items()}


def _one_matter(
    group: list[str],
    matters: dict[str, UUID],
    new: dict[str, UUID],
    advisories: dict[str, frozenset[str]],
    done: Gathered,
) -> None:
    """Let the names of a group have one matter; where they had several, those become one."""
    had = {matters[name] for name in group if name in matters}
    if not had:
        stays = uuid4()
    elif len(had) == 1:
        stays = had.pop()
    else:
        item = UUID(min(advisories[group[0]]))
        stays = join(had, item=item, done=done)
        gone = had - {stays}
        matters.update({name: stays for name, matter in matters.items() if matter in gone})
    new.update({name: stays for name in group if name not in matters})


def join(
    had: set[UUID], *, item: UUID | None, done: Gathered, by: str = "", reason: str = "", into: UUID | None = None
) -> UUID:
    """Make matters one, with a trace for each that goes; gives the one that stays."""
    rows = {row.id: row for row in models.Matter.objects.filter(id__in=had)}
    best = rules.survivor((row.names, row.first_seen.timestamp(), str(row.id)) for row in rows.values())
    stays = into or UUID(best)
    for gone in sorted(had - {stays}):
        names = sorted(models.Vulnerability.objects.filter(matter_id=gone).values_list("name", flat=True))
        models.Vulnerability.objects.filter(matter_id=gone).update(matter_id=stays)
        models.Matter.objects.filter(id=gone).update(state="joined", joined=stays, last_changed=timezone.now())
        models.Matter.objects.filter(joined=gone).update(joined=stays)
        trace = models.Joining(gone=gone, into=stays, names=names, item_id=item, by=by, reason=reason)
        trace.save()
        done.joinings.append(trace)
        done.changed[stays] = "joined"
    if any(row.state == "new" for row in rows.values()):
        models.Matter.objects.filter(id=stays, state="settled").update(state="new")
    return stays


def _orphans(stored: Stored, matters: dict[str, UUID], done: Gathered) -> None:
    """An advisory without a CVE that names one now: its own matter becomes part of that vulnerability's."""
    if not stored.dropped:
        return
    left = set(models.Naming.objects.filter(name__in=[one for one, _ in stored.dropped]).values_list("name", flat=True))
    for name, item in stored.dropped:
        ours = models.Vulnerability.objects.filter(name=name).values_list("matter_id", flat=True).first()
        named = models.Naming.objects.filter(item_id=item).order_by("name").values_list("name", flat=True).first()
        target = matters.get(named or "")
        if name in left or ours is None or target is None or ours == target:
            continue
        still = models.Vulnerability.objects.filter(matter_id=ours).values("name")
        if not models.Naming.objects.filter(name__in=still).exists():
            join({ours, target}, item=item, done=done, into=target)
            models.Vulnerability.objects.filter(name=name).delete()


def sum_up(matters: Iterable[UUID], done: Gathered, fresh: set[UUID] = frozenset()) -> None:  # type: ignore[assignment]
    """Write what the items of these matters sum up to, and note why each changed."""
    wanted = sorted(matters)
    if not wanted:
        return
    before = {row.id: row for row in models.Matter.objects.filter(id__in=wanted).defer("words")}
    with connection.cursor() as cursor:
        cursor.execute(_SUMS, [wanted])
        rows = cursor.fetchall()
        now, columns = timezone.now(), defaultdict[int, list[Any]](list)
        for row in rows:
            known = before[row[0]]
            heavy = rules.weight(
                exploited=row[6] is not None, active=row[8], organisations=known.organisations, epss=row[3], cvss=row[5]
            )
            for number, value in enumerate((*row, heavy, now)):
                columns[number].append(value)
            done.changed[row[0]] = _why(known, row, fresh, done)
        cursor.execute(_UPDATE, [columns[number] for number in range(13)] if rows else [[]] * 13)


def _why(before: models.Matter, row: tuple[Any, ...], fresh: set[UUID], done: Gathered) -> str:
    if row[0] in fresh:
        return "new"
    if done.changed.get(row[0]) == "joined":
        return "joined"
    if (row[6] and not before.exploited_on) or (row[8] and not before.active):
        return "exploited"
    if rules.band(row[3]) != rules.band(before.epss) or row[5] != before.cvss:
        return "scores"
    return "statements"


def take_chances(rows: list[Any], on: Any) -> dict[UUID, str]:
    """Keep the chances of a day; gives the matters whose chance passed one of rules.SCORES_MOVED."""
    with connection.cursor() as cursor:
        columns = [
            [one.cve for one in rows],
            [one.epss for one in rows],
            [one.percentile for one in rows],
            [on] * len(rows),
        ]
        cursor.execute(_CHANCES, columns)
        cursor.execute(_MOVED, [rules.EPSS])
        moved = cursor.fetchall()
    return {matter: "scores" for matter, old, new in moved if rules.band(old) != rules.band(new)}
