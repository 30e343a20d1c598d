"""How long personal data is kept: what organisations read about it, and what an officer sees of it going."""

from typing import Any, Final

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dijkwacht.law.tables import Row
from dijkwacht.platform.accounts.permissions import actor_of, page, public_page
from dijkwacht.platform.audit.models import Event
from dijkwacht.rooms.registry.forms import language
from dijkwacht.rooms.registry.keeping import beside, holdings
from dijkwacht.rooms.registry.keeping.models import Forecast
from dijkwacht.rooms.registry.web.shared import refusals_as_pages

SHOWN: Final = 100


def _tables() -> list[tuple[str, tuple[Row, ...]]]:
    """Return the tables of terms by room, then what stands beside them."""
    return [*((holding.app, holding.terms) for holding in holdings.every()), (beside.APP, beside.terms())]


def _shown(term: Row) -> dict[str, Any]:
    spoken = language()
    columns = ("code", "basis", "ground", "seen_by", "months", "after", "then", "spares")
    return {
        **{column: term[column] for column in columns},
        "what": term[f"what_{spoken}"],
        "why": term[f"why_{spoken}"],
    }


@public_page("whoever registers reads beforehand what is kept and how long (GDPR article 13)")
@require_safe
def kept(request: HttpRequest) -> HttpResponseBase:
    """What we keep about people, why, who sees it, and how long."""
    tables = [(app, [_shown(term) for term in terms]) for app, terms in _tables()]
    return render(request, "registry/kept.html", {"tables": tables})


@page("registry:write")
@refusals_as_pages
@require_safe
def retention(request: HttpRequest) -> HttpResponseBase:
    """The table of terms, what will go when as the daily job counted it, and what went."""
    actor_of(request)
    counted = {row.code: row for row in Forecast.objects.all()}
    gone = Event.objects.filter(action="registry:retention:forget").order_by("-at")[:SHOWN]
    terms = {term["code"]: _shown(term) for _app, rows in _tables() for term in rows}
    context = {
        "tables": [
            (app, [(terms[term["code"]], counted.get(term["code"])) for term in rows]) for app, rows in _tables()
        ],
        "counted_at": next((row.counted_at for row in counted.values()), None),
        "gone": [(event, terms.get(event.object_id)) for event in gone],
    }
    return render(request, "registry/retention.html", context)
