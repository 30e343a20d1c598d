"""Make the figures of a month, once: from then on they stay, whoever joins, leaves or asks again."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from dijkwacht.kernel.actor import Actor, Kind
from dijkwacht.platform.audit.record import record
from dijkwacht.platform.crypto import secrets
from dijkwacht.rooms.knowledge import privacy, published
from dijkwacht.rooms.knowledge.errors import NotAllowed
from dijkwacht.rooms.knowledge.figures import counting
from dijkwacht.rooms.knowledge.figures.models import Cell, Snapshot
from dijkwacht.rooms.knowledge.figures.reads import COUNT, HAPPENS
from dijkwacht.rooms.knowledge.privacy import Key

SECRET: Final = "knowledge-noise-key"  # noqa: S105 - the name of a key
Answers = Mapping[UUID, Mapping[str, str]]


@transaction.atomic
def make_month(*, actor: Actor, now: datetime | None = None) -> Snapshot | None:
    """Make the figures of the month, unless they were made. Raises NotAllowed unless a job of ours asks."""
    if actor.kind is not Kind.SYSTEM:
        raise NotAllowed
    moment = now or timezone.now()
    month = timezone.localtime(moment).date().replace(day=1)
    snapshot, new = Snapshot.objects.get_or_create(month=month)
    if not new:
        return None
    key = Key(secrets.load(settings.HOME, SECRET), month.isoformat())
    known = counting.sectors(actor)
    cells = [
        Cell(month=month, table=table, group=group, key=name, value=value)
        for table, group, name, value in _all(actor, moment, known, key)
    ]
    Cell.objects.bulk_create(cells)
    snapshot.cells = len(cells)
    snapshot.save(update_fields=["cells"])
    record(
        actor=actor,
        action="knowledge:figures:make",
        target=("month", month.isoformat()),
        detail={"cells": len(cells)},
    )
    return snapshot


def _all(actor: Actor, now: datetime, known: dict[UUID, str], key: Key) -> Iterator[tuple[str, str, str, int]]:
    for slug, instrument in published.instruments().items():
        answers = {one: said for one, said in counting.answers(slug, now).items() if one in known}
        codes = [one.code for one in instrument.statements]
        for group, name, value in _scan_cells(f"scan:{slug}", answers, known, codes, key):
            yield f"scan:{slug}", group, name, value
    for slug, organisations in sorted(counting.by_measure(counting.struck(actor, now)).items()):
        for sector, count in sorted(counting.per_sector(organisations, known).items()):
            if value := privacy.level(count, f"{HAPPENS}|{sector}|{slug}", key):
                yield HAPPENS, sector, slug, value


def _scan_cells(
    table: str, answers: Answers, sector_of: Mapping[UUID, str], codes: list[str], key: Key
) -> Iterator[tuple[str, str, int]]:
    """Yield group, key and value of what may be told of the answers to one scan."""
    sizes = counting.per_sector(answers, dict(sector_of))
    told = privacy.grouped(sizes)
    groups: dict[str, list[UUID]] = {privacy.ALL: list(answers)}
    for one in answers:
        if group := told.get(sector_of[one], ""):
            groups.setdefault(group, []).append(one)
    for group, members in sorted(groups.items()):
        about = privacy.size(len(members), f"{table}|{group}", key)
        if about is None:
            continue
        yield group, COUNT, about
        for code in codes:
            part = sum(answers[one].get(code) == "yes" for one in members)
            yield group, code, privacy.share(part, len(members), f"{table}|{group}|{code}", key)
