"""What an officer weighs: proposals from the registries' files, mails answered "not ours", proofs that fail."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from dijkwacht.kernel.actor import Actor
from dijkwacht.kernel.errors import Problem
from dijkwacht.platform.accounts.permissions import actor_of, page
from dijkwacht.platform.refusals import language, refusals_as_pages
from dijkwacht.rooms.proof import actions, reads, words
from dijkwacht.rooms.proof.errors import NotAllowed, NotFound
from dijkwacht.rooms.proof.models import Challenge
from dijkwacht.rooms.proof.vocabulary import State
from dijkwacht.rooms.registry.evidence import evidence_for

MOST = 100


@page("registry:write")
@require_safe
def waiting(request: HttpRequest) -> HttpResponseBase:
    """What waits, oldest first; what is failing; and the files that are compared with."""
    actor = actor_of(request)
    context = {
        "waiting": _with_evidence(actor, list(reads.waiting_for_an_officer(actor)[:MOST])),
        "failing": _with_latest(reads.failing(actor)[:MOST]),
        "snapshots": reads.snapshots(actor)[:MOST],
    }
    return render(request, "proof/waiting.html", context)


def _with_evidence(actor: Actor, rows: list[Challenge]) -> list[dict[str, Any]]:
    """Add what was sent and, where another claims the same, what each side has shown."""
    pieces = reads.pieces_of(actor, rows)
    contested = reads.contested(actor, [row.asset for row in rows])
    sides = {one.id: one for found in contested.values() for row in found for one in (row.first, row.second)}
    shown = evidence_for(actor, list(sides.values()), language())
    found = []
    for said in _with_latest(rows):
        row = said["row"]
        conflicts = contested.get(row.asset_id, [])
        both = {one.id: one for conflict in conflicts for one in (conflict.first, conflict.second)}
        ordered = sorted(both.values(), key=lambda one: (one.id != row.asset_id, one.id))
        said |= {"pieces": pieces.get(row.id, []), "open": any(not conflict.decision for conflict in conflicts)}
        found.append(said | {"sides": [(one, shown.get(one.id, [])) for one in ordered]})
    return found


def _with_latest(rows: Iterable[Challenge]) -> list[dict[str, Any]]:
    found = []
    for row in rows:
        latest = row.checks.first()
        said = words.sentence(latest, language()) if latest else ""
        found.append({"row": row, "method": words.method(row.method, language()), "latest": latest, "sentence": said})
    return found


@page("registry:write")
@refusals_as_pages
@require_POST
def judge(request: HttpRequest, challenge: UUID) -> HttpResponseBase:
    """Accept or refuse what was found."""
    accept, reason = request.POST.get("accept") == "yes", request.POST.get("reason", "")
    try:
        row = actions.judge_proposal(actor=actor_of(request), challenge=challenge, accept=accept, reason=reason)
    except (NotFound, NotAllowed):
        raise
    except Problem as problem:
        messages.error(request, problem.text(language()))
    else:
        if accept and row.state == State.PROPOSED:
            messages.warning(request, _("Another has shown a proof for the same. Decide that conflict first."))
            return HttpResponseRedirect(reverse("registry:conflicts"))
        messages.success(request, _("Your judgement is stored."))
    return HttpResponseRedirect(reverse("proof:waiting"))
