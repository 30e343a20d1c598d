"""The routes of knowledge and plans under /api/v1: measures, scans and search for everybody, plans for their own."""

from dataclasses import asdict
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema, Status

from dijkwacht.api.doors import public, requires
from dijkwacht.api.paging import Page, PageQuery, paginate
from dijkwacht.platform.accounts.permissions import actor_of
from dijkwacht.rooms.knowledge import published, schemas
from dijkwacht.rooms.knowledge.errors import NotFound
from dijkwacht.rooms.knowledge.figures import reads as figures
from dijkwacht.rooms.knowledge.library import Instrument
from dijkwacht.rooms.knowledge.planning import actions, exports, reads
from dijkwacht.rooms.knowledge.planning.actions import Decided
from dijkwacht.rooms.knowledge.searching import reads as searching

router = Router(tags=["knowledge"])
EVERYBODY = public("what the centre advises is for everybody")


class SearchQuery(Schema):
    q: Annotated[str, Field(min_length=1, max_length=200, description="Words, Dutch or English.")]
    language: Literal["nl", "en"] = "nl"
    room: str = Field("", max_length=30, description="Only documents of one room, such as knowledge or advisories.")


@router.get("/knowledge/measures", auth=EVERYBODY, response=list[schemas.MeasureOut])
def list_measures(request: HttpRequest) -> Any:  # noqa: ARG001
    """List every published measure, in the order of the principles."""
    return [schemas.measure(one) for one in published.entries().values()]


@router.get("/knowledge/measures/{measure}", auth=EVERYBODY, response=schemas.MeasureOut)
def read_measure(request: HttpRequest, measure: str) -> Any:  # noqa: ARG001
    """Read one measure."""
    return schemas.measure(published.entry(measure))


@router.get("/knowledge/scans", auth=EVERYBODY, response=list[schemas.InstrumentOut])
def list_self_scans(request: HttpRequest) -> Any:  # noqa: ARG001
    """List the self-scans with their statements."""
    return [_instrument(one) for one in published.instruments().values()]


@router.get("/knowledge/search", auth=EVERYBODY, response=schemas.FoundOut)
def search_knowledge(request: HttpRequest, query: Query[SearchQuery]) -> Any:  # noqa: ARG001
    """Find measures and advisories; synonyms, acronyms and typing errors are understood."""
    return asdict(searching.search(query.q.replace("\0", ""), language=query.language, room=query.room))


@router.get("/organisations/{organisation}/plan", auth=requires("plans:read"), response=schemas.PlanOut)
def read_plan(request: HttpRequest, organisation: UUID) -> Any:
    """Read the plan of an organisation, what helps most for its effort first."""
    return exports.as_json(reads.plan_of(actor_of(request), organisation))


@router.get("/organisations/{organisation}/plan/oscal", auth=requires("plans:read"), response=dict[str, Any])
def read_plan_as_oscal(request: HttpRequest, organisation: UUID) -> Any:
    """Read the plan as an OSCAL plan of action and milestones."""
    return exports.without_nothing(exports.oscal(reads.plan_of(actor_of(request), organisation)))


@router.get("/organisations/{organisation}/plan/scans", auth=requires("plans:read"), response=Page[schemas.ScanOut])
def list_scans(request: HttpRequest, organisation: UUID, query: Query[PageQuery]) -> dict[str, Any]:
    """List the self-scans of an organisation, the latest first."""
    rows = reads.scans_of(actor_of(request), organisation)
    return paginate(request, rows, query, order=["-taken_at", "-id"])


@router.post(
    "/organisations/{organisation}/plan/scans/{scan}", auth=requires("plans:write"), response={201: schemas.ScanOut}
)
def take_scan(request: HttpRequest, organisation: UUID, scan: str, body: schemas.ScanIn) -> Any:
    """Keep a self-scan of an organisation."""
    made = actions.take_scan(
        actor=actor_of(request), organisation=organisation, instrument=scan, size=body.size, answers=dict(body.answers)
    )
    return Status(201, made)


@router.put(
    "/organisations/{organisation}/plan/measures/{measure}", auth=requires("plans:write"), response=schemas.ItemOut
)
def decide_on_measure(request: HttpRequest, organisation: UUID, measure: str, body: schemas.ItemIn) -> Any:
    """Write down what an organisation does about a measure; refused when somebody changed it since you read it."""
    return actions.decide(
        actor=actor_of(request),
        organisation=organisation,
        measure=measure,
        version=body.version,
        what=Decided(body.status, body.owner, body.due, body.note),
    )


@router.get(
    "/organisations/{organisation}/plan/benchmark/{scan}",
    auth=requires("plans:read"),
    response=schemas.BenchmarkOut,
)
def read_benchmark(request: HttpRequest, organisation: UUID, scan: str) -> Any:
    """Read how the sector of an organisation answered a self-scan; 404 where that may not be told."""
    row = reads.access_organisation(actor_of(request), organisation)
    found = figures.benchmark(published.instrument(scan).slug, row.sectors)
    if found is None:
        raise NotFound(what="benchmark that may be told", what_nl="vergelijking die verteld mag worden")
    return asdict(found)


def _instrument(one: Instrument) -> dict[str, Any]:
    return {
        "slug": one.slug,
        "version": one.version,
        "title": {"nl": one.nl, "en": one.en},
        "text": {"nl": one.text_nl, "en": one.text_en},
        "statements": [asdict(row) for row in one.statements],
    }
