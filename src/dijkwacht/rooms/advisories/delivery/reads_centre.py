"""What the centre sees of one advisory: who was told, what each answered, and how it went on."""

from typing import Any
from uuid import UUID

from django.db.models import Count
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.accounts.permissions import allows
from dijkwacht.rooms.advisories.delivery.errors import NotAllowed, NotFound
from dijkwacht.rooms.advisories.delivery.models import Concern, Exposure, Match, Telling
from dijkwacht.rooms.advisories.delivery.reads import READ, asked_of, current_version
from dijkwacht.rooms.advisories.delivery.rules import SETTLED, Answer
from dijkwacht.rooms.advisories.inventory.models import Line
from dijkwacht.rooms.advisories.inventory.rules import SBOM


def reach_of(actor: Actor, advisory: UUID) -> list[dict[str, Any]]:
    """Return for the centre who was told of an advisory, by which ground and way, and what each answered.

    Raises NotAllowed, NotFound when it is neither published nor was told to anybody.
    """
    if not (actor.is_centre and allows(actor, READ)):
        raise NotAllowed
    rows = Concern.objects.filter(advisory=advisory).order_by("organisation_id", "-version").distinct("organisation_id")
    newest = {row.organisation_id: row for row in rows.select_related("organisation")}
    if not newest and current_version(advisory) is None:
        raise NotFound
    ways: dict[UUID, list[Telling]] = {}
    for telling in Telling.objects.filter(advisory=advisory).select_related("organisation").order_by("created_at"):
        ways.setdefault(telling.about_id, []).append(telling)
    answers: dict[UUID, list[Exposure]] = {}
    for answer in Exposure.objects.filter(advisory=advisory).order_by("-at", "-id"):
        answers.setdefault(answer.organisation_id, []).append(answer)
    asked = asked_of(newest, [advisory])
    found = [
        {
            "organisation": row.organisation,
            "concern": row,
            "ways": ways.get(key, []),
            "answer": next((one for one in answers.get(key, []) if asked[key, advisory].by(one)), None),
            "answers": answers.get(key, []),
        }
        for key, row in newest.items()
    ]
    return sorted(found, key=lambda one: (one["answer"] is not None, one["concern"].verdict, one["organisation"].name))


def answered_by_day(actor: Actor, advisory: UUID) -> list[dict[str, Any]]:
    """Return by day how many of those it concerns had answered, mitigated and patched by then. Raises NotAllowed."""
    if not (actor.is_centre and allows(actor, READ)):
        raise NotAllowed
    concerned = set(
        Concern.objects.filter(advisory=advisory, ground="match")
        .exclude(verdict="not_affected")
        .values_list("organisation_id", flat=True)
    )
    last: dict[UUID, str] = {}
    days: dict[Any, dict[str, Any]] = {}
    rows = Exposure.objects.filter(advisory=advisory, organisation_id__in=concerned).order_by("at", "id")
    for row in rows:
        last[row.organisation_id] = row.answer
        done = sum(answer in SETTLED for answer in last.values())
        patched = sum(answer in {Answer.PATCHED, Answer.NOT_AFFECTED} for answer in last.values())
        day = timezone.localdate(row.at)
        days[day] = {
            "day": day,
            "answered": len(last),
            "settled": done,
            "patched": patched,
            "share": round(100 * patched / len(concerned)) if concerned else 0,
        }
    return list(days.values())


def counts(actor: Actor, advisory: UUID, *, sbom: bool = False) -> dict[str, Any]:
    """Return the statistics that CSAF 2.0 9.1.13 and 9.1.17 ask: lines that match at all, and by status.

    `sbom`: of components alone.

    Raises NotAllowed.
    """
    if not (actor.is_centre and allows(actor, READ)):
        raise NotAllowed
    rows = Match.objects.filter(advisory=advisory, ended_at=None)
    if sbom:
        rows = rows.filter(line_id__in=Line.objects.filter(source__in=SBOM).values("id"))
    by_status = rows.order_by().values("status").annotate(n=Count("line_id", distinct=True))
    return {
        "lines": rows.aggregate(n=Count("line_id", distinct=True))["n"],
        "organisations": rows.aggregate(n=Count("organisation_id", distinct=True))["n"],
        "status": {row["status"]: row["n"] for row in by_status},
    }
