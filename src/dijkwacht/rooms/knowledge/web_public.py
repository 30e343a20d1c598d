"""The pages that everybody reads: measures, self-scans that store nothing, search. No cookie comes in or goes out."""

from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from dijkwacht.platform.accounts.permissions import public_page
from dijkwacht.rooms.knowledge import feed, frameworks, library, public, published, rules
from dijkwacht.rooms.knowledge.errors import NotFound
from dijkwacht.rooms.knowledge.searching import reads as searching
from dijkwacht.rooms.knowledge.texts import SIZES

WHY: Final = "what the centre advises is for everybody"
NOTHING: Final = "answers stand in the address; nothing is stored"


@require_safe
@public_page(WHY)
def front(request: HttpRequest) -> HttpResponseBase:  # noqa: ARG001
    """Lead to the pages in the language that somebody chose, else that the browser asks for."""
    return redirect("knowledge:home", language="en" if get_language() == "en" else "nl")


def _language(code: str) -> str:
    if code not in public.LANGUAGES:
        raise Http404
    return code


@require_safe
@public_page(WHY)
def home(request: HttpRequest, language: str) -> HttpResponse:
    """The five principles with their measures, and the self-scans."""
    found = published.entries()
    chapters = [
        (one, [entry.measure for entry in found.values() if entry.measure.principle == one.number])
        for one in library.principles()
    ]
    context = {"chapters": chapters, "instruments": published.instruments().values()}
    return public.page(request, "knowledge/home.html", context, _language(language), published.last_changed(found))


@require_safe
@public_page(WHY)
def measure(request: HttpRequest, language: str, measure: str) -> HttpResponse:
    """One measure: what to do by size, what it costs and does, what is known, and what it is mapped to."""
    code = _language(language)
    try:
        found = published.entry(measure)
    except NotFound as problem:
        raise Http404 from problem
    context = {
        "entry": found,
        "measure": found.measure,
        "text": found.measure.text(code),
        "principle": library.principles()[found.measure.principle - 1],
        "steps": _steps(found.measure.text(code).steps, found.measure.effort),
        "mapped": frameworks.mapped(found.measure),
    }
    return public.page(request, "knowledge/measure.html", context, code, found.changed)


def _steps(steps: dict[str, str], effort: dict[str, int]) -> list[dict[str, Any]]:
    """Return the steps with the sizes that share them, and the effort of each size."""
    found: dict[str, dict[str, Any]] = {}
    for size in SIZES:
        row = found.setdefault(steps[size], {"text": steps[size], "sizes": []})
        row["sizes"].append((size, effort[size]))
    return list(found.values())


@require_safe
@public_page(WHY)
def sources(request: HttpRequest, language: str) -> HttpResponse:
    """Whose work is leaned on, with licences, and how the order of a plan is made."""
    found = published.entries()
    known = frameworks.frameworks()
    context = {"sources": library.sources(), "frameworks": known.values(), "known": known}
    return public.page(request, "knowledge/sources.html", context, _language(language), published.last_changed(found))


@require_safe
@public_page(WHY)
def framework(request: HttpRequest, language: str, framework: str) -> HttpResponse:
    """The points of one law or standard, and the measures that help with each."""
    known = frameworks.frameworks().get(framework)
    if known is None:
        raise Http404
    found = published.entries()
    points: dict[str, list[Any]] = {}
    for entry in found.values():
        for one in frameworks.mapped(entry.measure):
            if one.framework.code == framework:
                for point in (*one.points, *one.unverified):
                    points.setdefault(point, []).append((entry.measure, point in one.unverified))
    ordered = sorted(points.items(), key=lambda row: [part.zfill(3) for part in row[0].split(".")])
    context = {"framework": known, "points": ordered}
    return public.page(request, "knowledge/framework.html", context, _language(language), published.last_changed(found))


@require_safe
@public_page(WHY)
def atom(request: HttpRequest, language: str) -> HttpResponse:
    """The measures as an Atom feed (RFC 4287), what changed last first."""
    found = published.entries()
    content = feed.atom(list(found.values()), _language(language), request.build_absolute_uri("/").rstrip("/"))
    response = HttpResponse(content, content_type="application/atom+xml; charset=utf-8")
    return public.cacheable(request, response, published.last_changed(found))


@require_safe
@public_page(NOTHING)
def scan(request: HttpRequest, language: str, scan: str) -> HttpResponse:
    """A self-scan; with answers in the address, what follows from them. Nothing is stored, here or in a cookie."""
    code = _language(language)
    try:
        instrument = published.instrument(scan)
    except NotFound as problem:
        raise Http404 from problem
    known = {one.code for one in instrument.statements}
    answers = {name: said for name, said in request.GET.items() if name in known and said in rules.ANSWERS}
    size = request.GET.get("size", "")
    context: dict[str, Any] = {
        "instrument": instrument,
        "answers": answers,
        "missing": len(instrument.statements) - len(answers),
        "size": size if size in SIZES else "",
        "asked": "go" in request.GET,
    }
    if answers and size in SIZES and "go" in request.GET:
        lines = rules.plan(published.measures(), rules.gaps(instrument, answers), size, {})
        context |= {"lines": lines, "done": rules.progress(answers), "carry": _carry(instrument.slug, size, answers)}
    response = public.page(request, "knowledge/scan.html", context, code, timezone.now() - timedelta(seconds=1))
    if request.GET:
        response["Cache-Control"] = "private, no-store"  # somebody's answers are in no cache
    return response


def _carry(slug: str, size: str, answers: dict[str, str]) -> str:
    return f"{reverse('knowledge:carry')}?{urlencode({'scan': slug, 'size': size, **answers})}"


@require_safe
@public_page("searches what is public; nothing is stored")
def search(request: HttpRequest, language: str) -> HttpResponse:
    """Find measures and advisories by words, in Dutch and English together."""
    code = _language(language)
    words = request.GET.get("q", "").replace("\0", "")[:200].strip()
    found = searching.search(words, language=code) if words else None
    response = public.page(request, "knowledge/search.html", {"words": words, "found": found}, code, timezone.now())
    response["Cache-Control"] = "private, no-store" if words else response["Cache-Control"]
    return response
