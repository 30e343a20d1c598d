"""The only way to rows of this room, and how each product stands for an organisation."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from dijkwacht.kernel.actor import Actor
from dijkwacht.rooms.registry import reads as registry
from dijkwacht.rooms.registry.models import Contact, Organisation
from dijkwacht.rooms.registry.vocabulary import AssetStatus, ContactRole, ContactStatus
from dijkwacht.rooms.services import catalogue, rules
from dijkwacht.rooms.services.errors import NotFound
from dijkwacht.rooms.services.models import Subscription
from dijkwacht.rooms.services.rules import Kept, Need, Product, Standing

ON: Final = "on"
OFF: Final = "off"
AGAIN: Final = "again"  # said yes to an earlier text: asked again


@dataclass(frozen=True)
class Offer:
    """A product as it stands for one organisation. `state`: on, off, or again."""

    product: Product
    standing: Standing
    fits: bool
    lacking: tuple[Need, ...]
    state: str
    subscription: Subscription | None


def products() -> dict[str, Product]:
    """Return the products by slug, in their order of showing."""
    return catalogue.read((catalogue.OURS, Path(settings.HOME) / "overlay" / "products"))


def product(slug: str) -> Product:
    """Return one product. Raises NotFound."""
    found = products().get(slug)
    if found is None:
        raise NotFound(what="product", what_nl="product")
    return found


def access_organisation(actor: Actor, identifier: UUID) -> Organisation:
    """Return the organisation whose products the actor may see: its own, for the centre all. Raises NotFound."""
    if not rules.may_read(actor, identifier):
        raise NotFound(what="organisation", what_nl="organisatie")
    return registry.access_organisation(actor, identifier)


def subscriptions_for(actor: Actor) -> QuerySet[Subscription]:
    """Return the subscriptions of the actor's own organisations, for the centre all; withdrawn ones too."""
    rows = Subscription.objects.select_related("organisation")
    return rows if actor.is_centre else rows.filter(organisation_id__in=actor.writable)


def subscribers(actor: Actor, slug: str) -> QuerySet[Subscription]:
    """Return who receives a product now: a yes to the text that stands, by an active organisation.

    What a room that delivers asks. Raises NotFound.
    """
    wanted = product(slug)
    version = wanted.consent.version if wanted.consent else 0
    running = subscriptions_for(actor).filter(product=slug, withdrawn_at=None, consent_version=version)
    return running.filter(organisation__active=True)


def standing_of(actor: Actor, organisation: Organisation, contacts: list[Contact] | None = None) -> Standing:
    """Return the facts that products ask about; `contacts` where they were read already."""
    held = registry.contacts_of(actor, organisation.id) if contacts is None else contacts
    kinds = registry.assets_of(actor, organisation.id).filter(status=AssetStatus.VERIFIED)
    return Standing(
        kind=organisation.kind,
        classification=organisation.classification,
        sectors=frozenset(organisation.sectors),
        verified=frozenset(kinds.order_by().values_list("kind", flat=True).distinct()),
        contact=any(one.role == ContactRole.SECURITY and one.status == ContactStatus.WORKING for one in held),
        relay_member=bool(registry.relay_for(actor, organisation.id)),
    )


def offers_for(actor: Actor, organisation: Organisation, standing: Standing | None = None) -> list[Offer]:
    """Return every product as it stands for an organisation, those that fit first."""
    facts = standing or standing_of(actor, organisation)
    running = {
        row.product: row for row in subscriptions_for(actor).filter(organisation=organisation, withdrawn_at=None)
    }
    offers = [_offer(one, facts, running.get(one.slug)) for one in products().values()]
    return sorted(offers, key=lambda offer: not offer.fits)


def _offer(wanted: Product, facts: Standing, running: Subscription | None) -> Offer:
    lacking = rules.lacking(wanted, facts)
    if wanted.kept is Kept.CONTACTS:
        state = OFF if lacking else ON
    elif running is None:
        state = OFF
    else:
        state = ON if wanted.consent and running.consent_version == wanted.consent.version else AGAIN
    return Offer(wanted, facts, rules.fits(wanted, facts), lacking, state, running)
