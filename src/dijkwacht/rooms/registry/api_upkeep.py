"""The routes of the upkeep under /api/v1: reviews, change notices, histories, deregistrations; as the pages allow."""

from datetime import date
from typing import Any, Final, Literal, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from ninja import Field, Query, Router, Schema
from ninja.responses import Status

from dijkwacht.api.doors import requires
from dijkwacht.api.idempotency import idempotent
from dijkwacht.api.paging import Page, PageQuery, paginate
from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.accounts.permissions import actor_of, where
from dijkwacht.rooms.registry import actions, fields, history, reads, rules
from dijkwacht.rooms.registry import schemas_upkeep as schemas
from dijkwacht.rooms.registry.history.models import Change
from dijkwacht.rooms.registry.leaving import reads as leaving
from dijkwacht.rooms.registry.upkeep import reads as upkeep
from dijkwacht.rooms.registry.vocabulary import Record

router = Router(tags=["registry"])
MOST_ROWS: Final = 500  # of a kind, as of a day
BY_TERM: Final = ["due_on", "id"]
Row = TypeVar("Row", bound=Model)


class NoticeQuery(PageQuery):
    state: Literal["", "asked", "told", "dismissed"] = Field("", description="Where it stands.")


class ReviewQuery(PageQuery):
    open: bool | None = Field(None, description="Whether something is still to be confirmed.")
    due_before: date | None = Field(None, description="Only what is due before this day.")


class HistoryQuery(PageQuery):
    record: Literal["", "organisation", "contact", "asset", "mandate"] = Field("", description="A kind of record.")
    field: str = Field("", max_length=40, description="The name of one field, such as emails.")


class AsOfQuery(Schema):
    as_of: str = Field(max_length=40, description="A day (its end) such as 2026-12-31, or a moment with its time zone.")


def _told(actor: Actor, rows: QuerySet[Row]) -> QuerySet[Row]:
    """Narrow to the organisations whose changes the actor tells: a role elsewhere, or a smaller one, does not count."""
    return rows if actor.is_centre else rows.filter(organisation_id__in=where(actor, "changes:write"))


@router.get("/change-notices", auth=requires("changes:write"), response=Page[schemas.OwnedNotice])
def list_all_change_notices(request: HttpRequest, query: Query[NoticeQuery]) -> dict[str, Any]:
    """List the change notices of all organisations that you keep; the shortest term first."""
    rows = _told(actor_of(request), upkeep.change_notices_for(actor_of(request), state=query.state))
    return paginate(request, rows, query, order=BY_TERM)


@router.post(
    "/organisations/{organisation}/change-questions",
    auth=requires("registry:write"),
    response={201: schemas.OwnedNotice, 204: None},
)
@idempotent
def ask_change(request: HttpRequest, organisation: UUID, body: schemas.QuestionIn) -> Any:
    """Ask about a change learned elsewhere. 204: the register says the same, or it was asked already."""
    notice = actions.ask_change(actor=actor_of(request), organisation=organisation, **body.given())
    return Status(201, notice) if notice else Status(204, None)


@router.post("/change-notices/{change_notice}/dismissal", auth=requires("changes:write"), response=schemas.OwnedNotice)
@idempotent
def dismiss_change(request: HttpRequest, change_notice: UUID, body: schemas.DismissalIn) -> Any:
    """Say that nothing changed, and why."""
    return actions.dismiss_change(actor=actor_of(request), change_notice=change_notice, reason=body.reason)


@router.get("/reviews", auth=requires("changes:write"), response=Page[schemas.ReviewOut])
def list_reviews(request: HttpRequest, query: Query[ReviewQuery]) -> dict[str, Any]:
    """List the reviews of all organisations that you keep; the shortest term first."""
    rows = _told(actor_of(request), upkeep.reviews_for(actor_of(request)))
    if query.open is not None:
        rows = rows.filter(confirmed_at__isnull=query.open)
    rows = rows.filter(due_on__lt=query.due_before) if query.due_before else rows
    return paginate(request, rows, query, order=BY_TERM)


@router.get("/organisations/{organisation}/reviews", auth=requires("changes:write"), response=Page[schemas.ReviewOut])
def list_reviews_of(request: HttpRequest, organisation: UUID, query: Query[PageQuery]) -> dict[str, Any]:
    """List the reviews of an organisation."""
    actor = actor_of(request)
    rules.require(rules.may_tell(actor, reads.access_organisation(actor, organisation).id))
    return paginate(request, upkeep.reviews_for(actor, organisation=organisation), query, order=BY_TERM)


@router.post("/reviews/{review}/confirmations", auth=requires("changes:write"), response=schemas.ReviewOut)
@idempotent
def confirm_review(request: HttpRequest, review: UUID, body: schemas.ConfirmationIn) -> Any:
    """Say that a group of fields is still right; the last one ends the review. A change is told by change notice."""
    return actions.confirm_review(actor=actor_of(request), review=review, group=body.group)


@router.get("/review-campaigns", auth=requires("registry:write"), response=Page[schemas.CampaignOut])
def list_campaigns(request: HttpRequest, query: Query[PageQuery]) -> dict[str, Any]:
    """List the reviews of the register, newest first, with how many were asked and how many are done."""
    return paginate(request, upkeep.review_campaigns_for(actor_of(request)), query, order=["-started_at", "-id"])


@router.post("/review-campaigns", auth=requires("registry:write"), response={201: schemas.CampaignOut})
@idempotent
def start_campaign(request: HttpRequest, body: schemas.CampaignIn) -> Any:
    """Ask a selection of organisations to look at their registration."""
    actor = actor_of(request)
    made = actions.start_review(actor=actor, **body.given())
    return Status(201, upkeep.access_review_campaign(actor, made.id))


@router.get("/review-campaigns/{review_campaign}", auth=requires("registry:write"), response=schemas.CampaignOut)
def read_campaign(request: HttpRequest, review_campaign: UUID) -> Any:
    """Read how far a review of the register is."""
    return upkeep.access_review_campaign(actor_of(request), review_campaign)


@router.get(
    "/organisations/{organisation}/history", auth=requires("organisations:read"), response=Page[schemas.ChangeOut]
)
def list_history(request: HttpRequest, organisation: UUID, query: Query[HistoryQuery]) -> dict[str, Any]:
    """List the changes of every field of an organisation and what is its, newest first."""
    actor = actor_of(request)
    reads.access_organisation(actor, organisation)
    rows = history.changes_of(actor, organisation, record=query.record, field=query.field.replace("\0", ""))
    without = () if reads.may_reach(actor, organisation) else fields.REACH

    def show(change: Change) -> dict[str, Any]:
        lines = history.lines(actor, change, field=query.field, without=without)
        return {
            **{name: getattr(change, name) for name in ("id", "at", "record", "row", "verb", "source", "ground")},
            "actor": _who(actor, change.actor),
            "lines": [{"field": line.field, "value": line.value, "erased": line.erased} for line in lines],
        }

    return paginate(request, rows, query, order=["-id"], show=show)


def _who(actor: Actor, changed_by: str) -> str:
    if actor.is_centre:
        return changed_by
    return "you" if changed_by == actor.id else ""


@router.get("/organisations/{organisation}/as-of", auth=requires("organisations:read"), response=schemas.StoodOut)
def read_as_of(request: HttpRequest, organisation: UUID, query: Query[AsOfQuery]) -> dict[str, Any]:
    """Read what the register held of an organisation on a day (its end) or at a moment."""
    actor = actor_of(request)
    reads.access_organisation(actor, organisation)
    wanted = history.parse(query.as_of)
    found: list[dict[str, Any]] = []
    more = False
    for record in Record:
        versions = history.as_of(actor, wanted.moment, record=record, organisation=organisation)
        rows = [version for version, _ in zip(versions, range(MOST_ROWS + 1), strict=False)]
        more |= len(rows) > MOST_ROWS
        found += [{"record": record.value, "row": one.row, "values": one.values} for one in rows[:MOST_ROWS]]
    return {**wanted.heading(), "more": more, "rows": found}


@router.get("/deregistrations", auth=requires("organisations:write"), response=Page[schemas.DeregistrationOut])
def list_deregistrations(request: HttpRequest, query: Query[PageQuery]) -> dict[str, Any]:
    """List who leaves or left the register, of the organisations that you keep."""
    return paginate(request, leaving.deregistrations_for(actor_of(request)), query, order=["effective_on", "id"])


@router.post(
    "/organisations/{organisation}/deregistrations",
    auth=requires("organisations:write"),
    response={201: schemas.DeregistrationOut},
)
@idempotent
def ask_deregistration(request: HttpRequest, organisation: UUID, body: schemas.DeregistrationIn) -> Any:
    """Ask that an organisation leaves the register on a day: ceased, merged, out-of-scope or sold."""
    given = body.given()
    return Status(201, actions.ask_deregistration(actor=actor_of(request), organisation=organisation, **given))


@router.post(
    "/deregistrations/{deregistration}/withdrawal",
    auth=requires("organisations:write"),
    response=schemas.DeregistrationOut,
)
@idempotent
def withdraw_deregistration(request: HttpRequest, deregistration: UUID, body: schemas.DecisionReason) -> Any:
    """Take it back before it takes effect."""
    return actions.withdraw_deregistration(actor=actor_of(request), deregistration=deregistration, reason=body.reason)


@router.post(
    "/deregistrations/{deregistration}/{ruling}",
    auth=requires("registry:write"),
    response=schemas.DeregistrationOut,
)
@idempotent
def decide_deregistration(
    request: HttpRequest,
    deregistration: UUID,
    ruling: Literal["confirmation", "refusal"],
    body: schemas.DecisionReason,
) -> Any:
    """Confirm or refuse it as an officer, and say why."""
    rules.require(rules.may_manage(actor_of(request)))
    take = actions.confirm_deregistration if ruling == "confirmation" else actions.refuse_deregistration
    return take(actor=actor_of(request), deregistration=deregistration, reason=body.reason)
