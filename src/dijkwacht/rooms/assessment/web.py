"""The pages under /assess: a questionnaire that stores nothing. Every answer stands in the address."""

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dijkwacht.kernel.clock import legal_date
from dijkwacht.law.applicability import FactsNotUsable, assess, facts_from_query
from dijkwacht.law.applicability.checking import check
from dijkwacht.law.applicability.deciding import conditions_of, table_of
from dijkwacht.law.applicability.schema import json_schema
from dijkwacht.law.applicability.search import search
from dijkwacht.law.tables import Row
from dijkwacht.platform.accounts.permissions import public_page
from dijkwacht.rooms.assessment import fields
from dijkwacht.rooms.assessment.rulebook import current
from dijkwacht.rooms.assessment.steps import MOST_VALUES, Answers, Questionnaire, as_query, cleaned, others, owner

REASON = "anybody may find out whether the law applies to them; nothing is stored"


def today() -> date:
    """Return the day in the Netherlands."""
    return legal_date(datetime.now(UTC))


def _asked(request: HttpRequest) -> tuple[Questionnaire, str]:
    """Read the answers in the address and which button was pressed."""
    given = {key: values[:MOST_VALUES] for key, values in request.GET.lists()}
    return Questionnaire(current(), today(), cleaned(given)), request.GET.get("go", "")


def _faults(asked: Questionnaire, step: str) -> dict[str, str]:
    """Return what is wrong with the answers of this step, by key of the query."""
    found = {key: _("Choose an answer.") for key in fields.missing(asked, step)}
    try:
        facts = facts_from_query(asked.answers)
        check(facts, asked.book, asked.on)
    except FactsNotUsable as error:
        found |= {
            _key(fault.path): fields.in_words(_key(fault.path)) for fault in error.faults if owner(fault.path) == step
        }
    return found


def _key(path: str) -> str:
    """Return the key of the query for a path of the facts."""
    return "t" if path.startswith("entity_types") else "d" if path.startswith("designations") else path


def _step(request: HttpRequest, step: str, context: dict[str, Any], asked: Questionnaire, go: str) -> HttpResponseBase:
    """Show a step, or go on to the next when its answers can be used."""
    faults = _faults(asked, step) if go == "next" else {}
    if go == "next" and not faults:
        return _to(asked.after(step), asked.answers)
    walked = asked.path()
    query = as_query(asked.answers)
    shown = {
        "step": step,
        "faults": faults,
        "summary": [(key, fields.label(asked, key), said) for key, said in faults.items()],
        "others": others(asked.answers, step),
        "number": walked.index(step) + 1 if step in walked else 1,
        "count": len(walked) - 1,
        "back": f"{reverse(f'assessment:{before}')}?{query}" if (before := asked.before(step)) else "",
        "nl": get_language() == "nl",
    }
    return render(request, f"assessment/{step}.html", {**shown, **context})


def _to(step: str, answers: Answers, go: str = "") -> HttpResponseBase:
    query = as_query({**answers, "go": [go]} if go else answers)
    return redirect(f"{reverse(f'assessment:{step}')}{'?' if query else ''}{query}")


@require_safe
@public_page(REASON)
def place(request: HttpRequest) -> HttpResponseBase:
    """Where the organisation is established, and where it is active."""
    asked, go = _asked(request)
    context = {"questions": [fields.choice(asked, key) for key in ("est", "serv")]}
    return _step(request, "start", context, asked, go)


@require_safe
@public_page(REASON)
def activities(request: HttpRequest) -> HttpResponseBase:
    """What the organisation does: found by plain words, or by browsing the sectors."""
    asked, go = _asked(request)
    words = request.GET.get("find", "").strip()
    found = search(asked.book, words, asked.on) if words else None
    chosen = [row for code in asked.answers.get("t", []) if (row := asked.book.entity_type(code, asked.on))]
    results = [row for row in (found.types if found else ()) if row not in chosen]
    context = {
        "words": words,
        "found": found,
        "notes": found.notes if found else (),
        "chosen": chosen,
        "results": results,
        "sectors": _by_sector(asked, without=[*chosen, *results]),
        "nothing": "none" in asked.answers,
    }
    return _step(request, "activities", context, asked, go)


def _by_sector(asked: Questionnaire, without: Iterable[Row]) -> list[dict[str, Any]]:
    """Return every type that is not shown above, under its sector."""
    english = get_language() != "nl"
    hidden = {row["code"] for row in without}
    sectors: dict[str, list[Row]] = {}
    for row in asked.book.types.as_of(asked.on):
        sector = asked.book.authorities.row(row["sector"], asked.on)
        name = sector["sector_en" if english else "sector_nl"] if sector else _("Left out by the law")
        shown = sectors.setdefault(name, [])
        if row["code"] not in hidden:
            shown.append(row)
    return [{"name": name, "types": types} for name, types in sectors.items() if types]


@require_safe
@public_page(REASON)
def details(request: HttpRequest) -> HttpResponseBase:
    """What the chosen activities make necessary to know."""
    asked, go = _asked(request)
    facts = asked.facts()
    context = {
        "conditions": [fields.condition(asked, code) for code in conditions_of(table_of(asked.book, asked.on), facts)],
        "places": [fields.choice(asked, key) for key in fields.places(asked, facts)],
    }
    return _step(request, "details", context, asked, go)


@require_safe
@public_page(REASON)
def size(request: HttpRequest) -> HttpResponseBase:
    """How large it is, with its linked and partner enterprises, and the year before."""
    asked, go = _asked(request)
    context = {
        "figures": fields.figures(asked, ""),
        "related": fields.related(asked),
        "years": fields.years(asked),
        "new": asked.answers.get("new") == ["yes"],
        "grouped": any(key.startswith("r") and key[1:2].isdigit() for key in asked.answers),
        "earlier": any(key.startswith("y") for key in asked.answers),
    }
    return _step(request, "size", context, asked, go)


@require_safe
@public_page(REASON)
def decisions(request: HttpRequest) -> HttpResponseBase:
    """Decisions of a minister that put an organisation under the law, or take a duty away."""
    asked, go = _asked(request)
    rows = fields.designations(asked)
    chosen = asked.answers.get("d", [])
    context = {
        "inside": [row for row in rows if row["kind"] == "in"],
        "special": [row for row in rows if row["kind"] == "special"],
        "chosen": chosen,
        "dates": fields.dates(asked),
        "opened": any(row["code"] in chosen for row in rows if row["kind"] == "special")
        or any(key in asked.answers for key in ("on", "since", "designated")),
    }
    return _step(request, "decisions", context, asked, go)


@require_safe
@public_page(REASON)
def result(request: HttpRequest) -> HttpResponseBase:
    """The answer. An address without answers, or with one that cannot be used, leads to the step that asks for it."""
    asked, _go = _asked(request)
    if not any(value for values in asked.answers.values() for value in values):
        return _to("start", asked.answers)  # nothing was asked yet: there is no answer to give
    try:
        found = assess(facts_from_query(asked.answers), asked.book, asked.on)
    except FactsNotUsable as error:
        return _to(owner(error.faults[0].path), asked.answers, go="next")
    query = as_query(asked.answers)
    links = [(step, f"{reverse(f'assessment:{step}')}?{query}") for step in asked.path()[:-1]]
    dated = as_query({**asked.answers, "on": [str(found.as_of)]})
    context = {
        "found": found,
        "nl": get_language() == "nl",
        "links": links,
        "carry": f"/register?{query}",
        "permanent": request.build_absolute_uri(f"{reverse('assessment:result')}?{query}"),
        "dated": request.build_absolute_uri(f"{reverse('assessment:result')}?{dated}"),
        "groups": fields.grouped(found.duties),
        "sized": asked.needed("size"),
    }
    return render(request, "assessment/result.html", context)


@require_safe
@public_page("a published form of data")
def schema(request: HttpRequest, kind: Literal["facts", "assessment"]) -> HttpResponse:  # noqa: ARG001
    """The JSON Schema of what `dijkwacht assess` and the API read and write."""
    content = json.dumps(json_schema(kind, current(), today()), ensure_ascii=False, indent=2)
    return HttpResponse(content + "\n", content_type="application/schema+json")
