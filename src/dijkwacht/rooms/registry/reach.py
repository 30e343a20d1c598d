"""Which rows an actor reads: of its own organisations, of a relay's members, of the sectors it watches over."""

from collections.abc import Collection
from datetime import date
from typing import Any, Final, TypeVar
from uuid import UUID

from django.db.models import F, FilteredRelation, Model, Q, QuerySet
from django.utils import timezone

from dijkwacht.kernel.actor import Actor, system
from dijkwacht.kernel.actor import Kind as ActorKind
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts.permissions import where
from dijkwacht.rooms.registry.cleaners import sector_codes
from dijkwacht.rooms.registry.errors import NotFound
from dijkwacht.rooms.registry.extracts.sectors import whole
from dijkwacht.rooms.registry.models import Designation, Mandate, Organisation, OrganisationSector
from dijkwacht.rooms.registry.vocabulary import Kind, MandateStatus

Row = TypeVar("Row", bound=Model)
FEW: Final = 10_000  # all entities under the law are about 8,100


def visible(actor: Actor, rows: QuerySet[Row], column: str) -> QuerySet[Row]:
    """Narrow rows to the organisations that the actor may read; row-level security does the same below.

    `column` holds the organisation's identifier. What a token may do is the question of the door; here it sees what its
    organisation sees.
    """
    if actor.is_centre:
        return rows
    own = Q(**{f"{column}__in": own_registrations(actor) | actor.members})
    if actor.sectors:
        own |= Q(**{f"{column}__in": within(actor.sectors)})
    return rows.filter(own)


def own_registrations(actor: Actor) -> frozenset[UUID]:
    """Return the organisations whose registration the actor reads by a role there; for a token the door decides."""
    return actor.acts_for if actor.kind is ActorKind.TOKEN else where(actor, "organisations:read")


def within(sectors: Collection[str]) -> list[UUID] | QuerySet[OrganisationSector, Any]:
    """Return the organisations of some sectors to look in: by name when they are few, else as a query.

    Under row-level security the planner cannot tell how few they are, and would walk two million names to find them.
    """
    rows = OrganisationSector.objects.filter(sector__in=sectors)
    few = list(rows.values_list("organisation_id", flat=True)[: FEW + 1])
    return few if len(few) <= FEW else rows.values("organisation_id")


def placed(rows: QuerySet[Organisation], sector: str) -> QuerySet[Organisation]:
    """Narrow organisations to those of one sector, with `place`: their name where the index of a sector has it."""
    return rows.filter(sector_rows__sector=sector).annotate(place=F("sector_rows__name"))  # one join: filter first


def by_name(sector: str) -> list[str]:
    """Return the columns to list organisations by, of one sector when one is given; see `placed`."""
    return ["place" if sector else "name", "id"]


def of_sectors(actor: Actor) -> QuerySet[OrganisationSector, Any]:
    """Return the organisations of the sectors that the actor is designated for, as a query to look in."""
    return OrganisationSector.objects.filter(sector__in=actor.sectors).values("organisation_id")


def today() -> date:
    """Return the date at the centre."""
    return timezone.localdate()


def one(rows: QuerySet[Row], what: str, what_nl: str, **named: Any) -> Row:
    """Return the one row that is meant. Raises NotFound, also for one that is not among `rows`."""
    found = rows.filter(**named).first()
    if found is None:
        raise NotFound(what=what, what_nl=what_nl)
    return found


def in_force(on: date) -> Q:
    """Return which mandates run on a date."""
    return Q(status=MandateStatus.ACTIVE, valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gte=on))


def members_of(relays: frozenset[UUID], *, on: date | None = None) -> frozenset[UUID]:
    """Return the organisations that these relays may read on a date: to fill `Actor.members` at sign-in."""
    with tenancy.acting(system("registry:members")):
        rows = Mandate.objects.filter(in_force(on or today()), relay__in=relays, relay__active=True)
        return frozenset(rows.values_list("member_id", flat=True))


def readers(organisations: frozenset[UUID]) -> tuple[frozenset[UUID], frozenset[UUID], frozenset[str]]:
    """Return which of somebody's organisations are relays, whom those read for, and which sectors, today: one query."""
    running = Q(mandates_as_relay__status=MandateStatus.ACTIVE) & _now("mandates_as_relay")
    rows = Organisation.objects.filter(id__in=organisations, active=True).annotate(
        reads_for=FilteredRelation("mandates_as_relay", condition=running),
        watches=FilteredRelation("designations", condition=_now("designations")),
    )
    found = list(rows.values_list("id", "kind", "reads_for__member_id", "watches__sector"))
    relays = frozenset(one for one, kind, _, _ in found if kind == Kind.RELAY)
    members = frozenset(member for one, _, member, _ in found if member and one in relays)
    return relays, members, _with_subsectors({sector for *_, sector in found if sector})


def _now(relation: str) -> Q:
    """What runs today, of a relation with a first and perhaps a last day."""
    ends = Q(**{f"{relation}__valid_to__isnull": True}) | Q(**{f"{relation}__valid_to__gte": today()})
    return Q(**{f"{relation}__valid_from__lte": today()}) & ends


def _with_subsectors(given: set[str]) -> frozenset[str]:
    return frozenset(code for code in sector_codes() if code in given or whole(code) in given)


def sectors_of(organisations: frozenset[UUID], *, on: date | None = None) -> frozenset[str]:
    """Return the sectors, with their subsectors, for which active organisations are designated on a date."""
    rows = Designation.objects.filter(_running(on or today()), reader__in=organisations, reader__active=True)
    return _with_subsectors(set(rows.values_list("sector", flat=True)))


def _running(on: date) -> Q:
    return Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gte=on))


def designations_for(actor: Actor) -> QuerySet[Designation]:
    """Return which organisation watches over which sector: the centre reads all, a reader its own."""
    rows = Designation.objects.select_related("reader")
    return rows if actor.is_centre else rows.filter(reader__in=own_registrations(actor))


def access_designation(actor: Actor, identifier: UUID) -> Designation:
    """Return a designation. Raises NotFound."""
    return one(designations_for(actor), "designation", "aanwijzing", id=identifier)
