"""What deciding and composing need to know of the organisations, read in a few set-based queries."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import connection

from dijkwacht.law.facts import RelayFacts, RelayStatus
from dijkwacht.rooms.registry.models import Asset, Contact, Mandate, Organisation

# The owner of the longest verified prefix, held for customers, that encloses a verified prefix of the organisation.
_ENCLOSING: Final = """
select distinct on (mine.organisation_id) mine.organisation_id, theirs.organisation_id
from registry_asset mine
join registry_asset theirs on theirs.kind = 'prefix' and theirs.fallback and theirs.status = 'verified'
    and theirs.organisation_id <> mine.organisation_id and theirs.value::inet >>= mine.value::inet
join registry_organisation owner on owner.id = theirs.organisation_id and owner.active
where mine.kind = 'prefix' and mine.status = 'verified' and mine.organisation_id = any (%s)
order by mine.organisation_id, masklen(theirs.value::inet) desc, theirs.organisation_id
"""
NETWORKS: Final = UUID(int=0)  # the group of owners of networks and of those they may be told for


@dataclass(frozen=True)
class Relay:
    """A relay of an organisation, with what its mandate says."""

    id: UUID
    facts: RelayFacts
    informations: frozenset[str]


@dataclass(frozen=True)
class Receiver:
    """What the law and the composer need to know of one organisation."""

    id: UUID
    name: str
    language: str
    classification: str
    country: str
    has_contact: bool
    relays: tuple[Relay, ...]
    network_owner: UUID | None = None


def load(organisations: Collection[UUID], on: dt.date) -> dict[UUID, Receiver]:
    """Read the organisations with their relays as they stand on a day."""
    contacts = contacts_of(organisations)
    relays = _relays(organisations, on)
    owners = _network_owners([one for one in organisations if not contacts.get(one) and not relays.get(one)])
    return {
        row.id: Receiver(
            id=row.id,
            name=row.name,
            language=row.language,
            classification="foreign" if row.kind == "csirt" else row.classification,
            country=row.country,
            has_contact=bool(contacts.get(row.id)) and row.active,
            relays=tuple(relays.get(row.id, ())),
            network_owner=owners.get(row.id),
        )
        for row in Organisation.objects.filter(id__in=list(organisations))
    }


def _network_owners(organisations: Collection[UUID]) -> dict[UUID, UUID]:
    """Who holds the network around the prefixes of organisations that cannot be reached: the nearest one."""
    if not organisations:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_ENCLOSING, [list(organisations)])
        return dict(cursor.fetchall())


def groups(organisations: Collection[UUID]) -> dict[UUID, UUID]:
    """For each organisation the group that must be told together, because its members may have a receiver in common:
    those of one relay; those without a contact, with the owners of networks, who may be told instead. Any other is a
    group of its own.
    """
    asked = list(organisations)
    mandates = Mandate.objects.filter(member_id__in=asked).order_by("relay_id").values_list("member_id", "relay_id")
    relays = dict(reversed(list(mandates)))
    reached = set(
        Contact.objects.filter(organisation_id__in=asked, status="working").values_list("organisation_id", flat=True)
    )
    owners = Asset.objects.filter(organisation_id__in=asked, fallback=True).values_list("organisation_id", flat=True)
    alone = reached - set(owners)
    return {one: relays.get(one) or (one if one in alone else NETWORKS) for one in asked}


def contacts_of(organisations: Collection[UUID]) -> dict[UUID, list[Contact]]:
    """The working contacts of each organisation that take notices, the first one to try first."""
    order = {"security": 0, "abuse": 1, "technical": 2, "board": 3}
    found: dict[UUID, list[Contact]] = defaultdict(list)
    for contact in Contact.objects.filter(organisation_id__in=list(organisations), status="working"):
        found[contact.organisation_id].append(contact)
    for contacts in found.values():
        contacts.sort(key=lambda contact: (order.get(contact.role, 9), contact.order, str(contact.id)))
    return found


def _relays(organisations: Collection[UUID], on: dt.date) -> dict[UUID, list[Relay]]:
    """Every mandate that was given, the withdrawn too: the law says what becomes of those."""
    found: dict[UUID, list[Relay]] = defaultdict(list)
    for mandate in Mandate.objects.filter(member_id__in=list(organisations), valid_from__lte=on).order_by("valid_from"):
        over = mandate.valid_to is not None and mandate.valid_to < on
        facts = RelayFacts(
            status=RelayStatus.WITHDRAWN if over else RelayStatus(mandate.status),
            covers=True,
            confidentiality=mandate.confidentiality,
            mandatory=mandate.mandatory,
            copy=not mandate.mandatory,
        )
        found[mandate.member_id].append(Relay(mandate.relay_id, facts, frozenset(mandate.informations)))
    return found
