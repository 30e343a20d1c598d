"""The only way to rows of the registry. `access_…` reads one thing; what an actor may not see is not there."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Count, FilteredRelation, Model, Q, QuerySet
from django.utils import timezone

from dijkwacht.kernel.actor import Actor, system
from dijkwacht.platform import tenancy
from dijkwacht.platform.audit.models import Event
from dijkwacht.rooms.registry.cleaners import sector_codes
from dijkwacht.rooms.registry.errors import NotFound
from dijkwacht.rooms.registry.extracts.sectors import whole
from dijkwacht.rooms.registry.finding import found
from dijkwacht.rooms.registry.models import Asset, AssetConflict, Contact, Designation, Mandate, Organisation
from dijkwacht.rooms.registry.reach import of_sectors, own_registrations, visible, within
from dijkwacht.rooms.registry.rules import shown_status
from dijkwacht.rooms.registry.upkeep.models import ChangeNotice, Review, ReviewCampaign
from dijkwacht.rooms.registry.vocabulary import AssetStatus, ContactStatus, Kind, MandateStatus, RuleDecision

__all__ = [
    "access_asset",
    "access_change_notice",
    "access_conflict",
    "access_contact",
    "access_designation",
    "access_mandate",
    "access_organisation",
    "access_review",
    "access_review_campaign",
    "assets_of",
    "assets_shown_as",
    "called",
    "change_notices_for",
    "conflicts_at_rest",
    "conflicts_for",
    "contacts_for_role",
    "contacts_of",
    "designations_for",
    "history_of",
    "mandates_for",
    "may_reach",
    "members_of",
    "names_of",
    "organisation_called",
    "organisations_for",
    "readers",
    "relay_called",
    "relay_for",
    "review_campaigns_for",
    "reviews_for",
    "search",
    "sectors_of",
    "today",
]
Row = TypeVar("Row", bound=Model)
MOST_HISTORY = 200
BEST = 50  # organisations shown for a search


def today() -> date:
    """Return the date at the centre."""
    return timezone.localdate()


def _one(rows: QuerySet[Row], what: str, what_nl: str, **where: Any) -> Row:
    found = rows.filter(**where).first()
    if found is None:
        raise NotFound(what=what, what_nl=what_nl)
    return found


def organisations_for(
    actor: Actor,
    *,
    words: str = "",
    kind: str = "",
    classification: str = "",
    sector: str = "",
    active: bool | None = None,
) -> QuerySet[Organisation]:
    """Return the organisations that the actor may read. `words`: as `finding.found` takes them, the best only."""
    rows = visible(actor, Organisation.objects.all(), "id")
    for column, value in (("kind", kind), ("classification", classification)):
        rows = rows.filter(**{column: value}) if value else rows
    if sector:
        rows = rows.filter(id__in=within([sector]))
    if active is not None:
        rows = rows.filter(active=active)
    return rows.filter(id__in=found(actor, words)) if words.strip() else rows


def search(
    actor: Actor, words: str, *, kind: str = "", classification: str = "", sector: str = ""
) -> list[Organisation]:
    """Return the organisations that `words` may mean, best first, at most BEST; filters as in `organisations_for`."""
    rows = organisations_for(actor, kind=kind, classification=classification, sector=sector)
    candidates, best = found(actor, words), list[Organisation]()
    for start in range(0, len(candidates), BEST):  # most searches end with the first
        some = candidates[start : start + BEST]
        held = {row.id: row for row in rows.filter(id__in=some)}
        best += [held[identifier] for identifier in some if identifier in held]
        if len(best) >= BEST:
            break
    return best[:BEST]


def access_organisation(actor: Actor, identifier: UUID) -> Organisation:
    """Return an organisation. Raises NotFound, also for one that the actor may not read."""
    return _one(visible(actor, Organisation.objects.all(), "id"), "organisation", "organisatie", id=identifier)


def may_reach(actor: Actor, organisation: UUID) -> bool:
    """Tell whether the actor may see how to reach an organisation: the centre, itself, its authority; no relay."""
    if actor.is_centre or organisation in own_registrations(actor):
        return True
    return bool(actor.sectors) and of_sectors(actor).filter(organisation_id=organisation).exists()


def access_contact(actor: Actor, identifier: UUID) -> Contact:
    """Return a contact: its organisation, who watches over it and the centre see it, no relay. Raises NotFound."""
    return _one(_contacts(actor), "contact", "contact", id=identifier)


def contacts_of(actor: Actor, organisation: UUID) -> QuerySet[Contact]:
    """Return an organisation's contacts, in the order to try them."""
    return _contacts(actor).filter(organisation_id=organisation).order_by("role", "order", "id")


def _contacts(actor: Actor) -> QuerySet[Contact]:
    rows = visible(actor, Contact.objects.all(), "organisation_id")
    if actor.is_centre:
        return rows
    own = Q(organisation_id__in=own_registrations(actor))
    return rows.filter(own | Q(organisation_id__in=of_sectors(actor)) if actor.sectors else own)


def contacts_for_role(actor: Actor, organisation: UUID, role: str) -> list[Contact]:
    """Return the working contacts of a role, in the order to try them."""
    return list(contacts_of(actor, organisation).filter(role=role, status=ContactStatus.WORKING))


def access_asset(actor: Actor, identifier: UUID) -> Asset:
    """Return an asset by its public identifier. Raises NotFound."""
    return _one(visible(actor, Asset.objects.all(), "organisation_id"), "asset", "bezit", uid=identifier)


def assets_of(actor: Actor, organisation: UUID) -> QuerySet[Asset]:
    """Return an organisation's assets."""
    return visible(actor, Asset.objects.all(), "organisation_id").filter(organisation_id=organisation)


def assets_shown_as(actor: Actor, organisation: UUID, status: str) -> QuerySet[Asset]:
    """Return an organisation's assets whose status reads `status` to this actor; see rules.shown_status."""
    meant = [one.value for one in AssetStatus if shown_status(actor, one) == status]
    return assets_of(actor, organisation).filter(status__in=meant)


def mandates_for(actor: Actor, *, relay: UUID | None = None, member: UUID | None = None) -> QuerySet[Mandate]:
    """Return the mandates that the actor may read: as a relay, as a member, or all."""
    rows = Mandate.objects.all()  # without its two organisations: a side may not see the other's row, only its name
    if not actor.is_centre:
        own = own_registrations(actor)
        rows = rows.filter(Q(relay__in=own) | Q(member__in=own))
    rows = rows.filter(relay=relay) if relay else rows
    return rows.filter(member=member) if member else rows


def names_of(mandates: Iterable[Mandate]) -> dict[UUID, str]:
    """Return the names of both sides of mandates that were read: relay and member know each other by name."""
    sides = {side for mandate in mandates for side in (mandate.relay_id, mandate.member_id)}
    with tenancy.acting(system("registry:names")):
        return dict(Organisation.objects.filter(id__in=sides).values_list("id", "name"))


def called(organisations: Collection[UUID]) -> dict[UUID, str]:
    """Return the names of organisations. In the scope of the centre: who asks says for whom."""
    return dict(Organisation.objects.filter(id__in=organisations).values_list("id", "name"))


def access_mandate(actor: Actor, identifier: UUID) -> Mandate:
    """Return a mandate. Raises NotFound."""
    return _one(mandates_for(actor), "mandate", "mandaat", id=identifier)


def _in_force(on: date) -> Q:
    return Q(status=MandateStatus.ACTIVE, valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gte=on))


def relay_called(actor: Actor, text: str) -> Organisation | None:
    """Return the relay with this identifier or exact name, or None when there is none or more than one."""
    found = organisation_called(actor, text)
    return found if found is not None and found.kind == Kind.RELAY else None


def organisation_called(actor: Actor, text: str) -> Organisation | None:
    """Return the organisation with this identifier or exact name, or None when there is none or more than one."""
    try:
        wanted = Q(id=UUID(text.strip()))
    except ValueError:
        wanted = Q(name=text.strip())
    found = organisations_for(actor).filter(wanted)[:2]
    return found[0] if len(found) == 1 else None


def relay_for(actor: Actor, member: UUID, *, on: date | None = None) -> list[Mandate]:
    """Return the mandates in force for a member on a date, mandatory ones first."""
    return list(
        mandates_for(actor, member=member).filter(_in_force(on or today())).order_by("-mandatory", "valid_from")
    )


def members_of(relays: frozenset[UUID], *, on: date | None = None) -> frozenset[UUID]:
    """Return the organisations that these relays may read on a date: to fill `Actor.members` at sign-in."""
    with tenancy.acting(system("registry:members")):
        rows = Mandate.objects.filter(_in_force(on or today()), relay__in=relays, relay__active=True)
        return frozenset(rows.values_list("member_id", flat=True))


def readers(organisations: frozenset[UUID]) -> tuple[frozenset[UUID], frozenset[UUID], frozenset[str]]:
    """Return which of somebody's organisations are relays, whom those read for, and which sectors, today: one query."""
    in_force = Q(mandates_as_relay__status=MandateStatus.ACTIVE) & _now("mandates_as_relay")
    rows = Organisation.objects.filter(id__in=organisations, active=True).annotate(
        reads_for=FilteredRelation("mandates_as_relay", condition=in_force),
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
    return _one(designations_for(actor), "designation", "aanwijzing", id=identifier)


def change_notices_for(actor: Actor, *, organisation: UUID | None = None, state: str = "") -> QuerySet[ChangeNotice]:
    """Return the change notices of the actor's own organisations, for the centre all; the shortest term first."""
    rows = ChangeNotice.objects.select_related("organisation")
    rows = rows if actor.is_centre else rows.filter(organisation_id__in=own_registrations(actor))
    rows = rows.filter(organisation=organisation) if organisation else rows
    return rows.filter(state=state) if state else rows


def access_change_notice(actor: Actor, identifier: UUID) -> ChangeNotice:
    """Return a change notice. Raises NotFound."""
    return _one(change_notices_for(actor), "change notice", "wijzigingsmelding", id=identifier)


def reviews_for(actor: Actor, *, organisation: UUID | None = None, campaign: UUID | None = None) -> QuerySet[Review]:
    """Return the reviews of the actor's own organisations, for the centre all; the shortest term first."""
    rows = Review.objects.select_related("organisation")
    rows = rows if actor.is_centre else rows.filter(organisation_id__in=own_registrations(actor))
    rows = rows.filter(organisation=organisation) if organisation else rows
    return rows.filter(campaign=campaign) if campaign else rows


def access_review(actor: Actor, identifier: UUID) -> Review:
    """Return a review. Raises NotFound."""
    return _one(reviews_for(actor), "review", "herbeoordeling", id=identifier)


def review_campaigns_for(actor: Actor) -> QuerySet[ReviewCampaign]:
    """Return the campaigns, newest first, each with how many were asked and how many are done; the centre's alone."""
    done = Count("reviews", filter=Q(reviews__confirmed_at__isnull=False))
    rows = ReviewCampaign.objects.annotate(asked=Count("reviews"), done=done)
    return rows if actor.is_centre else rows.none()


def access_review_campaign(actor: Actor, identifier: UUID) -> ReviewCampaign:
    """Return a campaign with its progress. Raises NotFound."""
    return _one(review_campaigns_for(actor), "review", "herbeoordeling", id=identifier)


def conflicts_for(actor: Actor, *, undecided: bool = True) -> QuerySet[AssetConflict]:
    """Return the conflicts over assets, oldest first; for the centre alone, because each shows two organisations."""
    rows = AssetConflict.objects.select_related("first__organisation", "second__organisation")
    if not actor.is_centre:
        return rows.none()
    if undecided:
        return rows.filter(decision="")
    return rows.exclude(decision__in=["", *RuleDecision]).order_by("-decided_at")


def conflicts_at_rest(actor: Actor) -> QuerySet[AssetConflict]:
    """Return the conflicts that the written rule lets rest: one side proven, the other has shown nothing."""
    rows = AssetConflict.objects.select_related("first__organisation", "second__organisation")
    return rows.filter(decision__in=list(RuleDecision)).order_by("-decided_at") if actor.is_centre else rows.none()


def access_conflict(actor: Actor, identifier: UUID) -> AssetConflict:
    """Return a conflict. Raises NotFound."""
    rows = conflicts_for(actor) | conflicts_for(actor, undecided=False) | conflicts_at_rest(actor)
    return _one(rows, "conflict", "conflict", id=identifier)


def history_of(actor: Actor, organisation: UUID) -> list[Event]:
    """Return the latest entries of the audit log about an organisation's place in the registry, newest first."""
    access_organisation(actor, organisation)
    rows = Event.objects.filter(organisation=organisation, action__startswith="registry:")
    return list(rows.order_by("-at")[:MOST_HISTORY])
