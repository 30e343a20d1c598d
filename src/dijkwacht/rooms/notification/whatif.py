"""What-if: a changed policy, register or text is tried on a past day before a second person lets it in.

Nothing is told and nothing is kept while it is tried, but the difference. Accepting a policy or a text writes it into
the installation's own folder, accepting a register imports it.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.accounts.permissions import allows
from dijkwacht.platform.audit.record import record
from dijkwacht.rooms.notification import approving, trials, trying
from dijkwacht.rooms.notification.errors import InvalidProposal, NotAllowed, NotFound, WrongState
from dijkwacht.rooms.notification.models import Proposal

PERMISSION: Final = "policy:approve"
LONGEST: Final = 5_000_000  # characters of a proposal
SUBJECTS: Final[Mapping[str, trying.Subject]] = {
    "policy": trying.Policy(),
    "text": trying.Text(),
    "register": trying.Register(),
}


def proposals_for(actor: Actor) -> QuerySet[Proposal]:
    """The proposals, the newest first. Raises NotAllowed."""
    if not allows(actor, PERMISSION):
        raise NotAllowed
    return Proposal.objects.order_by("-created_at").prefetch_related("approvals")


def access_proposal(actor: Actor, proposal: UUID) -> Proposal:
    """One proposal with its difference and approvals. Raises NotAllowed, NotFound."""
    found = proposals_for(actor).filter(pk=proposal).first()
    if found is None:
        raise NotFound
    return found


def current(actor: Actor, subject: str, name: str) -> str:
    """What is in force now under a name, to start a proposal from; empty when there is nothing, and for a register.

    Raises NotAllowed, InvalidProposal.
    """
    if not allows(actor, PERMISSION):
        raise NotAllowed
    return _subject(subject).current(name)


@transaction.atomic
def propose(*, actor: Actor, subject: str, name: str, content: str, reason: str) -> Proposal:
    """Keep a proposal. `subject`: policy (`name`: file such as "cbw.cedar"), text (`name`: file such as
    "kinds/scan-rdp.nl.md") or register (`content`: CSV as the registry imports it). Raises NotAllowed, InvalidProposal.
    """
    if not allows(actor, PERMISSION):
        raise NotAllowed
    if not content.strip() or len(content) > LONGEST or "\x00" in content or not reason.strip():
        raise InvalidProposal(reason_nl="inhoud en reden zijn nodig", reason_en="content and a reason are needed")
    _subject(subject).check(name, content)
    row = Proposal.objects.create(
        subject=subject, name=name[:200], content=content, reason=reason.strip()[:2000], created_by=actor.id[:100]
    )
    _record(actor, row, "make")
    return row


@transaction.atomic
def ask_trial(*, actor: Actor, proposal: UUID, day: dt.date | None = None) -> Proposal:
    """Ask a job to run a proposal on what came in on a day (default: the last 24 hours) and keep what would differ.

    Raises NotAllowed, NotFound, WrongState.
    """
    from dijkwacht.rooms.notification.tasks import try_proposal

    row = _locked(actor, proposal, {Proposal.State.DRAFT, Proposal.State.TRIED})
    trials.asked(row)
    try_proposal.defer(proposal=str(row.id), day=day.isoformat() if day else "")
    _record(actor, row, "ask-trial")
    return row


def try_out(proposal: UUID, day: dt.date | None = None) -> None:
    """Make the trial that was asked for; a proposal that cannot be tried has the reason on it."""

    def attempt(row: Proposal) -> None:
        difference = _subject(row.subject).difference(row.name, row.content, _span(day))
        row.difference = {"tried_at": timezone.now().isoformat(), "day": str(day or ""), **difference}
        row.state = Proposal.State.TRIED
        _record(trials.TRIER, row, "try")

    trials.run(Proposal, proposal, attempt)


def _span(day: dt.date | None) -> trying.Span:
    if day is None:
        return trying.Span(timezone.now() - dt.timedelta(days=1), timezone.now())
    start = timezone.make_aware(dt.datetime.combine(day, dt.time()))
    return trying.Span(start, start + dt.timedelta(days=1))


@transaction.atomic
def decide(*, actor: Actor, proposal: UUID, yes: bool, reason: str = "") -> Proposal:
    """Accept or reject a tried proposal; a yes of somebody else than its maker puts it in force.

    Raises NotAllowed, NotFound, WrongState, SecondPersonNeeded, InvalidProposal when it does not fit any more.
    """
    row = _locked(actor, proposal, {Proposal.State.TRIED} if yes else {Proposal.State.DRAFT, Proposal.State.TRIED})
    trials.refuse_while_trying(row)
    approving.voice(actor, PERMISSION, row, yes=yes, reason=reason)
    row.state = Proposal.State.ACCEPTED if yes else Proposal.State.REJECTED
    row.decided_at = timezone.now()
    row.save(update_fields=["state", "decided_at"])
    if yes:
        _subject(row.subject).check(row.name, row.content)
    _record(actor, row, "accept" if yes else "reject", reason=reason[:500])
    if yes:  # last, so that nothing is in force of which the record could not be written
        _subject(row.subject).put_in_force(actor, row.name, row.content)
    return row


def _subject(name: str) -> trying.Subject:
    if name not in SUBJECTS:
        raise InvalidProposal(reason_nl="het onderwerp is onbekend", reason_en="the subject is not known")
    return SUBJECTS[name]


def _locked(actor: Actor, proposal: UUID, states: set[Proposal.State]) -> Proposal:
    if not allows(actor, PERMISSION):
        raise NotAllowed
    row = Proposal.objects.select_for_update().filter(pk=proposal).first()
    if row is None:
        raise NotFound
    if row.state not in states:
        raise WrongState(state=row.state)
    return row


def _record(actor: Actor, row: Proposal, verb: str, **detail: str) -> None:
    record(
        actor=actor,
        action=f"notification:proposal:{verb}",
        target=("proposal", row.pk),
        detail={"subject": row.subject, "name": row.name, **detail},
    )
