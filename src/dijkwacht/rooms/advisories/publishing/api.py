"""The published advisories for programs: those of TLP:CLEAR for anybody. The CSAF documents: /.well-known/csaf."""

from datetime import datetime
from typing import Annotated, Any, Final, Literal

from django.http import HttpRequest
from ninja import Field, Path, Query, Router, Schema

from dijkwacht.api.doors import public, requires
from dijkwacht.api.paging import Page, PageQuery, paginate
from dijkwacht.kernel.actor import ANONYMOUS
from dijkwacht.platform.accounts.permissions import actor_of
from dijkwacht.rooms.advisories.publishing.web_public import as_json
from dijkwacht.rooms.advisories.writing import reads
from dijkwacht.rooms.advisories.writing.models import Version

router = Router(tags=["advisories"])
WHY: Final = "advisories of TLP:CLEAR are for everybody"
ORDER: Final = ("-at", "-id")


class TextOut(Schema):
    """A text in both languages."""

    nl: str
    en: str


class CourseOut(TextOut):
    """What the reader can do."""

    url: str


class AdvisoryOut(Schema):
    """An advisory in its newest version."""

    number: str
    version: int
    published: datetime
    changed: datetime
    withdrawn: bool
    tlp: Literal["CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED"]
    title: TextOut
    summary: TextOut
    likelihood: Literal["", "low", "medium", "high"]
    impact: Literal["", "low", "medium", "high"]
    label: Literal["", "normal", "urgent"]
    urgent: bool
    vulnerabilities: list[str]
    courses: list[CourseOut]
    page: str
    csaf: dict[str, str] = Field(description="The CSAF document, by version of CSAF.")


class AdvisoriesQuery(PageQuery):
    """Which advisories are wanted."""

    q: str = Field("", max_length=200, description="Part of a number or a title.")
    urgent: bool = Field(False, description="Only the urgent ones that were not withdrawn.")


def _shown(row: Version) -> dict[str, Any]:
    return as_json(reads.release_of(row))


@router.get("/advisories", auth=public(WHY), response=Page[AdvisoryOut])
def list_advisories(request: HttpRequest, query: Query[AdvisoriesQuery]) -> dict[str, Any]:
    """Give the advisories of TLP:CLEAR, the one changed last first."""
    rows = reads.listed(ANONYMOUS, words=query.q, urgent=query.urgent)
    return paginate(request, rows, query, order=ORDER, show=_shown)


@router.get("/advisories/received", auth=requires("advisories:receive"), response=Page[AdvisoryOut])
def list_received_advisories(request: HttpRequest, query: Query[AdvisoriesQuery]) -> dict[str, Any]:
    """Give the advisories that may reach the asker, also those that are not for everybody."""
    rows = reads.listed(actor_of(request), words=query.q, urgent=query.urgent)
    return paginate(request, rows, query, order=ORDER, show=_shown)


@router.get("/advisories/{str:advisory_number}", auth=public(WHY), response=AdvisoryOut)
def read_advisory(request: HttpRequest, advisory_number: Annotated[str, Path(max_length=40)]) -> dict[str, Any]:  # noqa: ARG001 - its door
    """Give one advisory of TLP:CLEAR by its number."""
    return _shown(reads.published(ANONYMOUS, advisory_number))
