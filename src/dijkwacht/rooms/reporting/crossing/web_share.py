"""The page on which a version is seen beside what was reported, and confirmed."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dijkwacht.platform.accounts.permissions import actor_of
from dijkwacht.rooms.reporting import disclosing, reads, rules, showing
from dijkwacht.rooms.reporting.crossing import actions, showing_versions
from dijkwacht.rooms.reporting.crossing import reads as crossing
from dijkwacht.rooms.reporting.crossing.choosing import Choice, version_of
from dijkwacht.rooms.reporting.crossing.receiving import Receiver, receivers
from dijkwacht.rooms.reporting.crossing.rules import Audience, country_of
from dijkwacht.rooms.reporting.crossing.versions import MOST_WORDS
from dijkwacht.rooms.reporting.desk import TESTS
from dijkwacht.rooms.reporting.errors import NotAllowed, NotFound, VerdictFirst
from dijkwacht.rooms.reporting.models import Incident
from dijkwacht.rooms.reporting.netcode.rules import REGIME
from dijkwacht.rooms.reporting.submitted import Submission, submitted
from dijkwacht.rooms.reporting.web import door

LONGEST_WORD = 200
LONGEST_TEST = 500


@door("incidents:handle")
@require_http_methods(["GET", "HEAD", "POST"])
def share(request: HttpRequest, incident: UUID, audience: str) -> HttpResponseBase:
    """One incident for one audience: what was reported beside what would go, and why; then who gets it."""
    actor, posted = actor_of(request), request.POST
    row = reads.access_incident(actor, incident)
    if not rules.may_handle(actor):
        raise NotAllowed
    choice = _choice(request, row, audience)
    tried = Submission()
    if posted.get("do") in {"send", "settle"}:
        tried = submitted(request, lambda: _act(request, row, choice), _("It is done."))
    if tried.onward:
        return tried.onward
    context = {**_context(request, row, choice), "problem": tried.problem}
    return render(request, "reporting/crossing/share.html", context, status=tried.status)


def _choice(request: HttpRequest, row: Incident, audience: str) -> Choice:
    """Return what was chosen. Raises NotFound for an audience that there is not for this incident."""
    country = country_of(audience) or (audience if row.crossings.filter(country=audience).exists() else "")
    kind = Audience.STATE if country else Audience(audience) if audience in set(Audience) - {Audience.STATE} else None
    if kind is None or (kind is not Audience.STATE and REGIME not in row.regimes):
        raise NotFound
    posted = request.POST
    words = [line.strip()[:LONGEST_WORD] for line in posted.get("words", "").splitlines() if line.strip()]
    return Choice(
        audience=kind,
        country=country,
        withheld=frozenset(posted.getlist("withheld")),
        words=tuple(words[:MOST_WORDS]),
        receivers=frozenset(posted.getlist("receiver")),
    )


def _act(request: HttpRequest, row: Incident, choice: Choice) -> str:
    actor, posted = actor_of(request), request.POST
    if posted.get("do") == "settle":
        actions.settle(actor=actor, incident=row.id, choice=choice, reason=posted.get("reason", ""))
    else:
        tests = {name: posted.get(name, "")[:LONGEST_TEST] for name in disclosing.TESTS}
        actions.share(
            actor=actor,
            incident=row.id,
            choice=choice,
            seen=posted.get("seen", ""),
            tests=tests,
            in_clear=posted.get("in_clear", ""),
        )
    return reverse("reporting:desk-incident", args=[row.id])


def _context(request: HttpRequest, row: Incident, choice: Choice) -> dict[str, Any]:
    posted = request.POST
    try:
        made = version_of(row, choice)
    except VerdictFirst:
        made = None
    found = receivers(row, choice.audience, choice.country)
    return {
        "row": row,
        "choice": choice,
        "audience": showing_versions.audience_title(choice.audience, choice.country),
        "version": made,
        "sides": showing_versions.sides(made) if made else [],
        "receivers": [_line(one, choice, first=request.method != "POST") for one in found],
        "bare": [one.name for one in found if not one.sealable],
        "in_clear": posted.get("in_clear", ""),
        "words": "\n".join(choice.words),
        "tests": [(name, TESTS[name], posted.get(name, "")) for name in disclosing.TESTS],
        "before": [one for one in crossing.disclosures_of(actor_of(request), row) if _same(one, choice)],
        "settled": [one for one in crossing.settled_of(actor_of(request), row) if _same(one, choice)],
        "reason": posted.get("reason", ""),
        "clock": _clock(row, choice),
    }


def _same(one: Any, choice: Choice) -> bool:
    return (one.audience, one.country) == (choice.audience, choice.country)


def _line(one: Receiver, choice: Choice, *, first: bool) -> tuple[Receiver, bool]:
    return one, first or one.key in choice.receivers


def _clock(row: Incident, choice: Choice) -> showing.Ticking | None:
    """Return the clock that this version stops, if one runs."""
    return showing_versions.clock_of(row, choice.audience, choice.country)
