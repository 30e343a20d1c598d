"""From a signed-in request to an Actor. What somebody may do is asked anew each time: a revoked role ends at once.

So does a mandate: its state and its days are judged here, at the moment of use. Mandates do not chain: what was given
to an organisation is used by its own people, not by those who only act for it; nor do they make anybody a relay.
"""

from collections import defaultdict
from dataclasses import replace
from typing import Final, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db.models import CharField, F, Func, Q, QuerySet, UUIDField, Value
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.utils import timezone

from dijkwacht.kernel.actor import ANONYMOUS, Actor, CentreRole, Kind, Mandated, OrganisationRole, system
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts import origins, relays
from dijkwacht.platform.accounts.models import ActingMandate, CentreMembership, OrganisationMembership, User
from dijkwacht.platform.accounts.rules import delegated
from dijkwacht.platform.accounts.second_factor import proven

RESOLVER = system("accounts:resolve")
CHOSEN: Final = "acting_for"  # in the session: the one organisation somebody who acts for many works for now


class _Held(NamedTuple):
    """One role, its organisation (none: the centre), and the mandate it comes by with who holds that."""

    role: str
    organisation: UUID | None
    mandate: UUID | None
    holder: UUID | None


def in_force() -> Q:
    """The mandates that count today, at the centre."""
    today = timezone.localdate()
    return Q(state=ActingMandate.State.GRANTED, starts_on__lte=today, ends_on__gte=today)


def accepted(user: User) -> QuerySet[OrganisationMembership]:
    """The roles for organisations that somebody accepted: an invitation gives nothing until its holder says yes."""
    return OrganisationMembership.objects.filter(user=user, accepted_at__isnull=False)


def _mandates(user: User) -> QuerySet[ActingMandate]:
    own = accepted(user).values("organisation_id")
    by_person = Q(holder_kind=ActingMandate.Holder.PERSON, holder_id=user.id)
    by_people = Q(holder_kind=ActingMandate.Holder.ORGANISATION, holder_id__in=own)
    return ActingMandate.objects.filter(in_force(), by_person | by_people)


def _roles(user: User) -> list[_Held]:
    """Every role of `user`, in one query. Needs the scope of the centre."""
    role, nothing = Cast("role", CharField()), Cast(Value(None), UUIDField(null=True))
    centre = CentreMembership.objects.filter(user=user).values_list(role, nothing, nothing.copy(), nothing.copy())
    own = accepted(user).values_list(role.copy(), "organisation_id", nothing.copy(), nothing.copy())
    each = Cast(Func(F("roles"), function="unnest"), CharField())
    mandated = _mandates(user).values_list(each, "organisation_id", "id", "holder_id")
    return [_Held(*row) for row in centre.union(own, mandated, all=True)]


def _mandated(user: User, held: list[_Held], own: dict[UUID, OrganisationRole]) -> dict[UUID, tuple[Mandated, ...]]:
    """The mandates per organisation: of a mandate to an organisation, what the own role there covers."""
    scopes: dict[tuple[UUID, UUID, UUID], set[OrganisationRole]] = defaultdict(set)
    for one in held:
        if one.organisation and one.mandate and one.holder:
            scopes[one.organisation, one.mandate, one.holder].add(OrganisationRole(one.role))
    found: dict[UUID, tuple[Mandated, ...]] = {}
    for (organisation, mandate, holder), scope in sorted(scopes.items()):
        roles = delegated(scope, None if holder == user.id else own[holder])
        if roles:
            found[organisation] = (*found.get(organisation, ()), Mandated(mandate, roles))
    return found


def _resolve(user: User, *, origin: str, second_factor: bool) -> Actor:
    held = _roles(user)
    memberships = {
        one.organisation: OrganisationRole(one.role) for one in held if one.organisation and one.mandate is None
    }
    return _relaying(
        Actor(
            kind=Kind.PERSON,
            id=str(user.id),
            name=str(user),
            roles=frozenset(CentreRole(one.role) for one in held if one.organisation is None),
            memberships=memberships,
            mandates=_mandated(user, held, memberships),
            origin=origin,
            second_factor=second_factor,
        )
    )


def _relaying(actor: Actor) -> Actor:
    """Add whom the own organisations read for: victim data, so not for a reporter."""
    read = {one for one, role in actor.memberships.items() if role is not OrganisationRole.REPORTER}
    relayed = relays.resolve(frozenset(read))
    return replace(actor, relays=relayed.relays, members=relayed.members, sectors=relayed.sectors)


def of_user(user: User, *, origin: str = "", second_factor: bool = False) -> Actor:
    """Everything `user` may do now."""
    with tenancy.acting(RESOLVER):
        return _resolve(user, origin=origin, second_factor=second_factor)


def of_request(request: HttpRequest) -> Actor:
    """The actor behind a request's session. Leaves the transaction in the scope of the centre: enter the actor next.

    `request.whole_actor` is the same without the choice of one organisation to work for. Mandates need a second factor:
    without one they give nothing, and `request.mandates_wait` is true. Nobody has to set one up because of a mandate,
    which anybody can give to an address.
    """
    user = request.user
    origin = origins.address(request)
    if not isinstance(user, User) or not user.is_active:
        return Actor(kind=Kind.ANONYMOUS, id=ANONYMOUS.id, origin=origin)
    tenancy.enter(RESOLVER)
    whole = _resolve(user, origin=origin, second_factor=proven(request, user))
    waiting = bool(whole.mandates) and not (whole.second_factor or settings.DEMO)
    if waiting:
        whole = replace(whole, mandates={})
    request.whole_actor, request.mandates_wait = whole, waiting  # type: ignore[attr-defined]
    nothing = not (whole.roles or whole.acts_for)  # whoever has a role knows the page, and was mailed besides
    request.invited = nothing and OrganisationMembership.objects.filter(user=user).exists()  # type: ignore[attr-defined]
    return _narrowed(whole, request.session.get(CHOSEN, ""))


def _narrowed(actor: Actor, chosen: str) -> Actor:
    """The actor for one of its organisations alone. A choice that is no longer its own does not count."""
    one = next((known for known in actor.acts_for if str(known) == chosen), None)
    if one is None:
        return actor
    memberships = {one: actor.memberships[one]} if one in actor.memberships else {}
    mandates = {one: actor.mandates[one]} if one in actor.mandates else {}
    return _relaying(replace(actor, memberships=memberships, mandates=mandates, chosen=one))
