"""Who must have a report by a law, and does not get it from us: what the pages say of it, and what to do."""

from dataclasses import dataclass

from dijkwacht.law import incidents
from dijkwacht.rooms.reporting import showing, terms
from dijkwacht.rooms.reporting.delivering import reached
from dijkwacht.rooms.reporting.forms import language
from dijkwacht.rooms.reporting.models import Incident, Report


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A receiver that a law names and that reads nothing here. `link`: its official channel, where the law has one.

    `reports`: what was filed under that law and was not reported there yet, the last version of each stage.
    """

    regime: str
    law: str
    name: str
    article: str
    link: str
    by_sector: bool
    passed_on: bool
    reports: tuple[Report, ...] = ()

    @property
    def stages(self) -> list[tuple[Report, str]]:
        """Return the reports to hand in there, each with the name of its stage."""
        return [(one, showing.stage_title(one.stage)) for one in self.reports]


def undelivered(incident: Incident, filed: terms.Filed, reports: list[Report] | None = None) -> list[Undelivered]:
    """Return to whom the laws that apply want a report that does not reach them here, each once.

    What was reported there already is left out, once nothing of that law waits. `reports`: of the incident, oldest
    first; without them no file is offered.
    """
    regimes, on, told = incidents.house_regimes(), showing.as_of(incident), reached.stages_told(incident)
    found = []
    for one in reached.unreached(incident, filed):
        waiting = [key for key in filed if key[0] == one.regime and key not in told]
        if not waiting and one.regime in incident.regimes:
            continue
        last = {row.stage: row for row in reports or () if (row.regime, row.stage) in waiting}
        role = regimes.text(one.regime, language()).of("recipient", one.to.role, "name")
        found.append(
            Undelivered(
                regime=one.regime,
                law=showing.law_title(one.regime),
                name=showing.recipient(role, one.to.body, on),
                article=one.to.article,
                link=one.to.channel,
                by_sector=one.by_sector,
                passed_on=one.passed_on,
                reports=tuple(last.values()),
            )
        )
    return found
