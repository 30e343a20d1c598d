"""The part of the pages of a draft on which files are added and taken out, with no script needed."""

from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest

from dijkwacht.platform.accounts.permissions import actor_of
from dijkwacht.rooms.reporting.customers.reads import picked_for
from dijkwacht.rooms.reporting.enclosing import rules, with_drafts
from dijkwacht.rooms.reporting.enclosing.rules import Enclosed
from dijkwacht.rooms.reporting.errors import NotFound
from dijkwacht.rooms.reporting.models import Draft

TAKE_OUT: Final = "take-out:"
ADD: Final = "enclose"


def changed(request: HttpRequest, draft: Draft) -> bool:
    """Add or take out what a post says; tell whether the page is shown again for it.

    A file that was chosen is kept whichever button was pressed. Raises what `enclose` and `take_out` do.
    """
    do = request.POST.get("do", "")
    if (given := request.FILES.get("file")) is not None:
        content = given.read(rules.LARGEST + 1)
        with_drafts.enclose(actor_of(request), draft.id, Enclosed(given.name or "", content))
    if do.startswith(TAKE_OUT):
        with_drafts.take_out(actor_of(request), draft.id, _identifier(do.removeprefix(TAKE_OUT)))
    return do == ADD or do.startswith(TAKE_OUT)


def _identifier(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None


def shown(draft: Draft) -> dict[str, Any]:
    """Return the files of a draft for its pages, and whether they go to many customers."""
    return {"files": list(with_drafts.files_of(draft)), "to_many": picked_for(draft) is not None}
