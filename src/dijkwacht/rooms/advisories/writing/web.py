"""Pages of the centre: the advisories, the text of one, its preview, and what two people do with it."""

import uuid
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dijkwacht.kernel.errors import Problem
from dijkwacht.platform.accounts.permissions import actor_of, allows, page
from dijkwacht.platform.refusals import attempt, language, refusals_as_pages
from dijkwacht.rooms.advisories.assessing import reads as assessing
from dijkwacht.rooms.advisories.publishing import gate, pdf, showing
from dijkwacht.rooms.advisories.writing import actions, errors, form, of_matters, posted, reads, releasing, rules, words
from dijkwacht.rooms.advisories.writing.content import Content, Text
from dijkwacht.rooms.advisories.writing.library import courses
from dijkwacht.rooms.advisories.writing.models import Advisory
from dijkwacht.rooms.registry import reads as registry

A_PAGE: Final = 50
KEPT, BEHIND, UNREADABLE = 204, 409, 422


@page("advisories:read")
@require_safe
@refusals_as_pages
def desk(request: HttpRequest) -> HttpResponseBase:
    """The advisories: search, filter, and begin one."""
    actor = actor_of(request)
    asked = {name: request.GET.get(name, "")[:200].strip() for name in ("q", "state")}
    state = asked["state"] if asked["state"] in words.STATES else ""
    rows = reads.advisories_for(actor, state=state, words=asked["q"])
    found = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": found,
        "rows": [(one, _(words.STATES[one.state])) for one in found],
        "asked": asked | {"state": state},
        "states": [(name, _(said)) for name, said in words.STATES.items()],
        "may_write": allows(actor, "advisories:write"),
    }
    return render(request, "advisories/desk.html", context)


@page("advisories:write")
@require_POST
@refusals_as_pages
def begin(request: HttpRequest) -> HttpResponseBase:
    """Begin an advisory from nothing, or of a matter."""
    actor, asked = actor_of(request), request.POST.get("matter", "")
    try:
        matter = UUID(asked) if asked else None
    except ValueError:
        raise Http404 from None
    content = of_matters.content_of(actor, matter) if matter else None
    row = actions.begin(actor=actor, content=content, matter=matter)
    return HttpResponseRedirect(reverse("advisories:write", args=[row.id]))


@page("advisories:read")
@require_http_methods(["GET", "HEAD", "POST"])
@refusals_as_pages
def write(request: HttpRequest, written_advisory: UUID) -> HttpResponseBase:
    """The text of one advisory; kept while somebody types, and with each button."""
    actor = actor_of(request)
    row = reads.access_advisory(actor, written_advisory)
    if request.method != "POST":
        return _page(request, row, reads.content_of(row))
    given = {name: request.POST.get(name, "") for name in request.POST}
    found, wanted = posted.read(given), given.get("do", "")
    content = found.content
    if wanted == "course" and (picked := courses().get(given.get("library", ""))):
        content = posted.with_course(content, picked)
    if wanted == "assessment":
        content = of_matters.with_assessment(actor, row.matter, content)
    problem = None if found.problems else _kept(request, row, content, given)
    if wanted == "keep":
        return HttpResponse(status=UNREADABLE if found.problems else BEHIND if problem else KEPT)
    if found.problems or problem:
        return _page(request, row, content, given=given, problems=found.problems, clash=problem)
    if wanted == "preview":
        return HttpResponseRedirect(reverse("advisories:preview", args=[row.id]))
    messages.success(request, _("The text is kept."))
    return HttpResponseRedirect(request.path + ("#courses" if wanted == "course" else ""))


def _kept(request: HttpRequest, row: Advisory, content: Content, given: dict[str, str]) -> Problem | None:
    """Keep the text; gives what stands in the way, when it is not what a page of its own answers."""
    change = int(given["change"]) if given.get("change", "").isdigit() else 0
    try:
        actions.save(
            actor=actor_of(request),
            advisory=row.id,
            content=content,
            change=min(change, 2**31 - 1),
            sitting=given.get("sitting", ""),
        )
    except (errors.ChangedMeanwhile, errors.NotNow) as problem:
        return problem
    return None


def _page(
    request: HttpRequest,
    row: Advisory,
    content: Content,
    *,
    given: dict[str, str] | None = None,
    problems: list[tuple[str, str, int]] | None = None,
    clash: Problem | None = None,
) -> HttpResponseBase:
    actor = actor_of(request)
    assessed = of_matters.with_assessment(actor, row.matter, content)
    missing = [] if given else [(name, code, 0) for name, code in rules.missing(content)]
    context = _about(request, row) | {
        "form": form.of(content, given),
        "problems": [(words.anchor(name), words.problem(name, code, line)) for name, code, line in problems or ()],
        "missing": [(words.anchor(name), words.problem(name, code, line)) for name, code, line in missing],
        "assessed": form.assessment(assessed) if assessed != content else [],
        "clash": clash.text(language()) if clash else "",
        "change": given.get("change", "") if given and not clash else row.change,
        "sitting": given.get("sitting", "") if given else str(uuid.uuid4()),
        "readonly": row.state not in rules.EDITABLE or not allows(actor, "advisories:write"),
        "recipients": "\n".join(sorted(registry.called(reads.recipients_of(actor, row.id)).values())),
    }
    return render(request, "advisories/write.html", context, status=BEHIND if clash else 422 if problems else 200)


def _about(request: HttpRequest, row: Advisory) -> dict[str, Any]:
    actor = actor_of(request)
    return {
        "row": row,
        "state": _(words.STATES[row.state]),
        "versions": reads.versions_of(actor, row.id),
        "may_write": allows(actor, "advisories:write"),
        "may_approve": allows(actor, "advisories:approve")
        and row.state == "offered"
        and rules.may_approve(actor.id, row.changed_by, row.offered_by, assessing.assessed_by(row.matter)),
    }


@page("advisories:read")
@require_safe
@refusals_as_pages
def preview(request: HttpRequest, written_advisory: UUID) -> HttpResponseBase:
    """The text in both languages as readers will see it, what is missing, and what the validators say."""
    row = reads.access_advisory(actor_of(request), written_advisory)
    release = releasing.release_of(row)
    missing = list(rules.missing(release.content))
    refused, unjudged = [], ""
    try:
        refused = gate.refusals(gate.check(release))
    except errors.ValidatorMissing as problem:
        unjudged = problem.text(language())
    context = _about(request, row) | {
        "next_number": releasing.next_number(release.history[-1].at.year),
        "sides": [(name, showing.show(release, name), pdf.words(name)) for name in ("nl", "en")],
        "missing": [words.problem(name, code) for name, code in missing],
        "refused": [(version, one.test, one.place or "/", one.says) for version, one in refused],
        "unjudged": unjudged,
        "may_offer": not missing and not refused and not unjudged and row.state in rules.EDITABLE,
    }
    return render(request, "advisories/preview.html", context)


def _back(row: UUID, name: str = "preview") -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse(f"advisories:{name}", args=[row]))


def _summary(request: HttpRequest) -> Text:
    return Text(
        nl=request.POST.get("summary_nl", "")[:500].strip(), en=request.POST.get("summary_en", "")[:500].strip()
    )


@page("advisories:write")
@require_POST
@refusals_as_pages
def offer(request: HttpRequest, written_advisory: UUID) -> HttpResponseBase:
    """Ask a second person to approve the text, or a withdrawal."""
    actor = actor_of(request)
    row = reads.access_advisory(actor, written_advisory)
    withdrawing = request.POST.get("withdraw") == "yes"
    change = row.change if not request.POST.get("change", "").isdigit() else int(request.POST["change"][:9])
    attempt(
        request,
        lambda: actions.offer(
            actor=actor, advisory=row.id, change=change, summary=_summary(request), withdrawing=withdrawing
        ),
        _("It waits for a second person."),
    )
    return _back(row.id)


@page("advisories:approve")
@require_POST
@refusals_as_pages
def approve(request: HttpRequest, written_advisory: UUID) -> HttpResponseBase:
    """Publish what somebody else wrote and offered."""
    actor = actor_of(request)
    row = reads.access_advisory(actor, written_advisory)
    attempt(request, lambda: actions.approve(actor=actor, advisory=row.id), _("It is published."))
    return _back(row.id)


@page("advisories:write")
@require_POST
@refusals_as_pages
def give_back(request: HttpRequest, written_advisory: UUID) -> HttpResponseBase:
    """Give an offered text back to be worked on."""
    actor, reason = actor_of(request), request.POST.get("reason", "")[:1000]
    row = reads.access_advisory(actor, written_advisory)
    attempt(
        request,
        lambda: actions.give_back(actor=actor, advisory=row.id, reason=reason),
        _("It is given back to be worked on."),
    )
    return _back(row.id, "write")


@page("advisories:write")
@require_POST
@refusals_as_pages
def discard(request: HttpRequest, written_advisory: UUID) -> HttpResponseBase:
    """Throw away a text of which nothing was published."""
    actor = actor_of(request)
    row = reads.access_advisory(actor, written_advisory)
    gone = attempt(request, lambda: actions.discard(actor=actor, advisory=row.id), _("The text is thrown away."))
    return HttpResponseRedirect(reverse("advisories:desk")) if gone else _back(row.id, "write")


@page("advisories:write")
@require_POST
@refusals_as_pages
def recipients(request: HttpRequest, written_advisory: UUID) -> HttpResponseBase:
    """Say for which organisations it is."""
    actor = actor_of(request)
    row = reads.access_advisory(actor, written_advisory)
    names = request.POST.get("recipients", "")[:20_000].splitlines()
    attempt(
        request,
        lambda: actions.set_recipients(actor=actor, advisory=row.id, names=names),
        _("The recipients are kept."),
    )
    return _back(row.id, "write")
