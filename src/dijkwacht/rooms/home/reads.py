"""What the home of an organisation holds, put together from what the other rooms give this actor."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from dijkwacht.kernel.actor import Actor
from dijkwacht.law.applicability.answer import DutyAnswer
from dijkwacht.law.applicability.registered import duties_of
from dijkwacht.platform.accounts.permissions import allows_for, where
from dijkwacht.rooms.home.case import Case
from dijkwacht.rooms.home.due import due_for
from dijkwacht.rooms.home.errors import NotFound
from dijkwacht.rooms.home.members import Members, members_of
from dijkwacht.rooms.home.rules import Due, legal_class
from dijkwacht.rooms.knowledge import rules as knowledge_rules
from dijkwacht.rooms.knowledge.planning import reads as planning
from dijkwacht.rooms.knowledge.planning.reads import Plan
from dijkwacht.rooms.notification import overview
from dijkwacht.rooms.notification.overview import Known
from dijkwacht.rooms.registry import reads as registry
from dijkwacht.rooms.registry.models import Organisation
from dijkwacht.rooms.services import reads as services
from dijkwacht.rooms.services.reads import Offer
from dijkwacht.rooms.services.rules import Standing


@dataclass(frozen=True)
class Home:
    """One organisation's first page. `known` and `offers` are None for who may not read them."""

    row: Organisation
    today: date
    since: datetime | None  # the visit before this one
    standing: Standing
    known: Known | None
    due: list[Due]
    klass: str  # of the tables of the law
    duties: list[DutyAnswer]
    offers: list[Offer] | None
    plan: Plan | None = None  # None for who may not read it

    @property
    def law(self) -> list[DutyAnswer]:
        """Return what the law asks, without what an authority may do or the centre offers."""
        return [one for one in self.duties if one.kind == "duty"]

    @property
    def late(self) -> int:
        """Return how much is past its day."""
        return sum(one.late(self.today) for one in self.due)


def organisations_of(actor: Actor) -> list[Organisation]:
    """Return the organisations that the actor acts for: active ones first, by name."""
    return list(
        registry.organisations_for(actor).filter(id__in=where(actor, "home:read")).order_by("-active", "name", "id")
    )


def access_own(actor: Actor, identifier: UUID) -> Organisation:
    """Return an organisation that the actor acts for. Raises NotFound, also for one that it may only read."""
    if identifier not in where(actor, "home:read"):
        raise NotFound(what="organisation", what_nl="organisatie")
    return registry.access_organisation(actor, identifier)


def home_of(actor: Actor, row: Organisation, *, since: datetime | None = None) -> Home:
    """Return the home of an organisation that the actor acts for (`access_own`)."""
    today = registry.today()
    contacts = list(registry.contacts_of(actor, row.id))
    standing = services.standing_of(actor, row, contacts)
    offers = services.offers_for(actor, row, standing) if allows_for(actor, "services:read", row.id) else None
    known = None
    if allows_for(actor, "findings:read", row.id) and allows_for(actor, "notices:read", row.id):
        known = overview.known_of(actor, row.id, since=since, registered_at=row.created_at)
    klass = legal_class(row.classification, row.declaration)
    return Home(
        row=row,
        today=today,
        since=since,
        standing=standing,
        known=known,
        due=due_for(Case(actor, row, contacts, offers or [], today)),
        klass=klass,
        duties=duties_of(klass, row.entity_types, today),
        offers=offers,
        plan=planning.plan_of(actor, row.id) if knowledge_rules.may_read(actor, row.id) else None,
    )


def access_relay(actor: Actor, identifier: UUID) -> Members:
    """Return the members of a relay that the actor acts for. Raises NotFound."""
    if identifier not in actor.relays:
        raise NotFound(what="relay", what_nl="schakelorganisatie")
    return members_of(actor, identifier, registry.today())
