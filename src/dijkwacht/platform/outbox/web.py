"""The pages of the demo mailbox: what was sent, to look at, without anything of it coming alive."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Concatenate, Final, ParamSpec

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from dijkwacht.platform.accounts.permissions import actor_of, page
from dijkwacht.platform.audit.record import record
from dijkwacht.platform.outbox import letters

PERMISSION: Final = "day:read"  # everybody of the centre, nobody else
P = ParamSpec("P")


def folder() -> Path:
    return Path(settings.HOME) / "mailbox"


def demo_only(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Close a page where the system is in real use: the demo mailbox is no archive."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@page(PERMISSION)
@demo_only
def mailbox(request: HttpRequest) -> HttpResponse:
    """List the mails that the demo mailbox kept."""
    return render(request, "outbox/mailbox.html", {"letters": letters.newest(folder())})


@page(PERMISSION)
@demo_only
def letter(request: HttpRequest, name: str) -> HttpResponse:
    """Show one mail: its text, and its HTML in a frame that runs no script and loads nothing from elsewhere.

    The frame is sandboxed, and inherits the content security policy of this page.
    """
    found = letters.read(folder(), name)
    if found is None:
        raise Http404
    record(actor=actor_of(request), action="outbox:letter:read", target=("letter", name))
    return render(request, "outbox/letter.html", {"letter": found})
