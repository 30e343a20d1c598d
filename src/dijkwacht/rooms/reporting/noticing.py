"""What the system sees by itself in a report: indicators, the same incident elsewhere, whether it is significant."""

import hmac
from collections.abc import Collection
from dataclasses import asdict
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from dijkwacht.law.incidents import Answer, Fired, Verdict
from dijkwacht.platform.crypto import secrets
from dijkwacht.rooms.reporting import indicators as recognising
from dijkwacht.rooms.reporting import recurring
from dijkwacht.rooms.reporting.confidential import reads as confidential
from dijkwacht.rooms.reporting.confidential.models import OwnCriterion, OwnFired
from dijkwacht.rooms.reporting.judging.models import Judgement, Likeness
from dijkwacht.rooms.reporting.models import Incident, Indicator
from dijkwacht.rooms.reporting.rules import State
from dijkwacht.rooms.reporting.scheduling import CLERK

KEY: Final = "reporting-indicator-key"
NEAR: Final = timedelta(hours=48)  # two incidents of one entity that began so close may be one
MOST_LIKE: Final = 20  # shown to the officer for one incident
COMMON: Final = 20  # an indicator in more incidents than this says nothing about two of them


def _digest(found: recognising.Found) -> str:
    """Return a keyed hash: equal indicators are found, and nobody tries all addresses without the key."""
    key = secrets.load(settings.HOME, KEY)
    return hmac.new(key, f"{found.kind}\n{found.value}".encode(), "sha256").hexdigest()


def indicators(incident: Incident) -> None:
    """Keep every indicator of the facts, once."""
    listed = (incident.facts or {}).get("indicators") or ()
    found = {_digest(one): one for one in recognising.recognise("\n".join(map(str, listed)))}
    known = set(Indicator.objects.filter(incident=incident).values_list("digest", flat=True))
    rows = []
    for digest, one in found.items():
        if digest in known:
            continue
        row = Indicator(incident=incident, organisation_id=incident.organisation_id, kind=one.kind, digest=digest)
        row.value = one.value
        rows.append(row)
    Indicator.objects.bulk_create(rows)


def likenesses(incident: Incident, apart: Collection[UUID] = ()) -> None:
    """Propose the incidents that may be this one: of the same entity at about the same time, or with an indicator.

    `apart`: those of the same event of a provider, which are linked already. In one statement: in a crisis everybody
    reports the same, and each report is like many. What stands, stands.
    """
    rows = []
    for other, reasons in _alike(incident, apart).items():
        first, second = sorted((incident.id, other), key=str)
        rows.append(Likeness(first_id=first, second_id=second, reasons=sorted(reasons)))
    Likeness.objects.bulk_create(rows, ignore_conflicts=True)


def _alike(incident: Incident, apart: Collection[UUID]) -> dict[Any, set[str]]:
    found: dict[Any, set[str]] = {}
    began = incident.occurrence_at or incident.received_at
    if incident.organisation_id:
        near = Q(occurrence_at__range=(began - NEAR, began + NEAR)) | Q(
            occurrence_at=None, received_at__range=(began - NEAR, began + NEAR)
        )
        same = Incident.objects.filter(near, organisation_id=incident.organisation_id).exclude(id=incident.id)
        for other in same.values_list("id", flat=True)[:MOST_LIKE]:
            found.setdefault(other, set()).add("entity-and-time")
    for digest in Indicator.objects.filter(incident=incident).values_list("digest", flat=True):
        rows = Indicator.objects.filter(digest=digest).exclude(incident=incident).exclude(incident_id__in=apart)
        others = list(rows.values_list("incident_id", flat=True)[: COMMON + 1])
        for other in others if len(others) <= COMMON else ():
            found.setdefault(other, set()).add("indicator")
    return dict(list(found.items())[:MOST_LIKE])


def judgement(incident: Incident) -> None:
    """Judge by the criteria of the law, and keep the verdict with its day when it changed."""
    found = recurring.verdict(incident)
    told = as_json(found)
    last = Judgement.objects.filter(incident=incident).first()
    if last is not None and last.verdict == told:
        return
    significant = {Answer.YES: True, Answer.NO: False}.get(found.significant)
    made = Judgement.objects.create(
        incident=incident,
        organisation_id=incident.organisation_id,
        significant=significant,
        verdict=told,
        by=CLERK.id,
    )
    confidential_fired(incident, made, found)
    if incident.state != State.CLOSED:
        Incident.objects.filter(id=incident.id).update(significant=significant)
        incident.significant = significant


def confidential_fired(incident: Incident, judgement: Judgement, found: Verdict) -> None:
    """Keep which confidential criteria a judgement met, where only the entity, its authority and officers read it."""
    codes = {one.code for one in found.fired if one.confidential}
    if codes and incident.organisation_id:
        rows = OwnCriterion.objects.filter(organisation_id=incident.organisation_id)
        OwnFired.objects.bulk_create(
            OwnFired(
                judgement=judgement,
                criterion=row,
                organisation_id=row.organisation_id,
                authority_id=row.authority_id,
            )
            for row in rows
            if confidential.code(row) in codes
        )


def as_json(verdict: Verdict) -> dict[str, Any]:
    """Return a verdict as JSON, without anything of confidential criteria: others read it (Cbb 23(4))."""
    found = verdict.without_confidential()
    return {
        "significant": str(found.significant),
        "fired": [_plain(one) for one in found.fired],
        "excluded": [_plain(one) for one in found.excluded],
        "missing": list(found.missing),
        "provisional": [_plain(one) for one in found.provisional],
    }


def _plain(one: Fired) -> dict[str, Any]:
    """Return it as JSON gives it back, so that a verdict that was kept equals one that is the same."""
    return {**asdict(one), "with_earlier": list(one.with_earlier)}
