"""The work of the desk under /api/v1: judge, hand over, acknowledge, link, close."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router
from ninja.responses import Status

from dijkwacht.api.doors import requires
from dijkwacht.api.idempotency import idempotent
from dijkwacht.platform.accounts.permissions import actor_of
from dijkwacht.rooms.reporting import actions, reads
from dijkwacht.rooms.reporting.programs import schemas
from dijkwacht.rooms.reporting.schemas import IncidentOut

router = Router(tags=["incidents"])
HANDLE = "incidents:handle"


@router.post("/incidents/{incident}/judgements", auth=requires(HANDLE), response={201: schemas.JudgementOut})
@idempotent
def judge_incident(request: HttpRequest, incident: UUID, body: schemas.JudgementIn) -> Any:
    """Keep a person's judgement: significant, or not, because."""
    made = actions.judge_incident(
        actor=actor_of(request), incident=incident, significant=body.significant, reason=body.reason
    )
    return Status(201, made)


@router.get("/incidents/{incident}/handovers", auth=requires("reports:read"), response=list[schemas.HandoverOut])
def list_handovers(request: HttpRequest, incident: UUID) -> Any:
    """List to whom an incident was handed over: the centre reads all, a receiver its own."""
    actor = actor_of(request)
    return reads.handovers_of(actor, reads.access_any(actor, incident))


@router.post("/incidents/{incident}/handovers", auth=requires(HANDLE), response={201: schemas.HandoverOut})
@idempotent
def hand_incident_over(request: HttpRequest, incident: UUID, body: schemas.HandoverIn) -> Any:
    """Give an incident to an authority or CSIRT, with the four tests of Cbw 66(1)."""
    actor = actor_of(request)
    made = actions.hand_over(actor=actor, incident=incident, reader=body.reader, tests=body.tests.model_dump())
    return Status(201, made)


@router.post(
    "/incidents/handovers/{handover}/acknowledge",
    auth=requires("handovers:acknowledge"),
    response=schemas.HandoverOut,
)
@idempotent
def acknowledge_handover(request: HttpRequest, handover: UUID) -> Any:
    """Say that a handover was received, by its receiver."""
    return actions.acknowledge_handover(actor=actor_of(request), handover=handover)


@router.post("/incidents/{incident}/close", auth=requires(HANDLE), response=IncidentOut)
@idempotent
def close_incident(request: HttpRequest, incident: UUID, body: schemas.ClosingIn) -> Any:
    """Close an incident at the centre: its clocks stop."""
    return actions.close_incident(actor=actor_of(request), incident=incident, reason=body.reason)


@router.get("/incidents/{incident}/likenesses", auth=requires(HANDLE), response=list[schemas.LikenessOut])
def list_likenesses(request: HttpRequest, incident: UUID) -> Any:
    """List the incidents that may be the same one."""
    actor = actor_of(request)
    return reads.likenesses_of(actor, reads.access_incident(actor, incident))


@router.post("/incidents/likenesses/{likeness}", auth=requires(HANDLE), response=schemas.LikenessOut)
@idempotent
def judge_likeness(request: HttpRequest, likeness: UUID, body: schemas.LikenessIn) -> Any:
    """Link two incidents that are one, or say that they are not; nothing is merged."""
    actor = actor_of(request)
    return actions.judge_likeness(actor=actor, likeness=likeness, linked=body.linked, reason=body.reason)
