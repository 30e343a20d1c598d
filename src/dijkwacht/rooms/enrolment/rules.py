"""When a registration goes by itself, and who may decide on one that does not. Pure: no Django."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from dijkwacht.kernel.actor import Actor, CentreRole, Kind
from dijkwacht.rooms.enrolment import names

NUMBERS: Final = ("kvk", "oin", "rsin")  # what a broker proves
MANY: Final = 500  # assets: a registration with more is let in by a job, and its receipt holds their number and hash
MOST_WAITING, MOST_A_DAY, MOST_A_DAY_OF_A_NETWORK = 3, 5, 50


class State(StrEnum):
    """Where a registration stands."""

    WAITING = "waiting"
    ASKED = "asked"  # the officer asked something back
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"  # by its maker


OPEN: Final = (State.WAITING, State.ASKED)


class Reason(StrEnum):
    """Why a registration does not go by itself."""

    NOT_PROVEN = "not-proven"
    OTHER_NUMBER = "other-number"
    NO_REGISTER = "no-register"
    UNKNOWN_NUMBER = "unknown-number"
    ENDED = "ended"
    OTHER_NAME = "other-name"
    NOT_ASSESSED = "not-assessed"
    OTHER_CLASS = "other-class"
    VOLUNTARY = "voluntary"  # the law does not ask it: a person looks who it is
    TAKEN = "taken"
    CONTESTED = "contested"
    STRANGE_NAME = "strange-name"


@dataclass(frozen=True, kw_only=True)
class Listed:
    """What a business register says of a number."""

    names: tuple[str, ...]
    active: bool = True


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known when somebody confirms. `proven`, `given`: number per kind."""

    proven: Mapping[str, str]
    given: Mapping[str, str]
    name: str
    declared: str
    assessed: tuple[str, ...] = ()  # the classes that the self-assessment leaves possible
    register: bool = True  # there is a business register to ask
    listed: Listed | None = None
    taken: bool = False  # an organisation with one of the numbers is registered, or waits
    contested: bool = False  # another claims some of the same space
    extra: Mapping[str, str] = field(default_factory=dict)


CLASS_OF: Final = {"essential": "essential", "important": "important", "domain-registrar": "register-only"}


def weigh(facts: Facts) -> tuple[Reason, ...]:
    """Return why a person must look; nothing: it goes by itself."""
    return tuple(_reasons(facts))


def _reasons(facts: Facts) -> Iterator[Reason]:
    shared = facts.proven.keys() & facts.given.keys()
    if not facts.proven:
        yield Reason.NOT_PROVEN
    elif not shared or any(facts.proven[kind] != facts.given[kind] for kind in shared):
        yield Reason.OTHER_NUMBER
    yield from _of_the_register(facts)
    if not facts.assessed:
        yield Reason.NOT_ASSESSED
    elif facts.declared == "none" and facts.assessed == ("outside",):
        yield Reason.VOLUNTARY
    elif facts.assessed != (CLASS_OF.get(facts.declared),):
        yield Reason.OTHER_CLASS
    if facts.taken:
        yield Reason.TAKEN
    if facts.contested:
        yield Reason.CONTESTED
    if names.strange(facts.name):
        yield Reason.STRANGE_NAME


def _of_the_register(facts: Facts) -> Iterator[Reason]:
    if not facts.register:
        yield Reason.NO_REGISTER
    elif facts.listed is None:
        yield Reason.UNKNOWN_NUMBER
    else:
        if not facts.listed.active:
            yield Reason.ENDED
        if not any(names.same(facts.name, known) for known in facts.listed.names):
            yield Reason.OTHER_NAME


def may_enrol(actor: Actor) -> bool:
    """Somebody signed in who does not work at the centre registers an organisation."""
    return actor.kind is Kind.PERSON and not actor.roles


def may_decide(actor: Actor) -> bool:
    """Officers decide; our own jobs approve what goes by itself."""
    return actor.has(CentreRole.OFFICER) and actor.kind in {Kind.PERSON, Kind.SYSTEM}
