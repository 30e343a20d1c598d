"""What is due of the incidents that an organisation reported: the terms of the law, and what was begun and not sent."""

from collections.abc import Iterator
from typing import Final

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import lazy

from dijkwacht.kernel.clock import legal_date
from dijkwacht.platform.accounts.permissions import allows_for
from dijkwacht.rooms.home.case import Case
from dijkwacht.rooms.home.rules import Due
from dijkwacht.rooms.reporting import reads as reporting
from dijkwacht.rooms.reporting import showing, terms
from dijkwacht.rooms.reporting.delivering import reached
from dijkwacht.rooms.reporting.rules import State, may_file

MOST: Final = 20  # open incidents of one organisation; the page of the incidents has them all
STAGE: Final = lazy(showing.stage_title, str)  # a text is said in the language in which it is read, in the API in both
MOMENT: Final = lazy(showing.moment, str)


def incidents(case: Case) -> Iterator[Due]:
    """The term of each open incident that ends first, of those that are not the centre's own."""
    now, may = timezone.now(), allows_for(case.actor, "reports:write", case.row.id)
    rows = reporting.incidents_of(case.actor).filter(organisation_id=case.row.id).exclude(state=State.CLOSED)
    for row in rows.order_by("next_due_at", "id")[:MOST]:
        clock = reached.next_asked(row, terms.filed_of(reporting.reports_of(row)))
        if clock is not None:
            said = {
                "title": row.title,
                "stage": STAGE(clock.stage),
                "moment": MOMENT(clock.due),
            }
            page = reverse("reporting:incident", args=[row.id])
            day, over = legal_date(clock.due), clock.due < now
            yield case.due("incident", page, said, article=clock.article, on=day, over=over, may_do=may)


def drafts(case: Case) -> Iterator[Due]:
    """Reports that this person began and did not send: nobody has received them."""
    if case.actor.account and may_file(case.actor):
        for row in reporting.drafts_of(case.actor).filter(organisation_id=case.row.id)[:MOST]:
            yield case.due("draft", reverse("reporting:draft", args=[row.id]), may_do=True)
