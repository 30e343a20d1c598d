"""A version as people read it: fact beside fact, with what was taken out and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dijkwacht.rooms.reporting import reads, showing, terms
from dijkwacht.rooms.reporting.crossing.models import Disclosure
from dijkwacht.rooms.reporting.crossing.rules import DUTY, UNION, Audience, stage_of
from dijkwacht.rooms.reporting.crossing.versions import Version
from dijkwacht.rooms.reporting.forms import language
from dijkwacht.rooms.reporting.models import Incident

AUDIENCES: Final = {
    Audience.NETCODE_STATE: gettext_lazy("other Member States, under the Netcode"),
    Audience.NETCODE_ENTITY: gettext_lazy("high-impact and critical-impact entities"),
}


@dataclass(frozen=True, slots=True)
class Side:
    """One fact on the page. `sent` is empty where nothing of it goes."""

    name: str
    label: str
    reported: str
    sent: str
    why: tuple[str, ...]

    @property
    def changed(self) -> bool:
        """Whether what goes is not what was reported."""
        return bool(self.why)


def audience_title(audience: str, country: str) -> str:
    """Return for whom a version is."""
    if audience == Audience.STATE:
        named = {"state": showing.country(country)}
        return "ENISA" if country == UNION else _("the single point of contact of %(state)s") % named
    return str(AUDIENCES[Audience(audience)])


def sides(version: Version) -> list[Side]:
    """Return every fact that is known, what goes first."""
    made = [
        Side(
            name=row.name,
            label=showing.label(row.name),
            reported=_shown(row.name, row.reported),
            sent="" if row.sent in (None, []) else _shown(row.name, row.sent),
            why=tuple(dict.fromkeys(_why(one.why_nl, one.why_en, one.article) for one in row.removed)),
        )
        for row in version.rows
    ]
    return sorted(made, key=lambda one: not one.sent)


def facts(content: Mapping[str, Any]) -> list[tuple[Any, str]]:
    """Return the facts of a version that went out, with their labels."""
    return [(showing.label(name), _shown(name, value)) for name, value in content.get("facts", {}).items()]


def removed(row: Disclosure) -> list[tuple[str, str]]:
    """Return what was taken out of a version that went out, and why."""
    return [(showing.label(one["path"]), _why(one["why_nl"], one["why_en"], one["article"])) for one in row.removed]


def _shown(name: str, value: Any) -> str:
    return "\n".join(map(str, value)) if isinstance(value, list) else showing.shown(name, value)


def _why(nl: str, en: str, article: str) -> str:
    return f"{nl if language() == 'nl' else en} ({article})"


def clock_of(row: Incident, audience: Audience, country: str) -> showing.Ticking | None:
    """Return the centre's clock that a version for an audience stops, if there is one."""
    stage = stage_of(country) if audience is Audience.STATE else DUTY[audience]
    found = terms.clocks(row, terms.filed_of(reads.reports_of(row)))
    return next((showing.ticking(one, timezone.now()) for one in found if one.ours and one.stage == stage), None)
