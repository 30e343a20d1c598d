"""What an officer weighs: proposals from the registries' files, mails answered "not ours", proofs that fail."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from dijkwacht.platform.accounts.permissions import actor_of, page
from dijkwacht.platform.refusals import attempt, language, refusals_as_pages
from dijkwacht.rooms.proof import actions, reads, words
from dijkwacht.rooms.proof.models import Challenge

MOST = 100


@page("registry:write")
@require_safe
def waiting(request: HttpRequest) -> HttpResponseBase:
    """What waits, oldest first; what is failing; and the files that are compared with."""
    actor = actor_of(request)
    context = {
        "waiting": _with_latest(reads.waiting_for_an_officer(actor)[:MOST]),
        "failing": _with_latest(reads.failing(actor)[:MOST]),
        "snapshots": reads.snapshots(actor)[:MOST],
    }
    return render(request, "proof/waiting.html", context)


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
    attempt(
        request,
        lambda: actions.judge_proposal(actor=actor_of(request), challenge=challenge, accept=accept, reason=reason),
        _("Your judgement is stored."),
    )
    return HttpResponseRedirect(reverse("proof:waiting"))
