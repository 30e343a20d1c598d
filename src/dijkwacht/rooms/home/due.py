"""What is due for an organisation. Each source gives its own; nothing here changes anything."""

from collections.abc import Iterator
from typing import Final

from django.urls import reverse
from django.utils import timezone

from dijkwacht.law.applicability.consequences import add_months
from dijkwacht.platform.accounts.permissions import allows
from dijkwacht.rooms.enrolment import reads as enrolment
from dijkwacht.rooms.enrolment.rules import State, may_enrol
from dijkwacht.rooms.home import due_advisories, due_incidents, due_reach
from dijkwacht.rooms.home.case import Case
from dijkwacht.rooms.home.rules import REVIEW_MONTHS, Due, in_order
from dijkwacht.rooms.registry.upkeep import reads as upkeep
from dijkwacht.rooms.registry.upkeep.groups import GROUPS
from dijkwacht.rooms.registry.vocabulary import Classification, NoticeState
from dijkwacht.rooms.services.reads import AGAIN

UNDER_THE_LAW: Final = (Classification.ESSENTIAL, Classification.IMPORTANT)


def due_for(case: Case) -> list[Due]:
    """Return everything that is due, what is too late first."""
    found = [*_review(case), *_changes(case), *due_reach.assets(case), *due_reach.proofs(case)]
    found += [*due_reach.contacts(case), *due_reach.mandates(case), *_questions(case), *_consents(case)]
    found += [*due_incidents.incidents(case), *due_incidents.drafts(case)]
    found += [*due_advisories.answers(case)]
    return in_order(found, case.today)


def _review(case: Case) -> Iterator[Due]:
    """The review that was asked for, or when the next one comes (Cbw 43)."""
    rows = list(upkeep.reviews_for(case.actor, organisation=case.row.id))
    waiting = [row for row in rows if row.confirmed_at is None]
    page = case.link("registry:review")
    for row in waiting:
        yield case.due("review", page, {"done": len(row.confirmed), "all": len(GROUPS)}, on=row.due_on)
    if not waiting and case.row.classification in UNDER_THE_LAW:
        last = max((row.confirmed_at for row in rows if row.confirmed_at), default=case.row.created_at)
        since = timezone.localdate(last)
        yield case.due("next-review", page, {"day": since}, on=add_months(since, REVIEW_MONTHS), now=False)


def _changes(case: Case) -> Iterator[Due]:
    """What the centre learned elsewhere and asks about."""
    page = case.link("registry:tell-change")
    for row in upkeep.change_notices_for(case.actor, organisation=case.row.id, state=NoticeState.ASKED):
        said, fields = {"source": row.source}, tuple(row.fields)
        yield case.due("change", page, said, article=row.ground, on=row.due_on, values=fields)


def _questions(case: Case) -> Iterator[Due]:
    """What an officer asked about a registration of this person."""
    if not (case.actor.account and may_enrol(case.actor)):
        return
    may = allows(case.actor, "registration:write")
    for row in enrolment.registrations_of(case.actor).filter(state=State.ASKED):
        page = reverse("enrolment:registration", args=[row.id])
        yield case.due("question", page, {"name": row.name}, may_do=may)


def _consents(case: Case) -> Iterator[Due]:
    """A text that one said yes to and that has changed since."""
    for offer in case.offers:
        if offer.state == AGAIN and offer.fits and offer.product.consent and offer.subscription:
            versions = {"old": offer.subscription.consent_version, "new": offer.product.consent.version}
            page = reverse("services:product", args=[case.row.id, offer.product.slug])
            yield case.due("consent", page, versions, article=offer.product.article)
