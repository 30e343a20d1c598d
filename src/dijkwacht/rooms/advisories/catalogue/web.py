"""Products and their names: the pairs that wait for an analyst, one pair, the list, one product, aliases as a file."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from dijkwacht.kernel.errors import Problem
from dijkwacht.platform.accounts.permissions import actor_of, page
from dijkwacht.platform.refusals import attempt, language, refusals_as_pages
from dijkwacht.rooms.advisories.catalogue import actions, reads, rules
from dijkwacht.rooms.advisories.catalogue.models import Question
from dijkwacht.rooms.advisories.catalogue.showing import difference, how_in_words
from dijkwacht.rooms.advisories.delivery import reads as delivery
from dijkwacht.rooms.advisories.delivery.library import OURS

ROWS: Final = 25
LONGEST_QUERY: Final = 100


def _query(request: HttpRequest) -> str:
    return request.GET.get("q", "").replace("\x00", "")[:LONGEST_QUERY].strip()


def _shown(question: Question) -> dict[str, Any]:
    """A pair side by side: each word with whether the other name has it too."""
    ours, theirs = difference(
        f"{question.our_vendor} {question.our_product}", f"{question.their_vendor} {question.their_product}"
    )
    return {
        "question": question,
        "ours": ours,
        "theirs": theirs,
        "item": _item(question),
        "how": how_in_words(question.how),
        "percent": round(question.confidence * 100),
    }


def _item(question: Question) -> str:
    """In which item it is said; an advisory of ours by its number."""
    if question.source == OURS and (advisory := _uuid(question.item)):
        version = delivery.newest_version(advisory)
        found = delivery.versions([(advisory, version)] if version else ())
        return next((one.number for one in found.values()), question.item)
    return question.item


@page("advisories:products")
@refusals_as_pages
@require_safe
def questions(request: HttpRequest) -> HttpResponseBase:
    """Pairs of names that wait, the likeliest first."""
    shown = Paginator(reads.questions(actor_of(request)), ROWS).get_page(request.GET.get("page"))
    return render(
        request, "advisories/catalogue/questions.html", {"page": shown, "rows": [_shown(one) for one in shown]}
    )


@page("advisories:products")
@refusals_as_pages
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, name_question: UUID) -> HttpResponseBase:
    """One pair: one product, two, or another one that is searched here."""
    actor = actor_of(request)
    row = reads.access_question(actor, name_question)
    if request.method == "POST":
        chosen = _uuid(request.POST.get("product", ""))
        answer = request.POST.get("answer", "")
        done = attempt(
            request,
            lambda: actions.judge(actor=actor, question=row.id, answer=answer, product=chosen),
            _("Your answer is stored, and counts from now on."),
        )
        if done:
            return redirect("advisories:name-questions")
        return redirect("advisories:name-question", name_question=row.id)
    query = _query(request)
    found = reads.products(actor, query)[:ROWS] if query else []
    context = {"question": row, "row": _shown(row), "query": query, "found": found}
    return render(request, "advisories/catalogue/question.html", context)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


@page("advisories:products")
@refusals_as_pages
@require_http_methods(["GET", "HEAD", "POST"])
def products(request: HttpRequest) -> HttpResponseBase:
    """The list of products; a file of aliases is handed in here."""
    actor = actor_of(request)
    if request.method == "POST":
        return _take_file(request)
    query = _query(request)
    shown = Paginator(reads.products(actor, query), ROWS).get_page(request.GET.get("page"))
    context = {
        "page": shown,
        "query": query,
        "waiting": reads.questions(actor).count(),
        "header": ",".join(rules.HEADER),
    }
    return render(request, "advisories/catalogue/products.html", context)


def _take_file(request: HttpRequest) -> HttpResponseRedirect:
    upload = request.FILES.get("file")
    if upload is None or (upload.size or 0) > rules.LARGEST:
        messages.error(request, _("Choose a file of at most 5 MiB."))
        return redirect("advisories:products")
    try:
        taken = actions.import_aliases(actor=actor_of(request), raw=upload.read())
    except Problem as problem:
        messages.error(request, problem.text(language()))
    else:
        said = ngettext("%(number)s alias is taken in.", "%(number)s aliases are taken in.", taken)
        messages.success(request, said % {"number": taken})
    return redirect("advisories:products")


@page("advisories:products")
@refusals_as_pages
@require_http_methods(["GET", "HEAD", "POST"])
def product(request: HttpRequest, catalogue_product: UUID) -> HttpResponseBase:
    """One product: what it is called and not called, and saying more."""
    actor = actor_of(request)
    row = reads.access_product(actor, catalogue_product)
    if request.method == "POST":
        if forgotten := _uuid(request.POST.get("forget", "")):
            attempt(
                request,
                lambda: actions.forget(actor=actor, product=row.id, alias=forgotten),
                _("That is taken back."),
            )
        else:
            attempt(request, lambda: _say(request, row.id), _("That is stored, and counts from now on."))
        return redirect("advisories:product", catalogue_product=row.id)
    context = {"product": row, "aliases": reads.aliases_of(actor, row.id), "kinds": _kinds()}
    return render(request, "advisories/catalogue/product.html", context)


def _say(request: HttpRequest, product: UUID) -> None:
    given = {name: request.POST.get(name, "").replace("\x00", "").strip() for name in ("kind", "vendor", "value")}
    same = request.POST.get("same") != "no"
    actions.say(actor=actor_of(request), product=product, same=same, **given)


def _kinds() -> list[tuple[str, str]]:
    return [("name", _("name")), ("cpe", "CPE"), ("purl", "purl"), ("model", _("model number"))]


@page("advisories:products")
@refusals_as_pages
@require_safe
def aliases(request: HttpRequest) -> HttpResponseBase:
    """Every alias that a person or a file brought, as CSV."""
    lines = (
        rules.AliasLine(rules.Name(row.product.vendor, row.product.name), row.kind, row.vendor, row.value, row.same)
        for row in reads.judged(actor_of(request))
    )
    headers = {"Content-Disposition": 'attachment; filename="aliases.csv"'}
    return HttpResponse(rules.write_aliases(lines), content_type="text/csv; charset=utf-8", headers=headers)
