"""The pure decisions of this room: what may follow what, who is told when, what is unusual."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

CRITICAL: Final = 4
LOW: Final = 1


class Answer(StrEnum):
    """What a receiver can answer to a notice."""

    FIXED = "fixed"
    WORKING = "working"
    NOT_OURS = "not-ours"
    FALSE_ALARM = "false-alarm"
    WRONG_CONTACT = "wrong-contact"


# (state, answer) -> next state. What is absent changes nothing: a wrong contact says nothing of the finding.
_AFTER_ANSWER: Final = {
    Answer.FIXED: "resolved",
    Answer.WORKING: "acknowledged",
    Answer.NOT_OURS: "disputed",
    Answer.FALSE_ALARM: "disputed",
}
_LIVE: Final = frozenset({"open", "acknowledged", "disputed", "reopened"})


def state_after(state: str, answer: Answer) -> str:
    """The state of a finding after an answer. "working on it" does not reopen what was already resolved."""
    after = _AFTER_ANSWER.get(answer, state)
    return state if after == "acknowledged" and state not in _LIVE else after


def needs_a_person(answer: Answer) -> bool:
    """True where the centre must look: the registry or the feed may be wrong."""
    return answer in {Answer.NOT_OURS, Answer.FALSE_ALARM, Answer.WRONG_CONTACT}


@dataclass(frozen=True)
class Preference:
    """What a contact wants. Times are local to the centre; a window may run past midnight."""

    minimum_severity: int
    rhythm: str  # run, daily, weekly
    quiet_from: dt.time | None = None
    quiet_to: dt.time | None = None
    unsubscribed: frozenset[str] = frozenset()


def quiet_until(preference: Preference, now: dt.datetime) -> dt.datetime | None:
    """The end of the quiet hours that `now` (local, aware) falls in, or None when it falls in none."""
    start, end = preference.quiet_from, preference.quiet_to
    if start is None or end is None or start == end:
        return None
    time = now.timetz().replace(tzinfo=None)
    inside = start <= time < end if start < end else (time >= start or time < end)
    if not inside:
        return None
    day = now.date() if time < end else now.date() + dt.timedelta(days=1)
    return dt.datetime.combine(day, end, tzinfo=now.tzinfo)


def optional(*, severity: int, urgent: bool) -> bool:
    """Whether a receiver may unsubscribe from it: a kind that is not urgent, with a finding no worse than low."""
    return severity <= LOW and not urgent


def worth_telling(preference: Preference, *, severity: int, urgent: bool, kind: str) -> bool:
    """Whether a contact wants to hear of a finding. An urgent kind is told whatever its severity says.

    Unsubscribing silences a kind only while it is optional: who unsubscribed from an open port hears of the break-in.
    """
    if urgent or severity >= CRITICAL:
        return True
    if kind in preference.unsubscribed and optional(severity=severity, urgent=urgent):
        return False
    return severity >= preference.minimum_severity


def waits_for_digest(preference: Preference, *, severity: int, urgent: bool) -> bool:
    """Whether it can wait for the contact's day or week; what is critical or urgent never waits."""
    return preference.rhythm != "run" and severity < CRITICAL and not urgent


@dataclass(frozen=True)
class Ceilings:
    """Past these a run is unusual and waits for an officer. Numbers of notices, findings, receivers."""

    findings_per_notice: int = 5_000
    notices_per_run: int = 2_000
    notices_per_receiver_and_day: int = 20
    same_text_per_hour: int = 2_000
    times_usual: float = 5.0  # findings of this feed and type in one batch, against the median of its last batches
    usual_at_least: int = 200  # below this many findings nothing is unusual


def unusual(ceilings: Ceilings, *, findings: int, recent: list[int]) -> bool:
    """Whether `findings` is far more than the median of `recent` batches of the same feed and type."""
    if findings < ceilings.usual_at_least or not recent:
        return False
    median = sorted(recent)[len(recent) // 2]
    return findings > ceilings.times_usual * max(median, 1)


_BETTER: Final = ("pending", "refused", "no-contact", "below-threshold", "digest", "held", "told")


def better_outcome(one: str, other: str) -> str:
    """The better of two things that happened to an event: told to one receiver outweighs refused for another."""
    return max(one, other, key=_BETTER.index)
