"""What every list of findings shares: filters, order, pages. The query of the address says it all: it can be kept."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import Case, Q, QuerySet, Value, When
from django.http import HttpRequest
from django.utils.translation import get_language

from dijkwacht import feeds
from dijkwacht.kernel.errors import Problem
from dijkwacht.rooms.notification.errors import NotAllowed, NotFound
from dijkwacht.rooms.notification.models import Finding

ROWS: Final = 50
UNANSWERED: Final = (Finding.State.OPEN, Finding.State.REOPENED)
SORTS: Final = {
    "matters": ("turn", "-severity", "-last_seen"),
    "newest": ("-first_seen",),
    "last-seen": ("-last_seen",),
    "organisation": ("organisation__name", "turn", "-severity"),
}
# What nobody answered yet comes first, what is over comes last.
_TURN: Final = Case(
    When(state__in=UNANSWERED, then=Value(0)),
    When(state__in=[Finding.State.ACKNOWLEDGED, Finding.State.DISPUTED], then=Value(1)),
    default=Value(2),
)


def rows_of(request: HttpRequest, rows: QuerySet[Any]) -> Page[Any]:
    """The page of rows that the query asks for; a number out of reach gives the nearest."""
    return Paginator(rows, ROWS).get_page(request.GET.get("page"))


def refused(request: HttpRequest, problem: Problem) -> None:
    """Tell the person what was refused, in the person's language; what is closed or not there is a page of its own."""
    if isinstance(problem, NotAllowed | NotFound):
        raise problem
    messages.error(request, problem.text("en" if get_language() == "en" else "nl"))


def filtered(request: HttpRequest, rows: QuerySet[Finding]) -> QuerySet[Finding]:
    """The findings that the query asks for, in its order; a filter that says nothing sensible is no filter."""
    query = {name: str(value).replace("\x00", "")[:100].strip() for name, value in request.GET.items()}
    for field in ("state", "kind", "feed", "how"):
        if query.get(field):
            rows = rows.filter(**{field: query[field]})
    if query.get("organisation"):
        rows = rows.filter(organisation__name__icontains=query["organisation"])
    if (severity := query.get("severity", "")) in {"1", "2", "3", "4"}:
        rows = rows.filter(severity__gte=int(severity))
    if text := query.get("text"):
        rows = rows.filter(Q(asset__icontains=text) | Q(host__icontains=text) | Q(address=text))
    return rows.annotate(turn=_TURN).order_by(*SORTS.get(query.get("sort", ""), SORTS["matters"]), "id")


def choices(rows: QuerySet[Finding], *, sorts: tuple[str, ...] = tuple(SORTS)) -> dict[str, Any]:
    """What the form of filters offers: only the kinds that stand in the list."""
    return {
        "states": Finding.State.values,
        "kinds": sorted(rows.order_by().values_list("kind", flat=True).distinct()),
        "severities": list(enumerate(feeds.SEVERITIES)),
        "sorts": sorts,
    }


def is_uuid(value: str) -> bool:
    try:
        UUID(value)
    except ValueError:
        return False
    return True
