"""What the laws make of an incident of ours: which apply, what each still asks, and by when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from dijkwacht.kernel.clock import legal_date
from dijkwacht.law import incidents
from dijkwacht.law.incidents import Answer, Due, IncidentRecord, Projection, Regime
from dijkwacht.law.incidents.wbni import IN_FORCE
from dijkwacht.rooms.reporting import duties
from dijkwacht.rooms.reporting.leaving import rules as leaving
from dijkwacht.rooms.reporting.models import Incident, Report
from dijkwacht.rooms.reporting.rules import Stage

PRIMARY: Final = "cbw"  # the law that every report of an entity falls under first; voluntary reports too (Cbw 33)
ANSWER: Final = "answer"  # the centre's duty that a person's first message meets (Cbw 36)
Filed = Mapping[tuple[str, str], datetime]  # regime, stage -> first submission


def filed_of(reports: Iterable[Report]) -> dict[tuple[str, str], datetime]:
    """Return when each stage was first submitted; later versions move nothing."""
    found: dict[tuple[str, str], datetime] = {}
    for report in reports:
        key = (report.regime, report.stage)
        found[key] = min(found.get(key, report.submitted_at), report.submitted_at)
    return found


def stages_filed(filed: Filed, regime: str = PRIMARY) -> set[Stage]:
    """Return the stages that were submitted under one law."""
    return {Stage(stage) for known, stage in filed if known == regime and stage in set(Stage)}


def record_of(incident: Incident, regime: Regime | None = None, filed: Filed | None = None) -> IncidentRecord:
    """Return the record of facts, with the moments that our rows hold in the place of what was said later."""
    moments: dict[str, Any] = {
        "awareness": incident.awareness_at,
        "handled": incident.handled_at,
        "receipt": incident.received_at,
    }
    for stage in regime.stage if regime else ():
        at = (filed or {}).get((regime.slug, stage.code)) if regime else None
        if stage.submitted and at:
            moments[stage.submitted] = at
    if moments.get("notification"):  # it holds all that an early warning holds
        moments.setdefault("early_warning", moments["notification"])
    known = {name: moment for name, moment in moments.items() if moment is not None}
    return IncidentRecord.read({**(incident.facts or {}), **known})


def day_of(incident: Incident) -> date:
    """Return the day whose law holds: on which the entity became aware, else on which we received it."""
    return legal_date(incident.awareness_at or incident.received_at)


def text_for(incident: Incident, slug: str) -> Regime | None:
    """Return the text of a law that holds for an incident.

    A report from before the Cbw that counts as an early warning has the terms of the Cbw's first text (Cbw 95(2)).
    """
    regimes, on = incidents.house_regimes(), day_of(incident)
    if slug == PRIMARY and legal_date(incident.received_at) < IN_FORCE:
        return regimes.nearest(slug, on)
    return regimes.on(slug, on)


def projections(incident: Incident, filed: Filed) -> list[Projection]:
    """Return what each law in force makes of an incident: those that apply, those that may, those that do not.

    Types of entity, and who watches over them, exist since the Cbw: an older incident has those of its first day.
    """
    on, regimes = day_of(incident), incidents.house_regimes()
    found = [
        incidents.project(record_of(incident, regime, filed), regime, max(on, IN_FORCE))
        for slug in regimes
        if (regime := text_for(incident, slug)) is not None
    ]
    order = (Answer.YES, Answer.UNKNOWN, Answer.NO)
    return sorted(found, key=lambda one: (order.index(one.applies), one.regime != PRIMARY, one.regime))


def begun(incident: Incident, slug: str, filed: Filed) -> bool:
    """Tell whether a part of what makes a law apply to an incident is certain: it must not be overlooked."""
    regime = text_for(incident, slug)
    return regime is not None and incidents.begun(record_of(incident, regime, filed), regime)


@dataclass(frozen=True, slots=True)
class Clock:
    """A term that runs for an incident. `ours`: it is the centre's own."""

    regime: str
    stage: str
    due: datetime
    article: str
    done: bool
    ours: bool = False
    beside: bool = False  # it stands beside another that ends at the same moment: a progress report in place of a final
    lenient: datetime | None = None
    replaced: bool = False  # a progress report took its place: nothing final was handed in (Cbw 29(2))
    delivered: bool = True  # False: it was filed here, and who must have it cannot read it (`delivering.reached`)
    by_reporter: bool = False  # besides: the reporter must report it there, for no reporting point of ours passes it on

    @property
    def settled(self) -> bool:
        """Whether nothing is left to do for whoever has the term."""
        return self.done and not self.by_reporter


def clocks(incident: Incident, filed: Filed) -> list[Clock]:
    """Return the terms of the laws that it was reported under, and the centre's own; the first to end first."""
    on, regimes = day_of(incident), incidents.house_regimes()
    met, own = duties.of(incident)
    found = [_own(one) for one in own]
    for slug in (*incident.regimes, *_waiting(incident, on)):
        regime = text_for(incident, slug) if slug in regimes else None
        if regime is None:
            continue
        record = record_of(incident, regime, filed)
        if incident.matter in regime.asks_of:  # what is voluntary under a law has no term for who reports it
            found += [_clock(slug, one, filed) for one in incidents.due(regime, record)]
        if slug not in incident.regimes:  # nothing was received under it, so the centre has no term yet
            continue
        found += [_centre(slug, one, incident, met) for one in incidents.centre_due(regime, record)]
    arose = incident.awareness_at or incident.received_at
    running = [one for one in found if leaving.runs(ours=one.ours, arose=arose, left=incident.left_at)]
    return sorted(running, key=lambda one: (one.due.astimezone(UTC), one.regime, one.stage))


def _waiting(incident: Incident, on: date) -> list[str]:
    """Return the laws that apply though nothing was filed under them yet: their terms run all the same."""
    if not incident.regimes:  # nothing was filed at all: no term runs
        return []
    regimes, record = incidents.house_regimes(), record_of(incident)
    texts = {slug: regimes.on(slug, on) for slug in regimes if slug not in incident.regimes}
    return [
        slug
        for slug, text in texts.items()
        if text and incident.matter in text.asks_of and incidents.applies(record, text) is Answer.YES
    ]


def _clock(regime: str, one: Due, filed: Filed) -> Clock:
    # A progress report takes the place of the final one that was due; a notification holds what an early warning holds.
    instead = {"final": {"progress"}, "progress": {"final"}, "early-warning": {"notification"}}.get(one.stage, set())
    done = any((regime, stage) in filed for stage in {one.stage, *instead})
    beside, replaced = bool(one.instead_of), done and one.stage == "final" and (regime, "final") not in filed
    return Clock(regime, one.stage, one.due, one.article, done, beside=beside, lenient=one.lenient, replaced=replaced)


def _centre(regime: str, one: Due, incident: Incident, met: frozenset[str]) -> Clock:
    done = incident.first_answer_at is not None if one.stage == ANSWER else one.stage in met
    return Clock(regime, one.stage, one.due, one.article, done, ours=True)


def _own(one: duties.Duty) -> Clock:
    return Clock(PRIMARY, one.stage, one.due, one.article, one.done, ours=True)
