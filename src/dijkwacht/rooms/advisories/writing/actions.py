"""Every change to an advisory: begun, written, offered, given back, approved and so published, withdrawn."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.accounts.permissions import allows
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.advisories import events
from dijkwacht.rooms.advisories.assessing import reads as assessing
from dijkwacht.rooms.advisories.publishing import filing, gate
from dijkwacht.rooms.advisories.writing import reads, rules
from dijkwacht.rooms.advisories.writing.content import Content, Text, encode
from dijkwacht.rooms.advisories.writing.errors import (
    ChangedMeanwhile,
    FourEyes,
    MayNotWrite,
    NotComplete,
    NotNow,
    ReasonMissing,
    UnknownRecipient,
)
from dijkwacht.rooms.advisories.writing.models import Advisory, Counter, Named, Recipient, Version
from dijkwacht.rooms.advisories.writing.releasing import FIRST, release_of
from dijkwacht.rooms.registry import reads as registry

LONGEST: Final = 500


def _require(actor: Actor, permission: str = "advisories:write") -> None:
    if not allows(actor, permission):
        raise MayNotWrite


@transaction.atomic
def begin(*, actor: Actor, content: Content | None = None, matter: UUID | None = None) -> Advisory:
    """Begin an advisory, of a matter or from nothing. Raises MayNotWrite."""
    _require(actor)
    written = content or Content()
    row = Advisory(matter=matter, content=encode(written), title=_title(written))
    _touched(row, actor)
    row.save()
    record(actor=actor, action="advisories:advisory:begin", target=("advisory", row.id), detail={"matter": matter})
    return row


@transaction.atomic
def save(*, actor: Actor, advisory: UUID, content: Content, change: int, sitting: str = "") -> Advisory:
    """Keep the text. `change`: the count that the writer had open; who is behind overwrites nothing.

    `sitting`: one page that was opened; what it kept itself while somebody typed does not stand in its way.

    Raises MayNotWrite, AdvisoryNotFound, NotNow, ChangedMeanwhile.
    """
    _require(actor)
    row = _open(actor, advisory, change, sitting)
    if encode(content) == bytes(row.content):
        return row
    row.content, row.title = encode(content), _title(content)
    if row.state == "published":
        row.state = "draft"
    row.change += 1
    row.sitting = sitting[:36]
    _touched(row, actor)
    row.save()
    record(
        actor=actor,
        action="advisories:advisory:save",
        target=("advisory", row.id),
        detail={"change": row.change, "number": row.number},
    )
    return row


@transaction.atomic
def offer(*, actor: Actor, advisory: UUID, change: int, summary: Text, withdrawing: bool = False) -> Advisory:
    """Ask somebody else to approve the text, or that the advisory is withdrawn. `summary`: what this version changes.

    Raises MayNotWrite, AdvisoryNotFound, NotNow, ChangedMeanwhile, NotComplete, ReasonMissing, GateClosed,
    ValidatorMissing.
    """
    _require(actor)
    row = _open(actor, advisory, change)
    if withdrawing and row.number is None:
        raise NotNow(state=row.state)
    told = summary if row.number else FIRST
    if not (told.nl.strip() and told.en.strip()):
        raise ReasonMissing
    if not withdrawing and (found := list(rules.missing(reads.content_of(row)))):
        raise NotComplete(fields=[name for name, _ in found])
    row.summary_nl, row.summary_en = told.nl.strip()[:LONGEST], told.en.strip()[:LONGEST]
    row.withdrawing, row.state, row.offered_by, row.returned = withdrawing, "offered", actor.id, ""
    gate.pass_(release_of(row))
    row.save()
    record(
        actor=actor,
        action="advisories:advisory:offer",
        target=("advisory", row.id),
        detail={"withdrawing": withdrawing, "number": row.number},
    )
    return row


@transaction.atomic
def give_back(*, actor: Actor, advisory: UUID, reason: str) -> Advisory:
    """Give an offered text back to be worked on. Raises MayNotWrite, AdvisoryNotFound, NotNow."""
    _require(actor)
    row = reads.access_advisory(actor, advisory, lock=True)
    if row.state != "offered":
        raise NotNow(state=row.state)
    row.state, row.withdrawing, row.returned, row.change = "draft", False, reason.strip()[:1000], row.change + 1
    row.save()
    record(
        actor=actor,
        action="advisories:advisory:give-back",
        target=("advisory", row.id),
        detail={"reason": row.returned},
    )
    return row


@transaction.atomic
def approve(*, actor: Actor, advisory: UUID) -> Version:
    """Publish an offered text as the next version, with its number, documents, hashes and signatures.

    Raises MayNotWrite, AdvisoryNotFound, NotNow, FourEyes, GateClosed, ValidatorMissing.
    """
    _require(actor, "advisories:approve")
    row = reads.access_advisory(actor, advisory, lock=True)
    if row.state != "offered":
        raise NotNow(state=row.state)
    if not rules.may_approve(actor.id, row.changed_by, row.offered_by, assessing.assessed_by(row.matter)):
        raise FourEyes
    if row.number is None:
        row.number = _next_number()
    release, named = release_of(row), _named(row)
    version = filing.file(row, release, gate.pass_(release), written_by=row.changed_by, approved_by=actor.id)
    Named.objects.bulk_create(Named(version=version, organisation_id=one) for one in named)
    row.state = "withdrawn" if row.withdrawing else "published"
    row.save()
    record(
        actor=actor,
        action="advisories:advisory:publish",
        target=("advisory", row.id),
        detail={
            "number": row.number,
            "version": version.version,
            "tlp": version.tlp,
            "withdrawn": version.withdrawn,
            "sha256": {one.csaf: one.sha256 for one in version.documents.all()},
        },
    )
    events.advisory_published.send(sender=Version, advisory=row.id, version=version.version, actor=actor)
    return version


@transaction.atomic
def discard(*, actor: Actor, advisory: UUID) -> None:
    """Throw away a text of which nothing was ever published. Raises MayNotWrite, AdvisoryNotFound, NotNow."""
    _require(actor)
    row = reads.access_advisory(actor, advisory, lock=True)
    if row.number is not None or row.state != "draft":
        raise NotNow(state=row.state)
    Recipient.objects.filter(advisory_id=row.id).delete()
    record(actor=actor, action="advisories:advisory:discard", target=("advisory", row.id))
    row.delete()


@transaction.atomic
def set_recipients(*, actor: Actor, advisory: UUID, names: Iterable[str]) -> None:
    """Say for which organisations the text is, above TLP:GREEN; it counts from the version that is approved next.

    Raises MayNotWrite, AdvisoryNotFound, NotNow, UnknownRecipient.
    """
    _require(actor)
    row = reads.access_advisory(actor, advisory, lock=True)
    if row.state not in rules.EDITABLE:
        raise NotNow(state=row.state)
    wanted = {}
    for name in filter(None, (one.strip() for one in names)):
        found = registry.organisation_called(actor, name)
        if found is None:
            raise UnknownRecipient(name=name[:200])
        wanted[found.id] = found
    held = set(Recipient.objects.filter(advisory_id=row.id).values_list("organisation_id", flat=True))
    if held == set(wanted):
        return
    Recipient.objects.filter(advisory_id=row.id).exclude(organisation_id__in=wanted).delete()
    Recipient.objects.bulk_create(
        Recipient(advisory_id=row.id, organisation_id=one, added_by=actor.id) for one in wanted if one not in held
    )
    if row.state == "published":
        row.state = "draft"
    _touched(row, actor)  # so another one approves for whom it is
    row.save()
    record(
        actor=actor,
        action="advisories:advisory:recipients",
        target=("advisory", row.id),
        detail={"organisations": sorted(map(str, wanted))},
    )


def _named(row: Advisory) -> list[UUID]:
    """For whom the version is that is approved now: a withdrawal reaches whom the withdrawn one did."""
    if row.withdrawing:
        rows: QuerySet[Named] | QuerySet[Recipient] = Named.objects.filter(version__advisory=row, version__newest=True)
    else:
        rows = Recipient.objects.filter(advisory_id=row.id)
    return list(rows.values_list("organisation_id", flat=True))


def _next_number() -> str:
    """Give the next number of this year, under the lock of its counter until the transaction ends."""
    year = timezone.localdate().year
    with connection.cursor() as cursor:
        cursor.execute(
            f'insert into "{Counter._meta.db_table}" (year, last) values (%s, 1) '
            f"on conflict (year) do update set last = {Counter._meta.db_table}.last + 1 returning last",
            [year],
        )
        (count,) = cursor.fetchone()
    return rules.number(settings.ADVISORY_PREFIX, year, count)


def _open(actor: Actor, advisory: UUID, change: int, sitting: str = "") -> Advisory:
    row = reads.access_advisory(actor, advisory, lock=True)
    own = bool(sitting) and row.sitting == sitting and row.changed_by == actor.id
    if row.change != change and not own:
        raise ChangedMeanwhile(name=row.changed_name or row.changed_by)
    if row.state not in rules.EDITABLE:
        raise NotNow(state=row.state)
    return row


def _title(content: Content) -> str:
    return (content.title.nl or content.title.en)[:300]


def _touched(row: Advisory, actor: Actor) -> None:
    row.changed_at, row.changed_by, row.changed_name = timezone.now(), actor.id, actor.name[:150]
