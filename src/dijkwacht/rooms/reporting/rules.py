"""Numbers, stages and what may follow what. Pure: no Django."""

import secrets
from collections.abc import Collection
from enum import StrEnum
from typing import Final

from dijkwacht.kernel.actor import Actor, CentreRole, Kind

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: nothing that is misread on the phone


def new_number() -> str:
    """Return a number of 80 random bits, such as DW-7K3M-9QZT-4F2R-8XHC: nobody guesses another's."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(16))
    return "DW-" + "-".join(drawn[start : start + 4] for start in range(0, 16, 4))


class Stage(StrEnum):
    """Of one incident, in the order in which they come. The last is outside the duty to report."""

    EARLY_WARNING = "early-warning"
    NOTIFICATION = "notification"
    INTERMEDIATE = "intermediate"
    PROGRESS = "progress"
    FINAL = "final"
    FINAL_AFTER_PROGRESS = "final-after-progress"
    VOLUNTARY = "voluntary"


class Matter(StrEnum):
    """What is reported."""

    INCIDENT = "incident"  # significant, as far as the reporter knows: the duty to report
    VOLUNTARY = "voluntary"  # an incident that need not be reported
    NEAR_MISS = "near-miss"
    THREAT = "threat"


class State(StrEnum):
    """Where an incident stands."""

    OPEN = "open"
    HANDLED = "handled"  # by the entity: the clock of the final report after progress starts
    CLOSED = "closed"  # by the centre


class Channel(StrEnum):
    """How a report came in."""

    PORTAL = "portal"
    API = "api"
    PHONE = "phone"
    GUEST = "without-account"
    FORM = "offline-form"
    WBNI = "wbni"  # imported: made before the Cbw


_NEEDS: Final[dict[Stage, frozenset[Stage]]] = {
    Stage.INTERMEDIATE: frozenset({Stage.EARLY_WARNING, Stage.NOTIFICATION}),
    Stage.PROGRESS: frozenset({Stage.NOTIFICATION}),
    Stage.FINAL: frozenset({Stage.NOTIFICATION}),
    Stage.FINAL_AFTER_PROGRESS: frozenset({Stage.PROGRESS}),
}
_ENDS: Final = frozenset({Stage.FINAL, Stage.FINAL_AFTER_PROGRESS})


def open_stages(filed: Collection[Stage]) -> list[Stage]:
    """Return what can be filed now, in order. What was filed can be filed again: that makes a new version.

    A progress report stands in the place of the final one that was due (Cbw 29(2)); then the final comes after it.
    """
    done = frozenset(filed)
    found = [stage for stage in Stage if not _NEEDS.get(stage) or _NEEDS[stage] & done]
    if Stage.PROGRESS in done and Stage.FINAL not in done:
        found.remove(Stage.FINAL)
    if done & _ENDS:
        found = [stage for stage in found if stage is not Stage.PROGRESS or stage in done]
    duty = done - {Stage.VOLUNTARY}
    return [stage for stage in found if stage is not Stage.VOLUNTARY or not duty]


def next_stage(filed: Collection[Stage]) -> Stage | None:
    """Return the stage that the law asks next; nothing after a final report, or when the report was voluntary."""
    done = frozenset(filed)
    if done & _ENDS or (Stage.VOLUNTARY in done and len(done) == 1):
        return None
    order = (Stage.EARLY_WARNING, Stage.NOTIFICATION, Stage.FINAL)
    if Stage.PROGRESS in done:
        return Stage.FINAL_AFTER_PROGRESS
    if Stage.NOTIFICATION in done:  # holds what an early warning holds
        return Stage.FINAL
    return next((stage for stage in order if stage not in done), None)


def first_stage(classification: str) -> Stage:
    """Return what a new report of an organisation begins as: the duty to report is of essential and important ones."""
    return Stage.EARLY_WARNING if classification in {"essential", "important"} else Stage.VOLUNTARY


def may_file(actor: Actor) -> bool:
    """Somebody of an organisation files for it; an officer files what came by phone or on paper."""
    return bool(actor.acts_for) or may_handle(actor)


def may_handle(actor: Actor) -> bool:
    """Officers handle incidents: ask, judge, hand over, link, close."""
    return actor.has(CentreRole.OFFICER) and actor.kind in {Kind.PERSON, Kind.SYSTEM, Kind.TOKEN}


def may_see_desk(actor: Actor) -> bool:
    """Officers and analysts see every incident; an authority or sectoral CSIRT those of its sectors."""
    return actor.has(CentreRole.OFFICER, CentreRole.ANALYST) or bool(actor.sectors)
