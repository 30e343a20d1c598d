"""What somebody puts on the list of their own accord, of no campaign: its radius is looked at and stored too."""

from datetime import timedelta
from typing import Final

from django.db import transaction

from dijkwacht.kernel.actor import Actor
from dijkwacht.mails.urls import host_of
from dijkwacht.platform.accounts.permissions import allows
from dijkwacht.rooms.phishing import errors
from dijkwacht.rooms.phishing.deciding.gathering import place_of
from dijkwacht.rooms.phishing.judging.knowledge import is_shared
from dijkwacht.rooms.phishing.judging.radius import OTHERS, Place, radius
from dijkwacht.rooms.phishing.judging.scope import Scope
from dijkwacht.rooms.phishing.listing import actions as listing
from dijkwacht.rooms.phishing.listing import reads, rules
from dijkwacht.rooms.phishing.listing.models import Entry

GUARDED: Final = frozenset({"government", "top"})


@transaction.atomic
def block(*, actor: Actor, kind: str, name: str, reason: str, lease: timedelta | None = None) -> Entry:
    """Put a name on the list, or renew its lease, on one person's word; gives the entry.

    Arguments as of `listing.actions.block`. What one person alone never warns for is refused. Raises NotAllowed,
    NeverWhole, TakesTwo, OthersBelow, and the classes of listing.errors.
    """
    if not allows(actor, "phishing:decide"):
        raise errors.NotAllowed
    found = rules.canonical(kind, name, reads.own_names())
    place = place_of(host_of(found) if kind == "url" else found)
    _permitted(kind, place)
    hit = radius(place, Scope(kind, found, "chosen"))  # type: ignore[arg-type] # canonical took the kind
    return listing.block(actor=actor, kind=kind, name=found, reason=reason, lease=lease, blast_radius=dict(hit))


def _permitted(kind: str, place: Place) -> None:
    if place.guard in GUARDED and kind != "url":
        raise errors.NeverWhole(name=place.host)
    if place.guard in GUARDED and not is_shared(place.host):
        raise errors.TakesTwo(name=place.host)
    if kind in rules.WITH_ALL_BELOW and place.others > OTHERS:
        raise errors.OthersBelow(name=place.host, others=place.others)
