"""What waits for a person at the centre, in every room: the first thing that the day shows."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext_noop as _

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.accounts.permissions import allows
from dijkwacht.rooms.enrolment import reads as enrolment
from dijkwacht.rooms.enrolment.rules import State
from dijkwacht.rooms.linkage import reads as linkage
from dijkwacht.rooms.notification.models import Batch, Call, Feedback, Notice, SetAsideLine
from dijkwacht.rooms.proof import reads as proof
from dijkwacht.rooms.registry import reads as registry
from dijkwacht.rooms.registry.leaving import reads as leaving
from dijkwacht.rooms.registry.vocabulary import LeaveState
from dijkwacht.rooms.reporting import desk

DENIALS: Final = ("not-ours", "false-alarm", "wrong-contact")


@dataclass(frozen=True)
class Waiting:
    """A pile of work: how much, what (a key of the catalogue), and where; no address for who may not open it."""

    count: int
    title: str
    address: str


@dataclass(frozen=True)
class _Pile:
    title: str
    page: str
    permission: str  # of the page that the card leads to
    count: Callable[[Actor], int]
    for_all: bool = True  # the number is told to whoever sees the day; else only to who may open the page


def _feedback(_actor: Actor) -> int:
    return Feedback.objects.filter(handled_at=None, answer__in=DENIALS).count()


OWN: Final = (
    _Pile(
        _("notices held by the storm brake"),
        "notification:held",
        "notices:release",
        lambda _actor: Notice.objects.filter(state=Notice.State.HELD).count(),
    ),
    _Pile(
        _("organisations to call"),
        "notification:calls",
        "notices:release",
        lambda _actor: Call.objects.filter(done_at=None).count(),
    ),
    _Pile(_("answers that say we were wrong"), "notification:answers", "notices:release", _feedback),
    _Pile(
        _("files in quarantine"),
        "notification:batches",
        "batches:read",
        lambda _actor: Batch.objects.filter(state=Batch.State.QUARANTINED).count(),
    ),
    _Pile(
        _("lines set aside"),
        "notification:batches",
        "batches:read",
        lambda _actor: SetAsideLine.objects.filter(state=SetAsideLine.State.OPEN).count(),
    ),
)
OTHERS: Final = (
    _Pile(
        _("registrations to decide on"),
        "enrolment:registrations",
        "registrations:decide",
        # Without a reason to wait it is approved by a job, without a hand.
        lambda actor: enrolment.registrations_for(actor).filter(state=State.WAITING).exclude(reasons=[]).count(),
        for_all=False,
    ),
    _Pile(
        _("proofs to weigh"),
        "proof:waiting",
        "registry:write",
        lambda actor: proof.waiting_for_an_officer(actor).count(),
        for_all=False,
    ),
    _Pile(
        _("conflicts over an address or domain"),
        "registry:conflicts",
        "registry:write",
        lambda actor: registry.conflicts_for(actor).count(),
        for_all=False,
    ),
    _Pile(
        _("organisations that ask to leave the register"),
        "registry:deregistrations",
        "registry:write",
        lambda actor: leaving.deregistrations_for(actor).filter(state=LeaveState.ASKED).count(),
        for_all=False,
    ),
    _Pile(
        _("pairs that may be one organisation"),
        "linkage:pairs",
        "linkage:read",
        lambda actor: linkage.pairs_for(actor).count(),
        for_all=False,
    ),
)


def piles(actor: Actor) -> list[Waiting]:
    """Return what waits for a person, as far as this actor may know of it: what is not empty first."""
    found = [*_incidents(actor), *_counted(actor)]
    return sorted(found, key=lambda one: not one.count)


def _incidents(actor: Actor) -> Iterator[Waiting]:
    """The desk of the incidents: terms that have ended before everything else. One query for both."""
    if allows(actor, "incidents:read"):
        counts, page = desk.counted(actor), reverse("reporting:queue")
        yield Waiting(counts["late"], _("incidents with a term that ended"), page)
        yield Waiting(counts["unanswered"], _("incidents that no person answered yet"), page)
        if counts["left"]:
            yield Waiting(counts["left"], _("incidents of whoever left the register"), page)


def _counted(actor: Actor) -> Iterator[Waiting]:
    for pile in (*OWN, *OTHERS):
        opens = allows(actor, pile.permission)
        if opens or pile.for_all:
            yield Waiting(pile.count(actor), pile.title, reverse(pile.page) if opens else "")
