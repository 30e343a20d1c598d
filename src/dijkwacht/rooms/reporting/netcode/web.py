"""The pages of the network code: the verdict on confidentiality, and the entities with a high or critical impact."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dijkwacht.law.incidents import netcode
from dijkwacht.platform import tenancy
from dijkwacht.platform.accounts.permissions import actor_of
from dijkwacht.rooms.registry import reads as registry
from dijkwacht.rooms.reporting import reads as reporting
from dijkwacht.rooms.reporting import rules, scheduling, showing, terms
from dijkwacht.rooms.reporting.crossing import showing_versions
from dijkwacht.rooms.reporting.crossing.rules import Audience
from dijkwacht.rooms.reporting.crossing.versions import version
from dijkwacht.rooms.reporting.errors import InvalidValue, NotAllowed, NotFound
from dijkwacht.rooms.reporting.models import Incident
from dijkwacht.rooms.reporting.netcode import actions, reads
from dijkwacht.rooms.reporting.netcode.rules import CONFIDENTIALITY, REGIME
from dijkwacht.rooms.reporting.submitted import submitted
from dijkwacht.rooms.reporting.web import door


@door("confidentiality:judge")
@require_http_methods(["GET", "HEAD", "POST"])
def confidentiality(request: HttpRequest, incident: UUID) -> HttpResponseBase:
    """What stays and what may go, as the rules propose it; a person gives the verdict, with why."""
    actor, given = actor_of(request), request.POST
    row = reads.access_reported(actor, incident)

    def change() -> str:
        shareable, withheld = given.get("shareable") == "yes", given.getlist("withheld")
        why = given.get("reason", "")
        actions.judge_confidentiality(actor=actor, incident=row.id, shareable=shareable, withheld=withheld, reason=why)
        return reverse("reporting:desk-incident", args=[row.id])

    onward, problem, status = submitted(request, change, _("The verdict is kept, and told to the entity."))
    if onward:
        return onward
    context = {**_seen(row), "given": given, "withheld": given.getlist("withheld"), "problem": problem}
    return render(request, "reporting/netcode/confidentiality.html", context, status=status)


def _seen(row: Incident) -> dict[str, Any]:
    with tenancy.acting(scheduling.CLERK):  # the names of the register, which an authority need not all see
        sides = showing_versions.sides(version(row, Audience.NETCODE_STATE))
    clocks = terms.clocks(row, terms.filed_of(reporting.reports_of(row)))
    clock = next((one for one in clocks if (one.regime, one.stage) == (REGIME, CONFIDENTIALITY)), None)
    return {
        "row": row,
        "sides": sides,
        "criticality": criticality(row),
        "clock": showing.ticking(clock, timezone.now()) if clock else None,
        "verdicts": reads.verdicts_of(row),
    }


def criticality(row: Incident) -> dict[str, Any] | None:
    """Return the step of the five-step scale as the page shows it, or nothing where none is known."""
    found = netcode.criticality(terms.record_of(row))
    if found is None:
        return None
    step = netcode.LEVELS.index(found.level) + 1
    return {"level": showing.shown("netcode_level", found.level), "step": step, "of": len(netcode.LEVELS), "is": found}


@door("incidents:handle")
@require_http_methods(["GET", "HEAD", "POST"])
def impact_entities(request: HttpRequest) -> HttpResponseBase:
    """Which organisations of the register are high-impact or critical-impact entities, by which decision."""
    actor, given = actor_of(request), request.POST
    if not rules.may_handle(actor):
        raise NotAllowed
    onward, problem, status = submitted(request, lambda: _changed(request), _("It is done."))
    if onward:
        return onward
    context = {"rows": reads.impact_entities(actor), "given": given, "problem": problem}
    return render(request, "reporting/netcode/impact_entities.html", context, status=status)


def _changed(request: HttpRequest) -> str:
    actor, given = actor_of(request), request.POST
    if given.get("do") == "end":
        try:
            entity = UUID(given.get("entity", ""))
        except ValueError:
            raise NotFound from None
        actions.end_impact_entity(actor=actor, entity=entity)
        return reverse("reporting:impact-entities")
    whose = registry.organisation_called(actor, given.get("organisation", ""))
    if whose is None:
        raise InvalidValue(
            field=_("organisation"),
            reason_nl="er is geen organisatie met deze naam, of meer dan een",
            reason_en="there is no organisation of this name, or more than one",
        )
    actions.add_impact_entity(
        actor=actor,
        organisation=whose.id,
        impact=given.get("impact", ""),
        decision=given.get("decision", ""),
        valid_from=given.get("valid_from", ""),
    )
    return reverse("reporting:impact-entities")
