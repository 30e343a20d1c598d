"""People and mandates under /api/v1: what an administrator's pages do. No token opens them, only a session."""

from datetime import date
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema
from ninja.responses import Status

from dijkwacht.api.doors import requires
from dijkwacht.api.idempotency import idempotent
from dijkwacht.api.paging import Page, PageQuery, paginate
from dijkwacht.kernel.actor import OrganisationRole
from dijkwacht.platform.accounts import actions, letters, mandates, reads
from dijkwacht.platform.accounts.models import ActingMandate
from dijkwacht.platform.accounts.permissions import actor_of
from dijkwacht.platform.accounts.rules import Role

router = Router(tags=["people"])


class PersonOut(Schema):
    """A role that somebody holds; `accepted` is false, and `seen` null, as long as an invitation waits."""

    user: UUID
    email: str
    name: str
    active: bool
    seen: Any = None
    accepted: bool
    role: str
    organisation: UUID | None


class InvitationIn(Schema):
    organisation: UUID
    email: str = Field(max_length=254)
    role: OrganisationRole
    name: str = Field("", max_length=200)
    language: Literal["nl", "en"] = "nl"


class InvitedOut(Schema):
    user: UUID


class RoleIn(Schema):
    organisation: UUID
    role: OrganisationRole


class ActingMandateOut(Schema):
    """A mandate to act for an organisation. `standing`: asked, granted, later, over, refused or withdrawn, today."""

    id: UUID
    organisation: UUID
    organisation_name: str
    holder_kind: str
    holder: UUID
    roles: list[str]
    standing: str
    starts_on: date
    ends_on: date
    note: str

    @classmethod
    def of(cls, row: ActingMandate, *, giver: bool) -> "ActingMandateOut":
        return cls(
            id=row.id,
            organisation=row.organisation_id,
            organisation_name=letters.called(row, giver=giver),
            holder_kind=row.holder_kind,
            holder=row.holder_id,
            roles=row.roles,
            standing=mandates.standing(row),
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            note=row.note,
        )


class ActingMandateIn(Schema):
    """A mandate to give. `holder`: a person's e-mail address, or an organisation's code."""

    organisation: UUID
    holder: str = Field(max_length=254)
    roles: list[OrganisationRole]
    starts_on: date
    ends_on: date


class ActingMandateRequestIn(Schema):
    """A mandate to ask for. `holder`: the own organisation; `code`: of the one to act for."""

    holder: UUID
    code: str = Field(max_length=60)
    roles: list[OrganisationRole]
    starts_on: date
    ends_on: date
    note: str = Field("", max_length=200)


class ActingMandateQuery(PageQuery):
    side: Literal["given", "held"] = "given"


@router.get("/people", auth=requires("accounts:write"), response=list[PersonOut])
def list_people(request: HttpRequest) -> Any:
    """List who holds which role at the organisations that you administer."""
    return reads.people_for(actor_of(request))


@router.post("/people", auth=requires("accounts:write"), response={202: InvitedOut})
@idempotent
def invite_person(request: HttpRequest, body: InvitationIn) -> Any:
    """Invite somebody by mail, in a role; whether the address was known does not show."""
    user = actions.invite(
        actor=actor_of(request),
        email=body.email,
        role=Role(body.role, body.organisation),
        name=body.name,
        language=body.language,
    )
    return Status(202, {"user": user.id})


@router.patch("/people/{user}", auth=requires("accounts:write"), response={204: None})
def change_person_role(request: HttpRequest, user: UUID, body: RoleIn) -> Any:
    """Give somebody of an organisation another role. The last administrator keeps it."""
    actions.grant(actor=actor_of(request), user=user, role=Role(body.role, body.organisation))
    return Status(204, None)


@router.delete("/people/{user}", auth=requires("accounts:write"), response={204: None})
def remove_person(request: HttpRequest, user: UUID, query: Query[RoleIn]) -> Any:
    """Take a role away, at once; of who never came it withdraws the invitation."""
    actions.revoke(actor=actor_of(request), user=user, role=Role(query.role, query.organisation))
    return Status(204, None)


@router.get("/acting-mandates", auth=requires("mandates:write"), response=Page[ActingMandateOut])
def list_acting_mandates(request: HttpRequest, query: Query[ActingMandateQuery]) -> dict[str, Any]:
    """List the mandates that your organisations gave, or that they hold."""
    actor, giver = actor_of(request), query.side == "given"
    rows = mandates.given_by(actor) if giver else mandates.held_by(actor)
    page = paginate(request, rows, query, order=("ends_on", "id"))
    return {**page, "items": [ActingMandateOut.of(row, giver=giver) for row in page["items"]]}


@router.post("/acting-mandates", auth=requires("mandates:write"), response={201: ActingMandateOut})
@idempotent
def give_acting_mandate(request: HttpRequest, body: ActingMandateIn) -> Any:
    """Let a person, or the people of an organisation, act for yours until a day."""
    return Status(201, ActingMandateOut.of(mandates.give(actor=actor_of(request), **body.dict()), giver=True))


@router.post("/acting-mandate-requests", auth=requires("mandates:write"), response={201: ActingMandateOut})
@idempotent
def ask_acting_mandate(request: HttpRequest, body: ActingMandateRequestIn) -> Any:
    """Ask an organisation to let your people act for it."""
    return Status(201, ActingMandateOut.of(mandates.ask(actor=actor_of(request), **body.dict()), giver=False))


@router.post("/acting-mandates/{acting_mandate}/{verdict}", auth=requires("mandates:write"), response=ActingMandateOut)
@idempotent
def decide_acting_mandate(
    request: HttpRequest, acting_mandate: UUID, verdict: Literal["grant", "refusal", "withdrawal"]
) -> Any:
    """Grant or refuse what was asked of your organisation, or withdraw; a holder gives it back by withdrawing."""
    take = {"grant": mandates.grant, "refusal": mandates.refuse, "withdrawal": mandates.withdraw}[verdict]
    actor = actor_of(request)
    row = take(actor=actor, mandate=acting_mandate)
    return ActingMandateOut.of(row, giver=actor.administers(row.organisation_id))
