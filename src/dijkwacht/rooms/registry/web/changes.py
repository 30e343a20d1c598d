"""Change notices: the page on which an organisation tells a change, and the queue of the centre."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dijkwacht.platform.accounts.permissions import actor_of, page
from dijkwacht.platform.refusals import attempt
from dijkwacht.rooms.registry import actions, fields, reads, rules
from dijkwacht.rooms.registry.forms_upkeep import AskForm, ChangeForm
from dijkwacht.rooms.registry.models import Organisation
from dijkwacht.rooms.registry.upkeep import reads as upkeep_reads
from dijkwacht.rooms.registry.upkeep.terms import OWN
from dijkwacht.rooms.registry.vocabulary import NoticeState
from dijkwacht.rooms.registry.web.shared import back_to, refusals_as_pages, submitted

SHOWN = 100


@page("changes:write")
@refusals_as_pages
@require_http_methods(["GET", "HEAD", "POST"])
def tell_change(request: HttpRequest, organisation: UUID) -> HttpResponseBase:
    """A form in which an organisation tells what changed, with what the centre asks about."""
    actor = actor_of(request)
    row = reads.access_organisation(actor, organisation)
    rules.require(rules.may_tell(actor, row.id))
    form = ChangeForm(request.POST or None, initial=_start(row) | {"effective_on": reads.today().isoformat()})
    told: list[Any] = []

    def change(values: dict[str, Any]) -> None:
        since = form.cleaned_data["effective_on"]
        told.append(actions.tell_change(actor=actor, organisation=row.id, effective_on=since, changes=values))

    if submitted(form, change):
        messages.success(request, _thanks(told[0]))
        return back_to(row.id)
    asked = upkeep_reads.change_notices_for(actor, organisation=row.id, state=NoticeState.ASKED)[:SHOWN]
    context = {"form": form, "organisation": row, "asked": asked, "today": reads.today()}
    return render(request, "registry/change.html", context, status=422 if form.errors else 200)


def _start(row: Organisation) -> dict[str, Any]:
    found = {name: getattr(row, name) for name in OWN}
    found |= {name: fields.as_text(value) for name, value in found.items() if isinstance(value, list)}
    return found | {name: fields.as_text(getattr(row, name), "\n") for name in ("addresses", "arrangements")}


def _thanks(notice: Any) -> str:
    if notice is None:
        return _("Nothing was different.")
    if notice.late:
        return _("The change is stored. It was told after the term of the law (%(ground)s).") % {
            "ground": notice.ground
        }
    return _("The change is stored, within the term of the law (%(ground)s).") % {"ground": notice.ground}


@page("changes:write")
@refusals_as_pages
@require_POST
def dismiss_change(request: HttpRequest, change_notice: UUID) -> HttpResponseBase:
    """Say that nothing changed."""
    actor = actor_of(request)
    owner = upkeep_reads.access_change_notice(actor, change_notice).organisation_id
    attempt(
        request,
        lambda: actions.dismiss_change(actor=actor, change_notice=change_notice, reason=request.POST.get("reason", "")),
        _("Kept: what stands is right."),
    )
    if actor.is_centre:
        return HttpResponseRedirect(reverse("registry:changes"))
    return HttpResponseRedirect(reverse("registry:tell-change", args=[owner]))


@page("registry:write")
@refusals_as_pages
@require_safe
def changes(request: HttpRequest) -> HttpResponseBase:
    """What organisations were asked and have not answered, and what was told last."""
    actor = actor_of(request)
    context = {
        "asked": upkeep_reads.change_notices_for(actor, state=NoticeState.ASKED)[:SHOWN],
        "told": upkeep_reads.change_notices_for(actor, state=NoticeState.TOLD).order_by("-created_at")[:SHOWN],
        "today": reads.today(),
    }
    return render(request, "registry/changes.html", context)


@page("registry:write")
@refusals_as_pages
@require_http_methods(["GET", "HEAD", "POST"])
def ask_change(request: HttpRequest, organisation: UUID) -> HttpResponseBase:
    """A form in which an officer asks an organisation about a change learned elsewhere."""
    actor = actor_of(request)
    row = reads.access_organisation(actor, organisation)
    form = AskForm(request.POST or None)

    def change(_values: dict[str, Any]) -> None:
        given = form.cleaned_data
        made = actions.ask_change(
            actor=actor, organisation=row.id, source=given["source"], proposed={given["field"]: given["value"]}
        )
        if made is None:
            raise fields.invalid(
                "value", given["value"], "dit staat er al, of is al gevraagd", "this stands there, or was asked already"
            )

    if submitted(form, change):
        messages.success(request, _("The organisation is asked."))
        return HttpResponseRedirect(reverse("registry:changes"))
    context = {"form": form, "title": _("Ask about a change"), "back": reverse("registry:organisation", args=[row.id])}
    return render(request, "registry/form.html", context, status=422 if form.errors else 200)
