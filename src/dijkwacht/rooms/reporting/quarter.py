"""The quarterly summary for ENISA: the incidents as they stood at a moment, counted (Cbw 39(5), NIS2 23(9)).

Only what never changes is read: versions of reports and judgements, each with the moment at which it came. So the same
day gives the same bytes, whatever was filed, judged or closed since.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.kernel.clock import legal_date
from dijkwacht.kernel.rsit import taxonomy
from dijkwacht.law.incidents.spoc import Counted, Summary, quarter, summarise
from dijkwacht.rooms.registry.history import AsOf
from dijkwacht.rooms.reporting import reads, rules
from dijkwacht.rooms.reporting.errors import InvalidValue, NotAllowed
from dijkwacht.rooms.reporting.judging.models import Judgement
from dijkwacht.rooms.reporting.models import Report
from dijkwacht.rooms.reporting.questions import CAUSES

OLDEST: Final = 2016  # the first year of NIS; before it nothing was reported
UNKNOWN: Final = "unknown"
SEVERAL: Final = "several"  # an entity in more than one sector counts once
KINDS: Final = {"near-miss": "near-miss", "threat": "threat", "vulnerability": "threat"}
# A name that a program made up could name somebody: only what these lists hold is counted by its name.
KNOWN_CAUSES: Final = {name for name, _label in CAUSES if name}


@dataclass(frozen=True, slots=True)
class Quarterly:
    """The summary, and the moment that it is of."""

    as_of: AsOf
    summary: Summary

    def as_json(self) -> dict[str, Any]:
        """Return it as the file has it."""
        return {**self.as_of.heading(), **self.summary.as_json()}

    def content(self) -> bytes:
        """Return the file: the same moment gives the same bytes."""
        return json.dumps(self.as_json(), ensure_ascii=False, indent=1).encode() + b"\n"


def quarterly(actor: Actor, as_of: AsOf) -> Quarterly:
    """Count the whole quarter before a day, as it stood then. Raises NotAllowed, InvalidValue."""
    if not rules.may_handle(actor):
        raise NotAllowed
    day = as_of.day or timezone.localdate(as_of.moment)
    if day.year < OLDEST:
        raise InvalidValue(
            field="as_of", reason_nl=f"een dag vanaf {OLDEST} is bedoeld", reason_en=f"give a day from {OLDEST} on"
        )
    first, last = quarter(day)
    since, until = _start(first), _start(last + timedelta(days=1))
    latest = _latest(reads.reports_received(actor, since, until, as_of.moment))
    judged = _judged(latest, as_of.moment)
    return Quarterly(as_of, summarise([_counted(row, judged.get(key)) for key, row in latest.items()], day))


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _latest(rows: Iterable[Report]) -> dict[UUID, Report]:
    """Return of every incident the version that was the last, of rows in order."""
    return {row.incident_id: row for row in rows}


def _judged(latest: Mapping[UUID, Report], moment: datetime) -> dict[UUID, bool]:
    """Return the last judgement of each incident that decided something: criteria that cannot say decide nothing."""
    rows = Judgement.objects.filter(incident_id__in=list(latest), at__lte=moment).exclude(significant=None)
    return {one.incident_id: bool(one.significant) for one in rows.order_by("at", "id")}


def _counted(row: Report, judged: bool | None) -> Counted:
    facts = (row.content or {}).get("facts") or {}
    significant = bool(facts.get("significant")) if judged is None else judged
    kind = KINDS.get(str(facts.get("kind")), "significant" if significant else "incident")
    found = str(facts.get("incident_type") or "").partition("/")[0]
    cause = str(facts.get("cause") or UNKNOWN)
    return Counted(
        received=legal_date(row.incident.received_at),
        kind=kind,
        sector=SEVERAL if len(row.sectors) > 1 else next(iter(row.sectors), UNKNOWN),
        incident_type=found if found in taxonomy() else UNKNOWN,
        cause=cause if cause in KNOWN_CAUSES else UNKNOWN,
        cross_border=bool(facts.get("cross_border") or facts.get("member_states")),
    )
