"""The API of this room: hand files in, read findings and notices, answer."""

from collections.abc import Iterator
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Status

from dijkwacht.api.doors import requires
from dijkwacht.api.idempotency import idempotent
from dijkwacht.api.paging import Page, PageQuery, paginate
from dijkwacht.platform.accounts.permissions import actor_of
from dijkwacht.rooms.notification import actions, feedback, intake, minimising, reads, schemas
from dijkwacht.rooms.notification.models import Finding

router = Router(tags=["notification"])


class FindingQuery(PageQuery):
    """The filters of a list of findings."""

    state: str | None = Field(None, max_length=12)
    kind: str | None = Field(None, max_length=60)
    minimum_severity: int = Field(0, ge=0, le=4)


@router.post("/batches", auth=requires("ingest:write"), response={202: schemas.ReceiptOut})
def hand_in(
    request: HttpRequest,
    filename: Annotated[str, Query(max_length=255, min_length=1)],
    feed: Annotated[str, Query(max_length=60)] = "",
) -> Status[dict[str, Any]]:
    """Hand a file in as the body of the request, of any size; it is on disk before you get 202."""
    receipt = intake.accept(actor=actor_of(request), chunks=_body(request), filename=filename, channel="api", feed=feed)
    return Status(202, _receipt(receipt))


def _receipt(receipt: intake.Receipt) -> dict[str, Any]:
    batch = receipt.batch
    return {
        "batch": batch.id,
        "sha256": batch.sha256,
        "size": batch.size,
        "known": receipt.known,
        "state": batch.state,
    }


def _body(request: HttpRequest) -> Iterator[bytes]:
    while chunk := request.read(1 << 20):
        yield chunk


@router.get("/batches", auth=requires("batches:read"), response=Page[schemas.BatchOut])
def list_batches(request: HttpRequest, query: Query[PageQuery]) -> dict[str, Any]:
    """The batches, the newest first."""
    return paginate(request, reads.batches_for(actor_of(request)), query, order=("-received_at", "-id"))


@router.get("/batches/{uuid:batch}", auth=requires("batches:read"), response=schemas.BatchOut)
def get_batch(request: HttpRequest, batch: UUID) -> Any:
    """One batch: how far it is and what became of it."""
    return reads.access_batch(actor_of(request), batch)


@router.get("/batches/{uuid:batch}/set-aside", auth=requires("batches:read"), response=Page[schemas.SetAsideOut])
def list_set_aside(request: HttpRequest, batch: UUID, query: Query[PageQuery]) -> dict[str, Any]:
    """The lines of a batch that were not understood."""
    return paginate(request, reads.set_aside_for(actor_of(request), batch), query, order=("line", "id"))


@router.post("/batches/{uuid:batch}/replay", auth=requires("ingest:write"), response={202: list[schemas.ReceiptOut]})
@idempotent
def replay(request: HttpRequest, batch: UUID, body: schemas.ReplayIn) -> Status[list[dict[str, Any]]]:
    """Hand corrected lines in; they become a batch of their own, one for each report of an archive."""
    receipts = actions.replay(actor=actor_of(request), batch=batch, lines=body.lines)
    return Status(202, [_receipt(receipt) for receipt in receipts])


@router.get("/feeds", auth=requires("feeds:read"), response=list[schemas.FeedOut])
def list_feeds(request: HttpRequest) -> list[dict[str, Any]]:
    """Every feed with its terms and health."""
    return [
        {
            **{name: value for name, value in row.items() if name != "feed"},
            "slug": row["feed"].slug,
            "title": {"nl": row["feed"].title.nl, "en": row["feed"].title.en},
            "publisher": row["feed"].publisher,
            "tlp": row["feed"].tlp,
            "pap": row["feed"].pap,
            "terms": row["feed"].terms.value,
        }
        for row in reads.feed_health(actor_of(request))
    ]


@router.get("/findings", auth=requires("findings:read"), response=Page[schemas.FindingOut])
def list_findings(request: HttpRequest, query: Query[FindingQuery]) -> dict[str, Any]:
    """The findings of your organisation; the centre sees all."""
    return _findings(request, query, members=False)


@router.get("/members/findings", auth=requires("relay:read"), response=Page[schemas.FindingOut])
def list_member_findings(request: HttpRequest, query: Query[FindingQuery]) -> dict[str, Any]:
    """The findings of a relay's members that the law let us tell it."""
    return _findings(request, query, members=True)


def _findings(request: HttpRequest, query: FindingQuery, *, members: bool) -> dict[str, Any]:
    rows = reads.findings_for(actor_of(request), members=members).filter(severity__gte=query.minimum_severity)
    if query.state:
        rows = rows.filter(state=query.state)
    if query.kind:
        rows = rows.filter(kind=query.kind)
    page = paginate(request, rows, query, order=("id",))
    return {**page, "items": minimising.shown_to(actor_of(request), page["items"])}


@router.get("/findings/{uuid:finding}", auth=requires("findings:read"), response=schemas.FindingOut)
def get_finding(request: HttpRequest, finding: UUID) -> Finding:
    """One finding."""
    actor = actor_of(request)
    return minimising.shown_to(actor, [reads.access_finding(actor, finding)])[0]


@router.get("/findings/{uuid:finding}/history", auth=requires("findings:read"), response=Page[schemas.EventOut])
def get_history(request: HttpRequest, finding: UUID, query: Query[PageQuery]) -> dict[str, Any]:
    """Every change of one finding: when, by whom, why."""
    actor = actor_of(request)
    page = paginate(request, reads.history_of(actor, finding), query, order=("id",))
    return {**page, "items": [schemas.EventOut.of(row, names=actor.is_centre) for row in page["items"]]}


@router.get("/notices", auth=requires("notices:read"), response=Page[schemas.NoticeOut])
def list_notices(request: HttpRequest, query: Query[PageQuery]) -> dict[str, Any]:
    """Your notices, the oldest first, so that a program that keeps its cursor misses none."""
    return paginate(request, reads.notices_for(actor_of(request)), query, order=("created_at", "id"))


@router.get("/notices/{uuid:notice}", auth=requires("notices:read"), response=schemas.NoticeDetail)
def get_notice(request: HttpRequest, notice: UUID) -> Any:
    """One notice with its findings; reading it is recorded."""
    return actions.read_notice(actor=actor_of(request), notice=notice)


@router.post("/notices/{uuid:notice}/feedback", auth=requires("findings:write"), response=schemas.FeedbackOut)
@idempotent
def answer(request: HttpRequest, notice: UUID, body: schemas.FeedbackIn) -> dict[str, int]:
    """Answer a notice: fixed, working on it, not ours, false alarm, wrong contact."""
    changed = feedback.give_feedback(
        actor=actor_of(request), notice=notice, answer=body.answer, findings=body.findings, comment=body.comment
    )
    return {"changed": changed}


@router.get("/decisions", auth=requires("decisions:read"), response=Page[schemas.DecisionOut])
def list_decisions(request: HttpRequest, query: Query[PageQuery]) -> dict[str, Any]:
    """What the law said, the newest first; `route` nobody is a refusal."""
    return paginate(request, reads.decisions_for(actor_of(request)), query, order=("-id",))
