"""The pages of delivering: who receives under a law, what they receive, and that it was reported elsewhere."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dijkwacht.kernel.errors import Problem
from dijkwacht.platform.accounts.permissions import actor_of, allows
from dijkwacht.platform.attachments import attached
from dijkwacht.platform.receipts import canonical
from dijkwacht.rooms.registry import reads as registry
from dijkwacht.rooms.registry.cleaners import sector_codes
from dijkwacht.rooms.reporting import rules, showing
from dijkwacht.rooms.reporting.delivering import actions, reached, reads
from dijkwacht.rooms.reporting.delivering.models import RegimeReceiver
from dijkwacht.rooms.reporting.errors import InvalidValue, NotAllowed, NotFound
from dijkwacht.rooms.reporting.forms import told
from dijkwacht.rooms.reporting.models import Report
from dijkwacht.rooms.reporting.submitted import submitted
from dijkwacht.rooms.reporting.web import door

GIVEN: Final = ("sector", "ground", "valid_from")
A_PAGE: Final = 50  # reports
PAGE: Final = "reporting:receivers"


@door("incidents:handle")
@require_http_methods(["GET", "HEAD", "POST"])
def receivers(request: HttpRequest) -> HttpResponseBase:
    """Who receives the reports under a law, from when until when; an officer adds one and ends one."""
    actor, given = actor_of(request), request.POST
    onward, problem, status = submitted(request, lambda: _changed(request), _("It is kept."))
    if onward:
        return onward
    context = {
        "rows": [(row, _law(row.regime, row.role), _sector(row)) for row in reads.all_receivers(actor)],
        "laws": [(f"{slug}:{role}" if role else slug, _law(slug, role)) for slug, role in _choices()],
        "sectors": [(code, showing.code("sectors", code)) for code in sorted(sector_codes())],
        "given": given,
        "problem": problem,
    }
    return render(request, "reporting/delivering/receivers.html", context, status=status)


def _choices() -> list[tuple[str, str]]:
    """Return each law, and each of its receivers where it names more than one."""
    found = []
    for slug in reached.laws():
        roles = reached.roles_of(slug)
        found += [(slug, ""), *((slug, role) for role in roles if len(roles) > 1)]
    return found


def _law(slug: str, role: str) -> str:
    return f"{showing.law_title(slug)}: {showing.role_title(slug, role)}" if role else showing.law_title(slug)


def _sector(row: RegimeReceiver) -> str:
    return showing.code("sectors", row.sector) if row.sector else ""


def _changed(request: HttpRequest) -> str:
    actor, given = actor_of(request), request.POST
    if given.get("do") == "end":
        try:
            receiver = UUID(given.get("receiver", ""))
        except ValueError:
            raise NotFound from None
        actions.end_receiver(actor=actor, receiver=receiver)
        return reverse(PAGE)
    whose = registry.organisation_called(actor, given.get("organisation", ""))
    if whose is None:
        raise InvalidValue(
            field=_("organisation"),
            reason_nl="er is geen organisatie met deze naam, of meer dan een",
            reason_en="there is no organisation of this name, or more than one",
        )
    regime, _colon, role = given.get("regime", "").partition(":")
    values = {"regime": regime, "role": role, **{name: given.get(name, "") for name in GIVEN}}
    actions.designate_receiver(actor=actor, reader=whose.id, **values)
    return reverse(PAGE)


@door("reports:read")
@require_safe
def for_us(request: HttpRequest) -> HttpResponseBase:
    """The reports that the own organisations receive by their law, the latest first."""
    page = Paginator(reads.reports_for_us(actor_of(request)), A_PAGE).get_page(request.GET.get("page"))
    rows = [(one, *_titles(one), reads.own_received(actor_of(request), one)) for one in page]
    return render(request, "reporting/delivering/for_us.html", {"rows": rows, "page": page})


def _titles(report: Report) -> tuple[str, str]:
    return showing.law_title(report.regime), showing.stage_title(report.stage)


@door("reports:read")
@require_safe
def for_us_one(request: HttpRequest, for_us: UUID) -> HttpResponseBase:
    """One report as its law asks it: what it holds, its receipt, and a button to say that it was received."""
    actor = actor_of(request)
    row = reads.access_for_us(actor, for_us)
    content: dict[str, Any] = row.content or {}
    law, stage = _titles(row)
    context = {
        "row": row,
        "law": law,
        "stage": stage,
        "incident": content.get("incident", ""),
        "whose": (content.get("facts") or {}).get("entity_name", ""),
        "facts": showing.rows(content.get("facts") or {}, asked=False)
        + showing.left_open(content.get("not_known_yet") or [], asked=False),
        "said": reads.own_received(actor, row),
        "may": allows(actor, "handovers:acknowledge") and bool(reads.readers_of(actor, row, "handovers:acknowledge")),
    }
    return render(request, "reporting/delivering/one.html", context)


@door("reports:read")
@require_safe
def for_us_content(request: HttpRequest, for_us: UUID) -> HttpResponseBase:
    """The report to the byte as its hash stands in the receipt."""
    row = reads.access_for_us(actor_of(request), for_us)
    return attached(canonical(row.content), "application/json", f"report-{row.number}.json")


@door("handovers:acknowledge")
@require_POST
def acknowledge(request: HttpRequest, for_us: UUID) -> HttpResponseBase:
    """Say that a report was received."""
    _tell(request, lambda: actions.acknowledge_report(actor=actor_of(request), report=for_us))
    return HttpResponseRedirect(reverse("reporting:for-us-one", args=[for_us]))


@door("reports:write")
@require_POST
def elsewhere(request: HttpRequest, incident: UUID) -> HttpResponseBase:
    """Say that a stage was reported to the authority itself."""
    actor, given = actor_of(request), request.POST
    regime, stage = given.get("regime", ""), given.get("stage", "")
    _tell(request, lambda: actions.note_elsewhere(actor=actor, incident=incident, regime=regime, stage=stage))
    page = "reporting:desk-incident" if rules.may_handle(actor) else "reporting:incident"
    return HttpResponseRedirect(reverse(page, args=[incident]))


def _tell(request: HttpRequest, change: Any) -> None:
    try:
        change()
    except (NotFound, NotAllowed):
        raise
    except Problem as problem:
        messages.error(request, told(problem))
    else:
        messages.success(request, _("It is kept."))
