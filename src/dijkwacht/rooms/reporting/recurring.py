"""Is it significant, with the earlier incidents of the same organisation (Regulation (EU) 2024/2690, article 4)?"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from dijkwacht.law import incidents
from dijkwacht.law.incidents import Answer, IncidentRecord, RecordNotUsable, Verdict
from dijkwacht.law.incidents.record import Earlier
from dijkwacht.rooms.reporting import terms
from dijkwacht.rooms.reporting.confidential import reads as confidential
from dijkwacht.rooms.reporting.judging.models import Unreported
from dijkwacht.rooms.reporting.models import Incident

# The law's six months are counted by `significance.together`, from when each was noticed. Nothing noticed within them
# came in before they began, so this bound, somewhat longer, loses none.
BACK: Final = timedelta(days=190)

Told = tuple[UUID, str, Mapping[str, Any], datetime]


def verdict(incident: Incident) -> Verdict:
    """Judge an incident by the criteria of its day (Cbw 25(2), Regulation 2024/2690), with the earlier ones."""
    record, day = terms.record_of(incident), terms.day_of(incident)
    record = record.model_copy(update={"own": {**record.own, **confidential.own_facts(incident.id)}})
    return judge(record, day, incident.organisation_id, but=incident.id)


def judge(record: IncidentRecord, day: date, organisation: UUID | None, but: UUID | None = None) -> Verdict:
    """Judge a record of an organisation with the earlier incidents that it told us of; `but`: not that one."""
    found = [*record.earlier, *(_earlier(record, day, organisation, but) if organisation else ())]
    once = {(one.detected, same(one.root_cause)): one for one in found}
    overlay = confidential.overlay(organisation, day)
    return incidents.judge(record, day, overlay=overlay, earlier=tuple(once.values()))


def same(cause: str | None) -> str:
    """Return a cause as it is compared."""
    return " ".join((cause or "").casefold().split())


def _earlier(record: IncidentRecord, day: date, organisation: UUID, but: UUID | None) -> Iterator[Earlier]:
    """Yield the earlier ones of the same cause that were not significant by themselves; no other is opened further."""
    cause = same(record.root_cause_key)
    if not cause:
        return
    for key, number, facts, at in _told(organisation, day - BACK):
        if key == but or same(str(facts.get("root_cause_key") or "")) != cause:
            continue
        found = _one(number, facts, at, organisation)
        if found is not None:
            yield found


def _told(organisation: UUID, since: date) -> Iterator[Told]:
    """Yield key, number, facts and day of what an organisation reported, or said why it did not."""
    rows = Incident.objects.filter(organisation_id=organisation, received_at__date__gte=since)
    for row in rows.order_by("received_at", "id"):
        yield row.id, row.number, row.facts or {}, row.awareness_at or row.received_at
    for one in Unreported.objects.filter(organisation_id=organisation, at__date__gte=since).order_by("at", "id"):
        yield one.id, one.number, one.facts or {}, one.at


def _one(number: str, facts: Mapping[str, Any], at: datetime, organisation: UUID) -> Earlier | None:
    try:
        record = IncidentRecord.read(facts)
        day = record.first_known() or at.date()
        alone = incidents.judge(record, day, overlay=confidential.overlay(organisation, day), earlier=())
    except RecordNotUsable:  # a type of entity that ended since: it cannot be judged, so it cannot be added up
        return None
    if alone.significant is Answer.YES or not record.root_cause_key:
        return None
    noticed = record.detection or record.occurrence or record.awareness or at
    return Earlier(detected=noticed, root_cause=record.root_cause_key, loss_eur=record.loss_eur, reference=number)
