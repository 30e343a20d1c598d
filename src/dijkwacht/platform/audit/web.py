"""The page on which an auditor reads the log."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from dijkwacht.kernel.errors import Problem
from dijkwacht.platform.accounts.permissions import actor_of, page
from dijkwacht.platform.audit import files, reads
from dijkwacht.platform.audit.calling import called
from dijkwacht.platform.audit.note import NoteError
from dijkwacht.platform.audit.tiles import MissingTile


@dataclass(frozen=True, slots=True)
class State:
    """What the last checkpoint says: "none" yet, "valid" with its size and root, or "broken" with the reason."""

    word: str
    size: int = 0
    root: str = ""
    reason: str = ""


def checkpoint_state() -> State:
    """Check the signature of the published checkpoint, and that the tree on disk gives the root it signs."""
    tiles = files.tiles()
    note = tiles.checkpoint()
    if note is None:
        return State("none")
    try:
        checkpoint = files.signer().verifier.open(note)
        root = tiles.root(checkpoint.size)
    except NoteError as error:
        return State("broken", reason=str(error))
    except MissingTile as error:
        return State("broken", reason=f"{error} is missing")
    if root != checkpoint.root:
        return State("broken", checkpoint.size, checkpoint.root.hex(), "the tree does not give the signed root")
    return State("valid", checkpoint.size, checkpoint.root.hex())


@page("audit:read")
def log(request: HttpRequest) -> HttpResponse:
    """Show the events that match the filters in the address, newest first."""
    given = {name: str(value) for name, value in request.GET.items() if name != "cursor"}
    shown, problem = reads.Page([], ""), ""
    try:
        filters = reads.Filters.parse(given)
        shown = reads.events_for(actor_of(request), filters, request.GET.get("cursor", ""))
    except Problem as refused:
        problem = refused.text("nl" if (get_language() or "nl").startswith("nl") else "en")
    context = {
        "events": called(shown.events),
        "following": urlencode({**given, "cursor": shown.following}) if shown.following else "",
        "filters": given,
        "problem": problem,
        "state": checkpoint_state(),
    }
    return render(request, "audit/log.html", context, status=422 if problem else 200)
