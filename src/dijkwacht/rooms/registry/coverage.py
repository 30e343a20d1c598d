"""Whether a relay's members can be reached: what the relay may know of it, and no more.

A relay reads its members' assets but not their contacts. That a member has no contact that works, it may know: it is
the one who can call. So that one fact is looked up for it, for members whose mandate is in force, and nothing else.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.db.models import Count, Q

from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.rooms.registry.models import Mandate, Organisation
from dijkwacht.rooms.registry.vocabulary import AssetStatus, ContactRole, ContactStatus, MandateStatus

READER: Final = system("registry:coverage")


@dataclass(frozen=True, slots=True)
class Reach:
    """How far one member can be reached."""

    name: str
    active: bool
    verified: int  # assets shown to be theirs
    claimed: int  # assets that nobody has shown to be theirs
    contacts: int  # security contacts
    working: int  # of those, the ones that work


def in_force(mandate: Mandate, on: date) -> bool:
    """Tell whether a relay receives for a member on a day."""
    ended = mandate.valid_to is not None and mandate.valid_to < on
    return mandate.status == MandateStatus.ACTIVE and mandate.valid_from <= on and not ended


def reach_of(mandates: Iterable[Mandate], on: date) -> dict[UUID, Reach]:
    """Return how each member of these mandates can be reached; members without one in force on that day are left out.

    The mandates must have been read by the relay itself (`reads.mandates_for`): that they were is what allows this.
    """
    members = {one.member_id for one in mandates if in_force(one, on)}
    security = Q(contacts__role=ContactRole.SECURITY)
    working = security & Q(contacts__status=ContactStatus.WORKING)
    with tenancy.acting(READER):
        rows = Organisation.objects.filter(id__in=members)
        reached = {
            row["id"]: row
            for row in rows.values("id", "name", "active").annotate(
                contacts_=Count("contacts", filter=security), working=Count("contacts", filter=working)
            )
        }
        held = {
            row["id"]: row
            for row in rows.values("id").annotate(
                verified=Count("assets", filter=Q(assets__status=AssetStatus.VERIFIED)),
                claimed=Count("assets", filter=Q(assets__status__in=[AssetStatus.CLAIMED, AssetStatus.DISPUTED])),
            )
        }
    return {
        one: Reach(
            name=row["name"],
            active=row["active"],
            verified=held[one]["verified"],
            claimed=held[one]["claimed"],
            contacts=row["contacts_"],
            working=row["working"],
        )
        for one, row in reached.items()
    }
