"""Whether a report reaches whoever must have it by its law: who is designated, for the sector or for the law itself."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from dijkwacht.kernel.actor import system
from dijkwacht.law import incidents
from dijkwacht.law.incidents import Answer, Recipient
from dijkwacht.law.incidents.regimes.model import BY_SECTOR
from dijkwacht.law.incidents.routing import NATIONAL, UNKNOWN
from dijkwacht.platform import tenancy
from dijkwacht.rooms.registry.extracts.sectors import whole
from dijkwacht.rooms.registry.models import Designation
from dijkwacht.rooms.registry.vocabulary import ReaderRole
from dijkwacht.rooms.reporting import terms
from dijkwacht.rooms.reporting.delivering.models import RegimeReceiver, ReportedElsewhere
from dijkwacht.rooms.reporting.models import Incident, Report

DELIVERER: Final = system("reporting:delivering")
CSIRT: Final = "csirt"
HOLDS: Final = {"early-warning": "notification", "final": "progress"}  # what was filed in the place of a stage


@dataclass(frozen=True, slots=True)
class Unreached:
    """A receiver that a law names and that reads nothing here. `by_sector`: whoever is designated for the sector would.

    `passed_on`: the law lets the entity report at a reporting point of the CSIRT, so it is the centre that sees to it.
    """

    regime: str
    to: Recipient
    by_sector: bool
    passed_on: bool


def running() -> Q:
    """What runs today, of rows with a first and perhaps a last day."""
    today = timezone.localdate()
    return Q(valid_from__lte=today) & (Q(valid_to=None) | Q(valid_to__gte=today))


def with_whole(sectors: Collection[str]) -> set[str]:
    """Return sectors with those that they are a part of: who is designated for the whole reads its parts."""
    return {*sectors, *map(whole, sectors)}


def receivers_of(regime: str, sectors: Collection[str]) -> QuerySet[RegimeReceiver]:
    """Return who receives the reports under a law today, of an entity in some sectors. Needs the centre's scope."""
    rows = RegimeReceiver.objects.select_related("reader").filter(running(), reader__active=True, regime=regime)
    return rows.filter(sector__in=["", *with_whole(sectors)])


def roles_of(regime: str) -> list[str]:
    """Return the roles of those that a law names as receivers and that can be designated, as it holds today.

    The national CSIRT is this centre, and a person whose data leaked has no account here.
    """
    text = incidents.house_regimes().nearest(regime, timezone.localdate())
    return [to.role for to in text.recipient if to.role != "data-subjects"]


def waiting_for(row: RegimeReceiver) -> QuerySet[Report]:
    """Return the reports that a receiver can read, that nobody acknowledged and that went nowhere else.

    Needs the centre's scope.
    """
    rows = Report.objects.filter(regime=row.regime, received=None)
    elsewhere = ReportedElsewhere.objects.filter(
        incident=OuterRef("incident"), regime=OuterRef("regime"), stage=OuterRef("stage")
    )
    rows = rows.filter(sectors__overlap=parts(row.sector)) if row.sector else rows
    return rows.filter(~Exists(elsewhere))


def parts(sector: str) -> list[str]:
    """Return a sector with the sectors that are a part of it."""
    from dijkwacht.rooms.registry.cleaners import sector_codes

    return sorted({sector, *(code for code in sector_codes() if whole(code) == sector)})


def laws() -> list[str]:
    """Return the laws for which a receiver can be designated: the others go by the sectors of the register alone."""
    return [slug for slug in incidents.house_regimes() if slug != terms.PRIMARY]


def unreached(incident: Incident, filed: terms.Filed) -> list[Unreached]:
    """Return whom a law that applies wants to have a report, and who cannot read one here."""
    found: list[Unreached] = []
    wanted = [one for one in terms.projections(incident, filed) if one.applies is Answer.YES]
    with tenancy.acting(DELIVERER):
        roles = _roles(incident.shared_sectors)
        for one in wanted:
            here = set(receivers_of(one.regime, incident.shared_sectors).values_list("role", flat=True))
            missing = [
                to for to in one.recipients if _asked(to) and not here & {"", to.role} and not _watched(to, roles)
            ]
            passed_on = any(to.role == CSIRT for to in one.recipients)
            found += [Unreached(one.regime, to, to.role in BY_SECTOR, passed_on) for to in missing]
    return found


def _asked(to: Recipient) -> bool:
    """Whether somebody besides this centre must get it: it is the national CSIRT, and no person whose data leaked."""
    if to.role == CSIRT:
        return to.body not in {NATIONAL, UNKNOWN}
    return bool(to.channel) or to.role in BY_SECTOR


def _watched(to: Recipient, roles: set[str]) -> bool:
    return to.role in BY_SECTOR and (ReaderRole.CSIRT if to.role == CSIRT else ReaderRole.AUTHORITY) in roles


def _roles(sectors: Collection[str]) -> set[str]:
    """Return as what somebody is designated today for the sectors of an incident."""
    rows = Designation.objects.filter(running(), reader__active=True, sector__in=with_whole(sectors))
    return set(rows.values_list("role", flat=True))


def clocks(incident: Incident, filed: terms.Filed, *, for_reporter: bool = False) -> list[terms.Clock]:
    """Return the terms of an incident, each with whether what was filed under it reaches who must have it.

    `for_reporter`: only what the reporter must still do about it is asked, which costs nothing for most reports.
    """
    found = terms.clocks(incident, filed)
    done = {one.regime for one in found if one.done and not one.ours}
    if for_reporter:
        done = {slug for slug in done if not _is_passed_on(incident, slug)}
    if not done:
        return found
    apart = unreached(incident, filed)
    lacking = {one.regime for one in apart}
    reporters = {one.regime for one in apart if not one.passed_on}
    told = stages_told(incident) if lacking else set()
    return [
        replace(one, delivered=False, by_reporter=one.regime in reporters)
        if one.done and not one.ours and one.regime in lacking and not _told(one, told)
        else one
        for one in found
    ]


def next_asked(incident: Incident, filed: terms.Filed) -> terms.Clock | None:
    """Return the first term under which the reporter has something to do: never one of the centre."""
    return next((one for one in clocks(incident, filed, for_reporter=True) if not one.settled and not one.ours), None)


def _is_passed_on(incident: Incident, slug: str) -> bool:
    """Whether a law lets its entity report at a reporting point of the CSIRT, whoever else must have it."""
    text = terms.text_for(incident, slug)
    return text is not None and any(to.role == CSIRT for to in text.recipient)


def stages_told(incident: Incident) -> set[tuple[str, str]]:
    """Return the laws and stages that were reported to the authority itself."""
    with tenancy.acting(DELIVERER):
        return set(ReportedElsewhere.objects.filter(incident=incident).values_list("regime", "stage"))


def _told(clock: terms.Clock, told: set[tuple[str, str]]) -> bool:
    return bool({(clock.regime, clock.stage), (clock.regime, HOLDS.get(clock.stage, ""))} & told)
