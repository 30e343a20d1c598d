"""What a page does with a posted form: make the change and go on, or say on the same page why it was refused."""

from collections.abc import Callable
from typing import NamedTuple

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect

from dijkwacht.kernel.errors import Problem
from dijkwacht.rooms.reporting.errors import NotAllowed, NotFound
from dijkwacht.rooms.reporting.forms import told


class Submission(NamedTuple):
    """How it went: where the reader goes on (None: the page is shown), what was refused, the status of the page."""

    onward: HttpResponseRedirect | None = None
    problem: str = ""
    status: int = 200


def submitted(request: HttpRequest, change: Callable[[], str], done: str = "") -> Submission:
    """Make the change of a posted form. `change` returns the address to go on to; `done` is said there.

    What may not be seen or done is for the door of the page. Raises NotFound, NotAllowed.
    """
    if request.method != "POST":
        return Submission()
    try:
        onward = HttpResponseRedirect(change())
    except (NotFound, NotAllowed):
        raise
    except Problem as refused:
        return Submission(None, told(refused), refused.status)
    if done:
        messages.success(request, done)
    return Submission(onward)
