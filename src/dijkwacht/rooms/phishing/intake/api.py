"""Suspicious mails and addresses under /api/v1, from partners: acknowledged when they are on disk and in the queue."""

from typing import Annotated, Any, Final, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema
from ninja.responses import Status
from pydantic import ConfigDict

from dijkwacht.api.doors import requires
from dijkwacht.api.idempotency import idempotent
from dijkwacht.platform.accounts.permissions import actor_of
from dijkwacht.rooms.phishing.errors import NotReadable, TooLarge
from dijkwacht.rooms.phishing.intake import actions, reads, web, wrapping
from dijkwacht.rooms.phishing.intake.actions import Handed

router = Router(tags=["phishing"])
LARGEST: Final = 8 << 20  # bytes of a mail over the API; larger ones come by mail
MAIL: Final = {
    "requestBody": {"required": True, "content": {"message/rfc822": {"schema": {"type": "string", "format": "binary"}}}}
}


class AddressesIn(Schema):
    """Web addresses that may be phishing, of one attack."""

    model_config = ConfigDict(extra="forbid")

    addresses: list[Annotated[str, Field(min_length=1, max_length=wrapping.LONGEST_URL)]] = Field(
        min_length=1, max_length=wrapping.MOST_URLS
    )


class TakenOut(Schema):
    """What was taken in: it is on disk, and will be read."""

    id: UUID


class StatusOut(Schema):
    """What became of a report."""

    id: UUID
    read: bool = Field(description="Whether it was read yet.")
    verdict: Literal["looking", "phishing", "suspicious", "legitimate", "own", "cannot-say"]


@router.post("/phishing/addresses", auth=requires(reads.SCOPE), response={202: TakenOut})
@idempotent
def report_phishing_addresses(request: HttpRequest, body: AddressesIn) -> Any:
    """Report web addresses of one attack. The answer comes when they are on disk."""
    checked = [web.checked(one) for one in body.addresses]
    return _taken(request, wrapping.as_mail(checked))


@router.post("/phishing/mails", auth=requires(reads.SCOPE), response={202: TakenOut}, openapi_extra=MAIL)
@idempotent
def report_phishing_mail(request: HttpRequest) -> Any:
    """Report a mail (or an Outlook .msg file, a picture, a PDF) as the body of the request, of at most 8 MB."""
    content = request.body
    if len(content) > LARGEST:
        raise TooLarge(megabytes=LARGEST >> 20)
    try:
        file = wrapping.recognised(content)
    except wrapping.Unknown as error:
        raise NotReadable from error
    return _taken(request, wrapping.as_mail([], file))


@router.get("/phishing/reports/{phishing_report}", auth=requires(reads.SCOPE), response=StatusOut)
def read_phishing_report(request: HttpRequest, phishing_report: UUID) -> Any:
    """Read what became of a report of your own organisation."""
    found = reads.access_status(actor_of(request), phishing_report)
    return {"id": found.id, "read": found.read, "verdict": found.verdict}


def _taken(request: HttpRequest, raw: bytes) -> Any:
    actor = actor_of(request)
    handed = Handed(raw=raw, door="api", partner=reads.partner_of(actor))
    return Status(202, {"id": actions.accept(actor=actor, handed=handed)})
