"""What becomes of people's roles and of tokens when their organisation leaves the register. Accounts stay."""

from uuid import UUID

from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.accounts.errors import NotAllowed
from dijkwacht.platform.accounts.models import OrganisationMembership, Token
from dijkwacht.platform.audit.record import Fact, record_many


def people_of(organisation: UUID) -> list[str]:
    """Return the addresses of the people of an organisation with an open account. In the scope of the centre."""
    rows = OrganisationMembership.objects.filter(organisation_id=organisation, user__is_active=True)
    return list(rows.order_by("user__email").values_list("user__email", flat=True))


def end_access(*, actor: Actor, organisation: UUID) -> dict[str, int]:
    """Revoke every token of an organisation and end every role for it, the last administrator's too.

    Returns how many of each. Raises NotAllowed unless the centre acts: see `registry.actions.deregister_due`.
    """
    if not actor.is_centre:
        raise NotAllowed
    tokens = list(Token.objects.select_for_update().filter(organisation_id=organisation, revoked_at=None))
    Token.objects.filter(id__in=[token.id for token in tokens]).update(revoked_at=timezone.now())
    roles = list(OrganisationMembership.objects.select_for_update().filter(organisation_id=organisation))
    OrganisationMembership.objects.filter(id__in=[role.id for role in roles]).delete()
    record_many(
        Fact(actor=actor, action=action, target=target, organisation=organisation, detail={"reason": "deregistration"})
        for action, target in (
            *(("accounts:token:revoke", ("token", token.id)) for token in tokens),
            *(("accounts:role:revoke", ("user", role.user_id)) for role in roles),
        )
    )
    return {"tokens": len(tokens), "people": len(roles)}
