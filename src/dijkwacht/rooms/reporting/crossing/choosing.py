"""What a person chose for one audience, and the version that this gives."""

from dataclasses import dataclass, field

from dijkwacht.rooms.reporting.crossing import versions
from dijkwacht.rooms.reporting.crossing.rules import Audience
from dijkwacht.rooms.reporting.errors import VerdictFirst
from dijkwacht.rooms.reporting.models import Incident
from dijkwacht.rooms.reporting.netcode.models import Confidentiality


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person chose for one audience. `country`: the state, for the single points of contact."""

    audience: Audience
    country: str = ""
    withheld: frozenset[str] = frozenset()  # facts kept back besides
    words: tuple[str, ...] = ()  # taken out of every text besides the names
    receivers: frozenset[str] = field(default_factory=frozenset)  # keys of `receiving.Receiver`


def version_of(row: Incident, choice: Choice) -> versions.Version:
    """Return the version of an incident for a choice, as the verdict lets it. Raises VerdictFirst."""
    withheld = choice.withheld
    if choice.audience is not Audience.STATE:
        verdict = Confidentiality.objects.filter(incident=row).order_by("-at", "id").first()
        if verdict is None or not verdict.shareable:
            raise VerdictFirst
        withheld |= frozenset(verdict.withheld)
    return versions.version(row, choice.audience, choice.country, withheld=withheld, words=choice.words)
