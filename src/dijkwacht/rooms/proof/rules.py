"""What fits an asset, what follows a check, and who wins a conflict. Pure: no Django."""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from dijkwacht.kernel.actor import Actor, CentreRole, Kind
from dijkwacht.rooms.proof.vocabulary import Method, Outcome, State, Verdict

LABEL: Final = "_dijkwacht-challenge"
PATH: Final = "/.well-known/dijkwacht-challenge.txt"
PREFIX: Final = "dijkwacht-challenge="
TOKEN_BYTES: Final = 32  # RFC 8555 section 11.3 asks for at least 128 bits
ROLES: Final = ("hostmaster", "postmaster", "security", "abuse")  # RFC 2142
METHODS: Final = {
    "domain": (Method.DNS, Method.FILE, Method.MAIL, Method.PARENT),
    "prefix": (Method.WHOIS, Method.MAIL),
    "asn": (Method.WHOIS, Method.MAIL),
}
LOOKED_UP: Final = frozenset({Method.DNS, Method.FILE, Method.PARENT, Method.WHOIS})  # a mail is answered
# A proof by one of these stands against a bare claim; a parent's is no fresh one, an officer's word is a person's.
STRONG: Final = frozenset({Method.DNS, Method.FILE, Method.MAIL, Method.WHOIS})
# Ways by which a domain was verified that say something about everything below it; a file shows one web server.
COVERS_BELOW: Final = frozenset({"dns", "mail", "officer", "import"})

CHECK_PAUSE: Final = 60  # seconds between two checks that somebody asks for
CHECKS_PER_HOUR: Final = 60  # of one organisation
MAILS_PER_DAY: Final = 20  # of one organisation
STARTS_PER_DAY: Final = 2000  # of one organisation
LONGEST_WORDS: Final = 5000  # characters that go with one piece of evidence
MOST_PIECES: Final = 10  # of one asset, that wait for an officer
PIECES_PER_DAY: Final = 20  # of one organisation
APART: Final = timedelta(days=3)  # two failures this far apart count as two
TRY_AGAIN: Final = timedelta(hours=6)  # after a check that could not look
FIRST_WAIT, LONGEST_WAIT = timedelta(hours=1), timedelta(days=1)
DAILY: Final = timedelta(days=1)
MAIL_HOLDS: Final = timedelta(days=365)
ASK_AGAIN: Final = timedelta(days=30)  # before a mail's proof ends
UNSEEN: Final = timedelta(days=60)  # that a proof could not be looked at, before an officer is shown it


@dataclass(frozen=True, slots=True)
class Periods:
    """How long things last; the installation decides."""

    challenge: timedelta
    recheck: timedelta
    grace: timedelta


@dataclass(frozen=True, slots=True)
class Standing:
    """How a challenge stands. `failures`: looks that found the proof gone, counted when APART."""

    state: State
    method: Method
    opened_at: datetime
    ends_at: datetime
    next_at: datetime | None = None
    failures: int = 0
    failed_at: datetime | None = None
    warned_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What follows a check: how the challenge stands then, and whether its organisation is to be told."""

    standing: Standing
    warn: bool = False
    lost: bool = False


def new_token() -> str:
    """Return a token nobody can guess: 256 random bits in base64url."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def line(token: str) -> str:
    """Return what the TXT record or the file holds."""
    return PREFIX + token


def record_name(domain: str) -> str:
    """Return the name of the TXT record."""
    return f"{LABEL}.{domain}"


def may_read(actor: Actor, organisation: UUID) -> bool:
    """The centre sees every challenge, an organisation its own; a relay does not see its members'."""
    return actor.is_centre or organisation in actor.writable


def judged(method: Method) -> frozenset[State]:
    """Return the states in which an officer may judge: what was found or sent, and mails answered with "not ours"."""
    return frozenset({State.PROPOSED, State.DENIED} if method is Method.MAIL else {State.PROPOSED})


def after_judgement(method: Method, *, accept: bool) -> State:
    """Return how a challenge ends by an officer's judgement. What is looked up goes on as proven."""
    if method is Method.OFFICER:
        return State.ACCEPTED if accept else State.DENIED
    return State.PROVEN if accept and method in LOOKED_UP else State.WITHDRAWN


def may_judge(actor: Actor) -> bool:
    """An officer weighs proposals and answers."""
    return actor.has(CentreRole.OFFICER) and (actor.kind is not Kind.TOKEN or "registry:write" in actor.scopes)


def after(now: Standing, outcome: Outcome, at: datetime, periods: Periods) -> Step:
    """Return what follows a check with `outcome` at the moment `at`.

    A look that could not be taken changes nothing; a proof is lost after two failures some days apart, a warning and
    the time of grace.
    """
    if outcome is Outcome.TEMPORARY:
        if now.state is State.OPEN and at >= now.ends_at:
            return Step(replace(now, state=State.EXPIRED, next_at=None))
        return Step(replace(now, next_at=at + TRY_AGAIN))
    if outcome is Outcome.MATCH:
        every = DAILY if now.method is Method.PARENT else periods.recheck
        return Step(replace(now, state=State.PROVEN, next_at=at + every, failures=0, failed_at=None, warned_at=None))
    if now.state is not State.PROVEN:
        return Step(_waiting(now, outcome, at))
    return _failing(now, at, periods.grace)


def _waiting(now: Standing, outcome: Outcome, at: datetime) -> Standing:
    """It was never there: look again after as long as it has been open, an hour at least, a day at most."""
    if outcome is Outcome.PARTIAL:  # waits for an officer, however long that takes
        return replace(now, state=State.PROPOSED, next_at=at + LONGEST_WAIT)
    if at >= now.ends_at:
        return replace(now, state=State.EXPIRED, next_at=None)
    pause = min(max(at - now.opened_at, FIRST_WAIT), LONGEST_WAIT)
    return replace(now, state=State.OPEN, next_at=min(at + pause, now.ends_at))


def _failing(now: Standing, at: datetime, grace: timedelta) -> Step:
    if now.failed_at is not None and at - now.failed_at < APART:
        return Step(replace(now, next_at=now.failed_at + APART))
    counted = replace(now, failures=now.failures + 1, failed_at=at, next_at=at + APART)
    if counted.failures == 1:
        return Step(counted)
    if now.warned_at is None:
        return Step(replace(counted, warned_at=at), warn=True)
    if at - now.warned_at >= grace:
        return Step(replace(counted, state=State.LOST, next_at=None), lost=True)
    return Step(replace(counted, next_at=min(at + APART, now.warned_at + grace)))


def verdict(method: Method, *, other_shown: bool) -> Verdict:
    """Return how a conflict goes on when one side has just been proven by `method`: the written rule.

    `other_shown`: something was ever shown for the other side. A fresh proof stands against a claim for which nothing
    was shown, whichever space is the larger: the claim stays a claim and receives nothing. Two proofs are for a person.
    """
    return Verdict.PERSON if other_shown or method not in STRONG else Verdict.STANDS


class Imported(NamedTuple):
    """A snapshot as `superseded` asks about it: its source, the classes of objects it holds, when it came in."""

    id: UUID
    source: str
    classes: Collection[str]
    at: datetime


def superseded(snapshots: Sequence[Imported]) -> dict[UUID, datetime]:
    """Return since when each snapshot counts for nothing: for each of its classes a newer one of its source is there.

    `snapshots`: in the order of their dates, the oldest first. One that still counts for a class is not in the answer.
    """
    found: dict[UUID, datetime] = {}
    for place, one in enumerate(snapshots):
        later = [other for other in snapshots[place + 1 :] if other.source == one.source]
        ends = [min((other.at for other in later if name in other.classes), default=None) for name in one.classes]
        if ends and None not in ends:
            found[one.id] = max(end for end in ends if end is not None)
    return found
