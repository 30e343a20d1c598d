"""What becomes of people's roles and of tokens when their organisation leaves the register. Accounts stay."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.accounts.actors import of_user
from dijkwacht.platform.accounts.errors import NotAllowed
from dijkwacht.platform.accounts.models import ActingMandate, OrganisationMembership, Token, User
from dijkwacht.platform.audit.record import Fact, record_many


def people_of(organisation: UUID) -> list[str]:
    """Return the addresses of the people of an organisation with an open account. In the scope of the centre."""
    rows = OrganisationMembership.objects.filter(
        organisation_id=organisation, user__is_active=True, accepted_at__isnull=False
    )
    return list(rows.order_by("user__email").values_list("user__email", flat=True))


def without_access(organisation: UUID, addresses: Iterable[str]) -> set[str]:
    """Return which of these addresses belong to an account that may not read for an organisation (any more).

    An address without account is nobody's who could have lost access. In the scope of the centre.
    """
    found = set()
    for address in addresses:
        user = User.objects.filter(email__iexact=address).first()
        if user is not None and not (user.is_active and organisation in of_user(user).acts_for):
            found.add(address)
    return found


def end_access(*, actor: Actor, organisation: UUID) -> dict[str, int]:
    """Revoke every token of an organisation, end every role for it, the last administrator's too, and every mandate.

    Returns how many of each. Raises NotAllowed unless the centre acts: see `registry.actions.deregister_due`.
    """
    if not actor.is_centre:
        raise NotAllowed
    tokens = list(Token.objects.select_for_update().filter(organisation_id=organisation, revoked_at=None))
    Token.objects.filter(id__in=[token.id for token in tokens]).update(revoked_at=timezone.now())
    roles = list(OrganisationMembership.objects.select_for_update().filter(organisation_id=organisation))
    OrganisationMembership.objects.filter(id__in=[role.id for role in roles]).delete()
    mandates = _mandates(organisation)
    ActingMandate.objects.filter(id__in=[mandate.id for mandate in mandates]).update(
        state=ActingMandate.State.WITHDRAWN, withdrawn_at=timezone.now()
    )
    record_many(
        Fact(actor=actor, action=action, target=target, organisation=organisation, detail={"reason": "deregistration"})
        for action, target in (
            *(("accounts:token:revoke", ("token", token.id)) for token in tokens),
            *(("accounts:role:revoke", ("user", role.user_id)) for role in roles),
            *(("accounts:mandate:withdraw", ("acting-mandate", mandate.id)) for mandate in mandates),
        )
    )
    return {"tokens": len(tokens), "people": len(roles), "acting_mandates": len(mandates)}


def _mandates(organisation: UUID) -> list[ActingMandate]:
    """The mandates that it gave and those that its people hold, asked for ones too; locked."""
    mine = Q(organisation_id=organisation) | Q(holder_kind=ActingMandate.Holder.ORGANISATION, holder_id=organisation)
    rows = ActingMandate.objects.filter(mine, state__in=[ActingMandate.State.ASKED, ActingMandate.State.GRANTED])
    return list(rows.select_for_update())
