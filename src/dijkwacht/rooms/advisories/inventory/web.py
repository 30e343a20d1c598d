"""The pages on which an organisation says what it runs. Only forms: they work without JavaScript."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from dijkwacht.kernel.actor import Actor
from dijkwacht.kernel.errors import Problem
from dijkwacht.platform.accounts.permissions import actor_of, page
from dijkwacht.platform.refusals import FORBIDDEN, NOT_FOUND, attempt, language, refusals_as_pages
from dijkwacht.rooms.advisories.catalogue import reads as catalogue
from dijkwacht.rooms.advisories.delivery import actions as matching
from dijkwacht.rooms.advisories.delivery import reads as delivery
from dijkwacht.rooms.advisories.delivery import reads_matching
from dijkwacht.rooms.advisories.inventory import actions, exporting, reads, rules
from dijkwacht.rooms.advisories.inventory.errors import NotFound, TooLarge
from dijkwacht.rooms.advisories.inventory.models import Intake, Inventory
from dijkwacht.rooms.advisories.inventory.reading import lists, read

ROWS: Final = 100
LONGEST_TEXT: Final = 200_000  # characters that are pasted
SHOWN_INTAKES: Final = 10
SHOWN_REFUSED: Final = 50


@require_http_methods(["GET", "HEAD", "POST"])
@page("inventory:read")
@refusals_as_pages
def inventories(request: HttpRequest) -> HttpResponseBase:
    """The lists of the reader's organisations, and the form to begin one."""
    actor = actor_of(request)
    if request.method == "POST":
        return _begin(request, actor)
    rows = reads.inventories_for(actor).order_by("organisation__name", "name", "id")
    if actor.is_centre and (words := request.GET.get("q", "").replace("\x00", "")[:100].strip()):
        rows = rows.filter(organisation__name__icontains=words)
    context = {
        "inventories": Paginator(rows, ROWS).get_page(request.GET.get("page")),
        "organisations": [] if actor.is_centre else reads.organisations_of(actor, reads.WRITE),
        "several": actor.is_centre or len(actor.acts_for) > 1,
        "query": request.GET.get("q", ""),
    }
    return render(request, "advisories/inventory/inventories.html", context)


def _begin(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    made: list[Inventory] = []

    def begin() -> None:
        organisation, name = _uuid(request.POST.get("organisation", "")), request.POST.get("name", "")
        made.append(actions.create_inventory(actor=actor, organisation=organisation, name=name))

    if attempt(request, begin, _("The list is there. Now say what is in it.")):
        return redirect("advisories:inventory", inventory=made[0].id)
    return redirect("advisories:inventories")


@require_http_methods(["GET", "HEAD", "POST"])
@page("inventory:read")
@refusals_as_pages
def inventory(request: HttpRequest, inventory: UUID) -> HttpResponseBase:
    """One list: its lines with the advisories about each, and the ways to add to it."""
    actor = actor_of(request)
    row = reads.access_inventory(actor, inventory, write=request.method == "POST")
    if request.method == "POST":
        return ACTS.get(request.POST.get("act", ""), _unknown)(request, actor, row)
    return _show(request, actor, row)


def _show(
    request: HttpRequest, actor: Actor, row: Inventory, *, refused: rules.Reading | None = None, status: int = 200
) -> HttpResponseBase:
    rows = reads.lines_of(actor, row.id)
    words = request.GET.get("find", "").replace("\x00", "")[:100].strip()
    if words:
        rows = rows.filter(product__icontains=words) | rows.filter(vendor__icontains=words)
    lines = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    query = request.GET.get("q", "").replace("\x00", "")[:100].strip()
    context = {
        "inventory": row,
        "lines": lines,
        "about": delivery.advisories_of_lines(actor, [line.id for line in lines]),
        "met": reads_matching.advisories_of_inventory(actor, row.id),
        "waits": reads_matching.waits(row.id),
        "intakes": reads.intakes_of(actor, row.id)[:SHOWN_INTAKES],
        "may_write": reads.may_write(actor, row.organisation_id),
        "find": words,
        "query": query,
        "found": catalogue.search(query) if query else [],
        "refused": refused if refused and (refused.refused or refused.left_out) else None,
        "refusals": refused.refused[:SHOWN_REFUSED] if refused else [],
        "pasted": request.POST.get("text", "")[:LONGEST_TEXT],
    }
    return render(request, "advisories/inventory/inventory.html", context, status=status)


def _text(request: HttpRequest, actor: Actor, row: Inventory) -> HttpResponseBase:
    text = request.POST.get("text", "").replace("\x00", "")
    if len(text) > LONGEST_TEXT:
        messages.error(request, TooLarge(most=1).text(language()))
        return redirect("advisories:inventory", inventory=row.id)
    return _take(request, actor, row, lambda: (lists.read_text(text), b"", ""))


def _file(request: HttpRequest, actor: Actor, row: Inventory) -> HttpResponseBase:
    upload = request.FILES.get("file")
    if upload is None:
        messages.error(request, _("Choose a file first."))
        return redirect("advisories:inventory", inventory=row.id)

    def reading() -> tuple[rules.Reading, bytes, str]:
        if (upload.size or 0) > rules.LARGEST:
            raise TooLarge(most=rules.LARGEST >> 20)
        content = upload.read()
        return read(content), content, upload.name or ""

    return _take(request, actor, row, reading)


def _pick(request: HttpRequest, actor: Actor, row: Inventory) -> HttpResponseBase:
    reading = rules.Reading(rules.Source.PICKED)
    rules.take(reading, {name: request.POST.get(name, "") for name in ("vendor", "product", "version")})
    return _take(request, actor, row, lambda: (reading, b"", ""))


def _take(request: HttpRequest, actor: Actor, row: Inventory, reading: Any) -> HttpResponseBase:
    """Read and take in; what was refused is shown beside what was taken over, else with the reason."""
    found: rules.Reading | None = None
    try:
        found, content, name = reading()
        done = actions.take_in(
            actor=actor,
            inventory=row.id,
            reading=found,
            filename=name,
            content=content,
            replace=request.POST.get("replace") == "yes",
        )
    except Problem as problem:
        if problem.status in {NOT_FOUND, FORBIDDEN}:
            raise
        messages.error(request, problem.text(language()))
        return _show(request, actor, row, refused=found, status=422)
    messages.success(request, _said(done))
    if not found.refused and not found.left_out:
        return redirect("advisories:inventory", inventory=row.id)
    return _show(request, actor, row, refused=found)


def _said(done: Intake) -> str:
    parts = [
        ngettext("%(count)s line added.", "%(count)s lines added.", done.added) % {"count": done.added},
        ngettext("%(count)s was there already.", "%(count)s were there already.", done.kept) % {"count": done.kept},
    ]
    if done.replaced:
        parts.append(ngettext("%(count)s removed.", "%(count)s removed.", done.removed) % {"count": done.removed})
    return " ".join(parts)


def _rename(request: HttpRequest, actor: Actor, row: Inventory) -> HttpResponseBase:
    name = request.POST.get("name", "")
    attempt(request, lambda: actions.rename_inventory(actor=actor, inventory=row.id, name=name), _("Renamed."))
    return redirect("advisories:inventory", inventory=row.id)


def _remove(request: HttpRequest, actor: Actor, row: Inventory) -> HttpResponseBase:
    if request.POST.get("sure") != "yes":
        messages.error(request, _("Tick that you are sure."))
        return redirect("advisories:inventory", inventory=row.id)
    attempt(request, lambda: actions.remove_inventory(actor=actor, inventory=row.id), _("The list is removed."))
    return redirect("advisories:inventories")


def _match(request: HttpRequest, actor: Actor, row: Inventory) -> HttpResponseBase:
    said = _("The list is matched with every advisory again; reload this page in a moment.")
    attempt(request, lambda: matching.match_again(actor=actor, inventory=row.id), said)
    return redirect("advisories:inventory", inventory=row.id)


def _unknown(request: HttpRequest, actor: Actor, row: Inventory) -> HttpResponseBase:  # noqa: ARG001
    messages.error(request, _("This form is not complete. Try again."))
    return redirect("advisories:inventory", inventory=row.id)


ACTS: Final = {"text": _text, "file": _file, "pick": _pick, "rename": _rename, "remove": _remove, "match": _match}


@require_http_methods(["GET", "HEAD", "POST"])
@page("inventory:read")
@refusals_as_pages
def line(request: HttpRequest, line: UUID) -> HttpResponseBase:
    """One line: what we know, since when and from what, and which advisories match it. POST takes it out."""
    actor = actor_of(request)
    row = reads.access_line(actor, line, write=request.method == "POST")
    if request.method == "POST" and request.POST.get("act") == "match":
        said = _("It is matched with every advisory again; reload this page in a moment.")
        attempt(request, lambda: matching.match_again(actor=actor, lines=[line]), said)
        return redirect("advisories:inventory-line", line=line)
    if request.method == "POST":
        attempt(request, lambda: actions.remove_line(actor=actor, line=line), _("Removed. It stays in the history."))
        return redirect("advisories:inventory", inventory=row.inventory_id)
    context = {
        "line": row,
        "history": reads.history_of(actor, row),
        "about": delivery.advisories_of_lines(actor, [row.id]).get(row.id, []),
        "waits": reads_matching.waits(row.inventory_id),
        "may_write": reads.may_write(actor, row.organisation_id),
    }
    return render(request, "advisories/inventory/line.html", context)


@require_safe
@page("inventory:read")
@refusals_as_pages
def export(request: HttpRequest, inventory: UUID, form: str) -> StreamingHttpResponse:
    """The list as CSV (formula-safe) or JSON; the export is recorded."""
    return exporting.inventory(actor_of(request), inventory, form)


def _uuid(value: str) -> UUID:
    """Read an identifier of a form. Raises NotFound."""
    try:
        return UUID(value)
    except ValueError as error:
        raise NotFound from error
