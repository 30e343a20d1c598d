"""What providers and partners ask under /api/v1: whether we warn for an address, and which campaigns there are."""

from datetime import datetime
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlsplit
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from dijkwacht.api.doors import requires
from dijkwacht.api.paging import Page, PageQuery, paginate
from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.rooms.phishing.campaigns.models import Campaign
from dijkwacht.rooms.phishing.listing import reads, rules
from dijkwacht.rooms.phishing.listing.models import Entry

router = Router(tags=["phishing"])
SCOPE: Final = "phishing:ask"
ASKER: Final = system("phishing:figures")  # the rows are the centre's; what is given of them is what the list publishes


class StatusQuery(Schema):
    """What is asked about."""

    name: Annotated[str, Field(min_length=1, max_length=2048, description="A URL, or a host.")]


class WarningOut(Schema):
    """Whether we warn now, and for what that covers the name."""

    warned: bool
    kind: Literal["url", "host", "name", "domain"] | None
    name: str | None
    since: datetime | None
    until: datetime | None
    reason: list[str] = Field(description="Codes of the evidence.")


class CampaignOut(Schema):
    """A campaign that is phishing: nothing of who reported it, nor of its text."""

    id: UUID
    verdict: Literal["phishing"]
    brand: str = Field(description="Slug of the brand that it imitates, or empty.")
    hosts: list[str]
    mails: int
    first_at: datetime
    last_at: datetime
    wave: UUID | None = Field(description="The same for campaigns that belong together; null: alone. No evidence.")
    evidence: list[str] = Field(description="Codes of the evidence.")

    @staticmethod
    def resolve_evidence(row: Campaign) -> list[str]:
        return [str(one["code"]) for one in row.reason]


@router.get("/phishing/status", auth=requires(SCOPE), response=WarningOut)
def read_phishing_status(request: HttpRequest, query: Query[StatusQuery]) -> dict[str, Any]:  # noqa: ARG001 - its door
    """Say whether we warn for a URL or a host now. The name is not kept."""
    kind = "url" if "://" in query.name else "host"
    found = rules.written(kind, query.name)
    host = urlsplit(found).hostname or "" if kind == "url" else found
    with tenancy.acting(ASKER):
        entry = next(iter(reads.live(found)), None) or reads.covering(host)
    return _warning(entry)


def _warning(entry: Entry | None) -> dict[str, Any]:
    if entry is None:
        return {"warned": False, "kind": None, "name": None, "since": None, "until": None, "reason": []}
    codes = [str(one.get("code", "")) for one in entry.reason]
    return {
        "warned": True,
        "kind": entry.kind,
        "name": entry.name,
        "since": entry.added_at,
        "until": entry.lease_until,
        "reason": codes,
    }


@router.get("/phishing/campaigns", auth=requires(SCOPE), response=Page[CampaignOut])
def list_phishing_campaigns(request: HttpRequest, query: Query[PageQuery]) -> dict[str, Any]:
    """List the campaigns that are phishing, the oldest first, without who reported them."""
    with tenancy.acting(ASKER):
        return paginate(request, Campaign.objects.filter(verdict="phishing"), query, order=["first_at", "id"])
