"""What is due of the advisories that concern what an organisation runs: an answer."""

from collections.abc import Iterator
from typing import Final

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import lazy

from dijkwacht.platform.accounts.permissions import allows, allows_for
from dijkwacht.platform.refusals import language
from dijkwacht.rooms.advisories.delivery import reads as advisories
from dijkwacht.rooms.home.case import Case
from dijkwacht.rooms.home.rules import Due

MOST: Final = 10  # of one organisation; the page of its advisories has them all


def answers(case: Case) -> Iterator[Due]:
    """Each advisory that concerns it, or may, and that nothing was answered to that settles it."""
    if not (allows(case.actor, "inventory:read") and case.row.id in advisories.own(case.actor)):
        return
    may = allows_for(case.actor, "inventory:write", case.row.id)
    rows = advisories.waiting(case.actor, case.row.id).order_by("-urgent", "-severity", "-created_at", "id")[:MOST]
    for one in advisories.matters(rows):
        title = lazy(lambda texts: texts[language()], str)(dict(one.advisory.title))
        page = reverse("advisories:mine-one", args=[one.concern.advisory]) + f"?organisation={case.row.id}"
        said = {"number": one.advisory.number, "title": title, "day": timezone.localdate(one.concern.created_at)}
        yield case.due("advisory", page, said, may_do=may)
