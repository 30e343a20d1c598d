"""Who must have a report by a law, and does not get it from us: an authority that is found by no sector."""

from dataclasses import dataclass

from dijkwacht.law import incidents
from dijkwacht.law.incidents import Answer
from dijkwacht.rooms.reporting import showing, terms
from dijkwacht.rooms.reporting.forms import language
from dijkwacht.rooms.reporting.models import Incident


@dataclass(frozen=True, slots=True)
class Undelivered:
    """An authority that a law names and that we cannot deliver to. `link`: its official channel."""

    regime: str
    law: str
    name: str
    article: str
    link: str


def undelivered(incident: Incident, filed: terms.Filed) -> list[Undelivered]:
    """Return to whom the laws that apply want a report that the centre has no way to deliver, each once.

    The data of a law name the channel of such a receiver; whoever is found by its sector reads the report here.
    """
    regimes, on = incidents.house_regimes(), showing.as_of(incident)
    return [
        Undelivered(
            regime=one.regime,
            law=showing.law_title(one.regime),
            name=showing.recipient(regimes.text(one.regime, language()).of("recipient", to.role, "name"), to.body, on),
            article=to.article,
            link=to.channel,
        )
        for one in terms.projections(incident, filed)
        if one.applies is Answer.YES
        for to in one.recipients
        if to.channel
    ]
