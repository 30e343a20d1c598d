"""The routes of services under /api/v1."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router

from dijkwacht.api.doors import requires
from dijkwacht.api.paging import Page, PageQuery, paginate
from dijkwacht.platform.accounts.permissions import actor_of
from dijkwacht.rooms.services import actions, reads, schemas

router = Router(tags=["services"])


class SubscriptionQuery(PageQuery):
    product: str = Field("", max_length=40)
    running: bool = Field(default=False, description="Only what was not withdrawn.")


@router.get(
    "/organisations/{organisation}/services",
    auth=requires("services:read"),
    response=list[schemas.ServiceOut],
)
def list_services(request: HttpRequest, organisation: UUID) -> Any:
    """List the products and services as they stand for an organisation: which fit, why, what is lacking, on or off."""
    actor = actor_of(request)
    row = reads.access_organisation(actor, organisation)
    return [schemas.service(offer) for offer in reads.offers_for(actor, row)]


@router.put(
    "/organisations/{organisation}/services/{product}",
    auth=requires("services:write"),
    response=schemas.SubscriptionOut,
)
def give_consent(request: HttpRequest, organisation: UUID, product: str, body: schemas.ConsentIn) -> Any:
    """Say yes to a product. `version` is that of the text you read; another one is refused."""
    return actions.subscribe(
        actor=actor_of(request),
        organisation=organisation,
        product=product,
        version=body.version,
        language=body.language,
    )


@router.delete(
    "/organisations/{organisation}/services/{product}",
    auth=requires("services:write"),
    response=schemas.SubscriptionOut,
)
def withdraw_consent(request: HttpRequest, organisation: UUID, product: str) -> Any:
    """Take a yes back; it stays on record as withdrawn."""
    return actions.withdraw(actor=actor_of(request), organisation=organisation, product=product)


@router.get("/subscriptions", auth=requires("services:read"), response=Page[schemas.SubscriptionOut])
def list_subscriptions(request: HttpRequest, query: Query[SubscriptionQuery]) -> dict[str, Any]:
    """List subscriptions, withdrawn ones too: your own, for the centre all."""
    rows = reads.subscriptions_for(actor_of(request))
    rows = rows.filter(product=query.product) if query.product else rows
    rows = rows.filter(withdrawn_at=None) if query.running else rows
    return paginate(request, rows, query, order=["given_at", "id"])
