"""What was judged of a matter, and what the data suggest."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.accounts.permissions import allows
from dijkwacht.rooms.advisories.assessing import questionnaire
from dijkwacht.rooms.advisories.assessing.errors import NotAllowed
from dijkwacht.rooms.advisories.assessing.models import Assessment
from dijkwacht.rooms.advisories.assessing.suggesting import Suggestion, suggest
from dijkwacht.rooms.advisories.sourcing import reads as sourcing
from dijkwacht.rooms.advisories.sourcing.models import Matter


@dataclass(frozen=True, slots=True)
class Assessed:
    """The judgement that stands. `shown`: what the public sees, in the words of the setting, nl and en."""

    likelihood: str
    impact: str
    label: str
    reason: str
    by: str
    second_by: str
    at: datetime
    shown: dict[str, str]


def known() -> questionnaire.Questionnaire:
    """Give the questionnaire of this installation."""
    return questionnaire.load(settings.HOME / "overlay" / "assessing")


def require(actor: Actor) -> None:
    """Raise NotAllowed for whoever may not see matters."""
    if not allows(actor, "advisories:read"):
        raise NotAllowed


def suggestion(actor: Actor, matter: UUID) -> Suggestion:
    """Give what the data suggest for a matter, with reasons. Raises NotAllowed, NoMatter."""
    require(actor)
    row = sourcing.access_matter(actor, matter)
    return suggest(sourcing.matter_facts(actor, matter, every=True), known(), organisations=row.organisations)


def assessment(actor: Actor, matter: UUID) -> Assessed | None:
    """Give the judgement of a matter that stands; None while nobody judged it, or a second person must still agree.

    Raises NotAllowed.
    """
    require(actor)
    row = Assessment.objects.filter(matter_id=matter, state="settled").first()
    if row is None:
        return None
    return Assessed(
        row.likelihood, row.impact, row.label, row.reason, row.by, row.second_by, row.second_at or row.at, shown(row)
    )


def newest(actor: Actor, matter: UUID) -> Assessed | None:
    """Give the judgement that was settled last of a matter or of what it became part of. Raises NotAllowed."""
    require(actor)
    found = _settled(matter).values_list("matter_id", flat=True).first()
    return assessment(actor, found) if found else None


def assessed_by(matter: UUID | None) -> str:
    """Give who assessed a matter last, as it stands; empty where nobody did."""
    return (_settled(matter).values_list("by", flat=True).first() or "") if matter else ""


def _settled(matter: UUID) -> QuerySet[Assessment]:
    became = Matter.objects.filter(id=matter).exclude(joined=None).values("joined")
    return Assessment.objects.filter(Q(matter_id=matter) | Q(matter_id__in=became), state="settled").order_by("-at")


def proposed(matter: UUID) -> Assessment | None:
    """Give the assessment that waits for a second person."""
    return Assessment.objects.filter(matter_id=matter, state="proposed").first()


def history(matter: UUID) -> list[Assessment]:
    """Give every assessment of a matter, the newest first."""
    return [*Assessment.objects.filter(matter_id=matter)[:50]]


WORDS = {
    "nl": {"low": "laag", "medium": "gemiddeld", "high": "hoog"},
    "en": {"low": "low", "medium": "medium", "high": "high"},
}
FIGURE = {"nl": "kans {}, schade {}", "en": "likelihood {}, impact {}"}


def shown(row: Any) -> dict[str, str]:
    """Say a judgement as the public reads it: by the setting the two levels, or the label with its public name."""
    if settings.ASSESSMENT_SHOWN == "label":
        return dict(settings.ASSESSMENT_LABELS[row.label])
    return {
        language: FIGURE[language].format(words[row.likelihood], words[row.impact]) for language, words in WORDS.items()
    }
