"""The pages of confidential criteria, of one entity at a time: there is no list of who has any."""

from datetime import date
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dijkwacht.kernel.errors import Problem
from dijkwacht.law.incidents.record import FACTS
from dijkwacht.platform.accounts.permissions import actor_of
from dijkwacht.rooms.registry import reads as registry
from dijkwacht.rooms.registry.models import Organisation
from dijkwacht.rooms.reporting.confidential import actions, reads
from dijkwacht.rooms.reporting.confidential.cleaning import ROWS
from dijkwacht.rooms.reporting.confidential.models import OwnCriterion
from dijkwacht.rooms.reporting.errors import NotAllowed, NotFound
from dijkwacht.rooms.reporting.forms import told
from dijkwacht.rooms.reporting.web import door

TESTS: Final = (
    ("", gettext_lazy("choose")),
    ("at_least", gettext_lazy("is at least")),
    ("above", gettext_lazy("is more than")),
    ("at_most", gettext_lazy("is at most")),
    ("below", gettext_lazy("is less than")),
    ("yes", gettext_lazy("is true")),
    ("no", gettext_lazy("is not true")),
)
SHOWN: Final = 20


@door("criteria:write")
@require_safe
def find(request: HttpRequest) -> HttpResponseBase:
    """Find the entity whose criteria one keeps. Whether it has any is not told here."""
    actor, words = actor_of(request), request.GET.get("q", "").strip()[:200]
    found: list[Organisation] = []
    for one in registry.search(actor, words) if words else ():
        try:
            reads.enterable(actor, one.id, timezone.localdate())
        except NotFound:
            continue
        found.append(one)
    return render(request, "reporting/confidential/find.html", {"words": words, "found": found[:SHOWN]})


@door("criteria:write")
@require_http_methods(["GET", "HEAD", "POST"])
def criteria(request: HttpRequest, organisation: UUID) -> HttpResponseBase:
    """The criteria of one entity; one is entered here."""
    actor = actor_of(request)
    whose, may = reads.enterable(actor, organisation, timezone.localdate())
    values, problem, status = {name: str(text)[:600] for name, text in request.POST.items()}, "", 200
    if request.method == "POST":
        try:
            authority = _identifier(values.get("authority", ""))
            actions.enter_criterion(actor=actor, organisation=whose.id, values=values, authority=authority)
        except (NotAllowed, NotFound):
            raise
        except Problem as refused:
            problem, status = told(refused), refused.status
        else:
            messages.success(request, _("The criterion is kept."))
            return HttpResponseRedirect(reverse("reporting:criteria-of", args=[whose.id]))
    context = {
        "whose": whose,
        "authorities": may if len(may) > 1 else [],
        "authority": may[0] if len(may) == 1 else None,
        "rows": [_shown(row) for row in reads.criteria_of(actor, whose.id)],
        "conditions": [_condition(values, number) for number in ROWS],
        "facts": sorted(FACTS),
        "values": values,
        "problem": problem,
    }
    return render(request, "reporting/confidential/criteria.html", context, status=status)


def _identifier(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise NotFound from None


def _shown(row: OwnCriterion) -> dict[str, Any]:
    words, criterion = dict(TESTS), (row.content or {}).get("criterion", {})
    return {"row": row, "criterion": criterion, "conditions": [_told(one, words) for one in criterion.get("all", ())]}


def _told(one: dict[str, Any], words: dict[str, Any]) -> str:
    if "is" in one:
        return f"{one['fact']} {words['yes' if one['is'] else 'no']}"
    test = next(name for name in words if name in one)
    return f"{one['fact']} {words[test]} {one[test]:g}"


def _condition(values: dict[str, str], number: int) -> dict[str, Any]:
    names = ("fact", "value", "question_nl", "question_en")
    return {
        "number": number,
        "tests": [(value, label, values.get(f"test_{number}", "") == value) for value, label in TESTS],
        **{name: values.get(f"{name}_{number}", "") for name in names},
    }


@door("criteria:write")
@require_POST
def end(request: HttpRequest, criterion: UUID) -> HttpResponseBase:
    """Let a criterion end after today, or another day."""
    actor = actor_of(request)
    row = reads.access_criterion(actor, criterion)
    try:
        last = date.fromisoformat(request.POST.get("valid_to", "") or str(timezone.localdate()))
        actions.end_criterion(actor=actor, criterion=row.id, last=last)
    except ValueError:
        messages.error(request, _("This is no date."))
    except Problem as problem:
        if isinstance(problem, NotFound):
            raise
        messages.error(request, told(problem))
    else:
        messages.success(request, _("The criterion ends after that day."))
    return HttpResponseRedirect(reverse("reporting:criteria-of", args=[row.organisation_id]))
