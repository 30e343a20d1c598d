"""What somebody puts on the list of their own accord, of no campaign: what else it hits is looked at, shown and stored.

One person's word is enough for a host or a page of nobody else's. What may be of a bank or a government, is much
visited, or takes a whole domain along, is a proposal until a second person confirms it.
"""

from datetime import timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.mails.urls import host_of
from dijkwacht.platform.accounts.permissions import allows
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.phishing import errors
from dijkwacht.rooms.phishing.deciding.gathering import place_of
from dijkwacht.rooms.phishing.deciding.models import Proposal
from dijkwacht.rooms.phishing.judging.knowledge import brand_name, is_platform, is_shared, registrable
from dijkwacht.rooms.phishing.judging.radius import OTHERS, Place, radius, two_people
from dijkwacht.rooms.phishing.judging.scope import Scope
from dijkwacht.rooms.phishing.listing import actions as listing
from dijkwacht.rooms.phishing.listing import errors as list_errors
from dijkwacht.rooms.phishing.listing import reads, rules
from dijkwacht.rooms.phishing.listing.models import Entry

GUARDED: Final = frozenset({"government", "top"})
LONGEST_REASON: Final = listing.LONGEST_REASON


class Looked(NamedTuple):
    """What a warning would be for and hit besides, before anybody decides. `two`: one person's word is not enough."""

    kind: str
    name: str
    radius: dict[str, Any]
    two: bool


def look(*, actor: Actor, kind: str, name: str) -> Looked:
    """Look what a warning would hit; changes nothing.

    Raises NotAllowed, NeverWhole, OthersBelow, and the classes of listing.errors for what nobody may warn for.
    """
    if not allows(actor, "phishing:decide"):
        raise errors.NotAllowed
    found = rules.canonical(kind, name, reads.own_names())
    place = place_of(host_of(found) if kind == "url" else found)
    if place.guard in GUARDED and kind != "url":
        raise errors.NeverWhole(name=place.host)
    if kind in rules.WITH_ALL_BELOW and place.others > OTHERS:
        raise errors.OthersBelow(name=place.host, others=place.others)
    if place.guard in GUARDED:
        rules.canonical(kind, found, reads.own_names(), visited=True)
    hit = dict(radius(place, Scope(kind, found, "chosen")))  # type: ignore[arg-type] # canonical took the kind
    hit |= {"likes": brand_name(place.likes)} if place.likes else {}
    return Looked(kind, found, hit, two_people(place) or _wide(kind, place))


def _wide(kind: str, place: Place) -> bool:
    """Whether it takes along what may be others': a whole registrable domain, or hosts that are known below a name."""
    whole = registrable(place.host) == place.host and not is_platform(place.host) and not is_shared(place.host)
    return kind in rules.WITH_ALL_BELOW and (kind == "domain" or whole or place.others > 0)


@transaction.atomic
def block(
    *, actor: Actor, kind: str, name: str, reason: str, lease: timedelta | None = None, shown: Looked | None = None
) -> Entry | Proposal:
    """Put a name on the list, or renew its lease; gives the entry, or the proposal where a second person is needed.

    Arguments as of `listing.actions.block`; `shown`: what the person saw of it before. Raises what `look` raises,
    RadiusChanged when that is something else now, ReasonMissing, LeaseTooLong, ProposedAlready.
    """
    found = look(actor=actor, kind=kind, name=name)
    if shown is not None and shown != found:
        raise errors.RadiusChanged
    if not found.two:
        return _listed(actor, found, reason, lease)
    said = " ".join(reason.split())[:LONGEST_REASON]
    if not said:
        raise errors.ReasonMissing
    if lease is not None and not timedelta(0) < lease <= listing.LONGEST_LEASE:
        raise list_errors.LeaseTooLong(days=listing.LONGEST_LEASE.days)
    return _proposed(actor, found, said, lease)


def _listed(actor: Actor, found: Looked, reason: str, lease: timedelta | None) -> Entry:
    return listing.block(
        actor=actor, kind=found.kind, name=found.name, reason=reason, lease=lease, blast_radius=found.radius
    )


def _proposed(actor: Actor, found: Looked, reason: str, lease: timedelta | None) -> Proposal:
    """Write the proposal; one's own that waits already is given again, so that nobody counts twice."""
    made = {"reason": reason, "radius": found.radius, "lease": lease, "by": str(actor.id)[:100]}
    try:
        with transaction.atomic():
            row = Proposal.objects.create(kind=found.kind, name=found.name, **made)
    except IntegrityError as error:
        row = Proposal.objects.filter(kind=found.kind, name=found.name, state="proposed").first() or Proposal()
        if row.by != made["by"]:
            raise errors.ProposedAlready(name=found.name) from error
        return row
    detail = {"kind": row.kind, "name": row.name, "radius": row.radius, "why": reason}
    record(actor=actor, action="phishing:proposal:make", target=("proposal", row.id), detail=detail)
    return row


@transaction.atomic
def answer(*, actor: Actor, proposal: UUID, agree: bool, reason: str) -> Proposal:
    """Confirm or refuse somebody else's proposal, or take back one's own. What it hits is looked at anew.

    Raises NotAllowed, NotFound, ReasonMissing, ProposalOver, SamePerson for confirming one's own, and what `look`
    raises when nobody may warn for it any more.
    """
    if not allows(actor, "phishing:decide"):
        raise errors.NotAllowed
    said = " ".join(reason.split())[:LONGEST_REASON]
    if not said:
        raise errors.ReasonMissing
    row = Proposal.objects.select_for_update(of=("self",)).filter(id=proposal).first()
    if row is None:
        raise errors.NotFound(what="proposal", what_nl="voorstel")
    if row.state != "proposed":
        raise errors.ProposalOver
    own = row.by == str(actor.id)[:100]
    if own and agree:
        raise errors.SamePerson
    if agree:
        row.entry = _listed(actor, look(actor=actor, kind=row.kind, name=row.name), row.reason, row.lease)
    row.state = "confirmed" if agree else "withdrawn" if own else "refused"
    row.ended_by, row.ended_at, row.ended_reason = str(actor.id)[:100], timezone.now(), said
    row.save()
    detail = {"state": row.state, "why": said}
    record(actor=actor, action="phishing:proposal:end", target=("proposal", row.id), detail=detail)
    return row
