"""Changes: items come in, what was set aside is tried again, matters are joined by hand and settled."""

import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from dijkwacht.feeds.advisories.catalogue import Source
from dijkwacht.kernel.actor import Actor
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts.permissions import allows
from dijkwacht.platform.audit.record import Fact, record, record_many
from dijkwacht.rooms.advisories.sourcing import gathering, models, rules, storing
from dijkwacht.rooms.advisories.sourcing.changed import tell
from dijkwacht.rooms.advisories.sourcing.errors import (
    AlreadyDone,
    NoMatter,
    NoOther,
    NoSource,
    NotAllowed,
    ReasonNeeded,
    SameMatter,
    StillWrong,
)
from dijkwacht.rooms.advisories.sourcing.known import sources
from dijkwacht.rooms.advisories.sourcing.reading import NOT_VOUCHED, File, read, source_of

AT_ONCE: Final = 1_000  # files of one transaction
BYTES_AT_ONCE: Final = 64 << 20
MOST_TOLD: Final = 200


@dataclass(slots=True)
class Report:
    """What a taking did: files seen, items new, changed, the same as before, older than known; set aside; chances."""

    files: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    older: int = 0
    aside: int = 0
    aside_before: int = 0  # set aside an earlier time, and as it was: replay it, or let it go
    passed_over: int = 0  # listings, hashes and signatures: no items
    chances: int = 0
    matters: int = 0
    joined: int = 0
    sources: dict[str, int] = field(default_factory=dict)
    findings: list[str] = field(default_factory=list)  # of what was set aside, the first MOST_TOLD
    of_no_source: list[str] = field(default_factory=list)  # places of what was passed over, the first MOST_TOLD

    def as_dict(self) -> dict[str, Any]:
        """Give it as JSON."""
        return asdict(self)


def ingest(*, actor: Actor, files: Iterable[File], source: str = "") -> Report:
    """Take files in, a thousand at a time, each set in a transaction of its own.

    `source`: the slug they are of; empty: each says itself what it is. What is known already costs a hash.
    Raises NotAllowed, NoSource.
    """
    if not allows(actor, "advisories:write"):
        raise NotAllowed
    known = dict(sources())
    if source and source not in known:
        raise NoSource(source=source, known=", ".join(known))
    report = Report()
    for some in _sets(files):
        with tenancy.acting(actor):
            _take(actor, some, known.get(source), known, report)
    return report


def _sets(files: Iterable[File]) -> Iterator[list[File]]:
    waiting, size = [], 0
    for one in files:
        waiting.append(one)
        size += len(one.raw)
        if len(waiting) >= AT_ONCE or size >= BYTES_AT_ONCE:
            yield waiting
            waiting, size = [], 0
    if waiting:
        yield waiting


def _take(actor: Actor, files: list[File], named: Source | None, known: dict[str, Source], report: Report) -> None:
    by_source: dict[str, list[File]] = {}
    for one in files:
        found = named or source_of(one, known)
        report.files += 1
        if found is None:
            report.passed_over += 1
            report.of_no_source += [one.place] if report.passed_over <= MOST_TOLD else []
        else:
            by_source.setdefault(found.slug, []).append(one)
    storing.lock()
    for slug, some in sorted(by_source.items()):
        _take_of(actor, known[slug], some, report)


def _take_of(actor: Actor, source: Source, files: list[File], report: Report) -> None:
    """Take in files of one source."""
    digests = {one.digest: one for one in files}
    known = storing.known_hashes(source.slug, [*digests])
    before = storing.aside_before(source.slug, [*digests]) - known
    new = [one for digest, one in digests.items() if digest not in known | before]
    report.same += len(files) - len(new) - len(before)
    report.aside_before += len(before)
    items, aside = [], []
    for one in new:
        parsed = read(one, source)
        items += parsed.items
        aside += parsed.aside
        if parsed.chances and parsed.on:
            report.chances += len(parsed.chances)
            tell(gathering.take_chances(parsed.chances, parsed.on))
    stored = storing.store(source.slug, items)
    gathered = gathering.gather(stored)
    report.aside += storing.set_aside(source.slug, aside)
    report.findings += [f"{one.place}: {'; '.join(one.findings[:3])}" for one in aside][
        : MOST_TOLD - len(report.findings)
    ]
    _count(report, source.slug, stored, gathered)
    taken = {"files": len(files), "new": stored.new, "changed": stored.changed, "aside": len(aside)}
    record(actor=actor, action="advisories:items:take", target=("source", source.slug), detail=taken)
    _record_joinings(actor, gathered)
    tell(gathered.changed)


def _count(report: Report, slug: str, stored: storing.Stored, gathered: gathering.Gathered) -> None:
    report.new += stored.new
    report.changed += stored.changed
    report.same += stored.same
    report.older += stored.older
    report.matters += gathered.created
    report.joined += len(gathered.joinings)
    report.sources[slug] = report.sources.get(slug, 0) + stored.new + stored.changed


def _record_joinings(actor: Actor, gathered: gathering.Gathered) -> None:
    record_many(
        Fact(
            actor=actor,
            action="advisories:matter:join",
            target=("matter", one.gone),
            detail={"into": one.into, "item": one.item_id, "names": one.names, "reason": one.reason},
        )
        for one in gathered.joinings
    )


@transaction.atomic
def replay(*, actor: Actor, aside: UUID, despite: str = "") -> Report:
    """Try again what was set aside. `despite`: why a person takes a document that fails the check as it is.

    Raises NotAllowed, NoMatter, AlreadyDone, StillWrong.
    """
    row = _open_aside(actor, aside)
    source = sources().get(row.source)
    if source is None:
        raise NoSource(source=row.source, known=", ".join(sources()))
    if row.kind in NOT_VOUCHED and not despite.strip():
        raise StillWrong(findings="; ".join(row.findings)[:400])
    parsed = read(File(row.place, zlib.decompress(row.raw) if row.raw else b""), source, despite=bool(despite.strip()))
    if not parsed.items and not parsed.chances:
        raise StillWrong(findings="; ".join(one for found in parsed.aside for one in found.findings)[:400])
    storing.lock()
    report = Report(files=1)
    stored = storing.store(source.slug, parsed.items)
    gathered = gathering.gather(stored)
    _count(report, source.slug, stored, gathered)
    row.done_at, row.done_how = timezone.now(), despite.strip()[:500] or "replayed"
    row.save(update_fields=["done_at", "done_how"])
    record(
        actor=actor,
        action="advisories:aside:replay",
        target=("set-aside", aside),
        detail={"source": row.source, "despite": despite.strip()[:500], "findings": row.findings[:10]},
    )
    _record_joinings(actor, gathered)
    tell(gathered.changed)
    return report


@transaction.atomic
def let_go(*, actor: Actor, aside: UUID, reason: str) -> None:
    """Say that what was set aside need not come in. Raises NotAllowed, NoMatter, AlreadyDone, ReasonNeeded."""
    if not reason.strip():
        raise ReasonNeeded
    row = _open_aside(actor, aside)
    row.done_at, row.done_how = timezone.now(), reason.strip()[:500]
    row.save(update_fields=["done_at", "done_how"])
    detail = {"source": row.source, "reason": row.done_how}
    record(actor=actor, action="advisories:aside:let-go", target=("set-aside", aside), detail=detail)


def _open_aside(actor: Actor, aside: UUID) -> models.SetAside:
    if not allows(actor, "advisories:write"):
        raise NotAllowed
    row = models.SetAside.objects.select_for_update().filter(id=aside).first()
    if row is None:
        raise NoMatter
    if row.done_at is not None:
        raise AlreadyDone
    return row


@transaction.atomic
def join(*, actor: Actor, matter: UUID, other: str, reason: str) -> UUID:
    """Join another matter into this one: a person sees what no rule can. `other`: its id, or a CVE id; gives this one.

    Raises NotAllowed, NoMatter, NoOther, SameMatter, ReasonNeeded.
    """
    if not allows(actor, "advisories:write"):
        raise NotAllowed
    if not reason.strip():
        raise ReasonNeeded
    storing.lock()
    found = _matter_named(other)
    if not models.Matter.objects.filter(id=matter).exclude(state="joined").exists():
        raise NoMatter
    if found == matter:
        raise SameMatter
    done = gathering.Gathered()
    gathering.join({matter, found}, item=None, done=done, by=actor.id, reason=reason.strip()[:500], into=matter)
    gathering.sum_up([matter], done)
    record(
        actor=actor,
        action="advisories:matter:join",
        target=("matter", found),
        detail={"into": matter, "reason": reason.strip()[:500]},
    )
    tell({matter: "joined"})
    return matter


def _matter_named(text: str) -> UUID:
    """Find the matter of a CVE id or of an identifier. Raises NoOther."""
    text = text.strip()[:200]
    row = models.Vulnerability.objects.filter(name__in=(text.upper(), text)).first()
    if row is not None:
        return row.matter_id
    try:
        found = models.Matter.objects.filter(id=UUID(text)).exclude(state="joined").first()
    except ValueError as error:
        raise NoOther(other=text) from error
    if found is None:
        raise NoOther(other=text)
    return found.id


@transaction.atomic
def settle(*, actor: Actor, matter: UUID, settled: bool) -> None:
    """Take a matter off the list of what waits, or put it back on it. Raises NotAllowed, NoMatter."""
    if not allows(actor, "advisories:write"):
        raise NotAllowed
    state, rows = "settled" if settled else "new", models.Matter.objects.filter(id=matter).exclude(state="joined")
    if not rows.update(state=state):
        raise NoMatter
    record(actor=actor, action="advisories:matter:settle", target=("matter", matter), detail={"state": state})


@transaction.atomic
def count_organisations(*, actor: Actor, counts: Mapping[UUID, int]) -> None:
    """Say how many of our organisations run what a matter is about; the list is sorted by it. Raises NotAllowed."""
    if not allows(actor, "advisories:write"):
        raise NotAllowed
    now, rows = timezone.now(), [*models.Matter.objects.select_for_update().filter(id__in=counts).defer("words")]
    for row in rows:
        row.organisations, row.counted_at = counts[row.id], now
        row.weight = rules.weight(
            exploited=row.exploited_on is not None,
            active=row.active,
            organisations=row.organisations,
            epss=row.epss,
            cvss=row.cvss,
        )
    models.Matter.objects.bulk_update(rows, ["organisations", "weight", "counted_at"], batch_size=1_000)
    record(actor=actor, action="advisories:matters:count", target=("matters", "many"), detail={"matters": len(rows)})


@transaction.atomic
def ask_now(*, actor: Actor, source: str) -> None:
    """Ask for a source to be fetched at once. Raises NotAllowed, NoSource."""
    if not allows(actor, "advisories:write"):
        raise NotAllowed
    known = sources()
    if source not in known or not known[source].url:
        raise NoSource(source=source, known=", ".join(slug for slug, one in known.items() if one.url))
    models.SourceState.objects.update_or_create(slug=source, defaults={"asked": True})
    record(actor=actor, action="advisories:source:ask", target=("source", source))
