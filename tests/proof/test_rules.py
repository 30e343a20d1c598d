"""What follows a check, for every order of outcomes and every pause between them. Pure."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dijkwacht.rooms.proof import rules
from dijkwacht.rooms.proof.vocabulary import Method, Outcome, State, Verdict

PERIODS = rules.Periods(challenge=timedelta(days=30), recheck=timedelta(days=30), grace=timedelta(days=14))
START = datetime(2026, 11, 1, tzinfo=UTC)
LOOKS = st.lists(st.tuples(st.sampled_from(Outcome), st.integers(0, 60 * 24)), max_size=60)  # outcome, hours later


def history(looks, method=Method.DNS):
    """Every step, with its moment."""
    now = rules.Standing(State.OPEN, method, START, START + PERIODS.challenge)
    at, steps = START, []
    for outcome, hours in looks:
        if now.state not in {State.OPEN, State.PROPOSED, State.PROVEN}:
            break
        at += timedelta(hours=hours)
        step = rules.after(now, outcome, at, PERIODS)
        steps.append((at, outcome, now, step))
        now = step.standing
    return steps


@given(LOOKS)
def test_a_proof_is_never_lost_without_a_warning_and_the_time_of_grace(looks):
    for at, _, before, step in history(looks):
        if step.lost:
            assert before.warned_at is not None
            assert at - before.warned_at >= PERIODS.grace
            assert step.standing.failures >= 3
        if step.warn:
            assert step.standing.failures == 2
            assert at - before.failed_at >= rules.APART


@given(LOOKS)
def test_what_could_not_be_looked_at_changes_nothing_but_the_time(looks):
    for at, outcome, before, step in history(looks):
        if outcome is Outcome.TEMPORARY and not (before.state is State.OPEN and at >= before.ends_at):
            assert (step.standing.state, step.standing.failures, step.warn, step.lost) == (
                before.state,
                before.failures,
                False,
                False,
            )
            assert at <= step.standing.next_at <= at + rules.TRY_AGAIN


@given(LOOKS)
def test_only_a_match_proves_and_what_lives_is_looked_at_again(looks):
    for at, outcome, before, step in history(looks):
        if step.standing.state is State.PROVEN and before.state is not State.PROVEN:
            assert outcome is Outcome.MATCH
        if step.standing.state in {State.OPEN, State.PROPOSED, State.PROVEN}:
            assert at <= step.standing.next_at <= at + PERIODS.recheck
        else:
            assert step.standing.next_at is None


@given(LOOKS)
def test_an_open_challenge_ends_in_time_unless_a_person_has_it(looks):
    for at, outcome, before, step in history(looks):
        if at >= before.ends_at and before.state is State.OPEN and outcome not in {Outcome.MATCH, Outcome.PARTIAL}:
            assert step.standing.state is State.EXPIRED


@pytest.mark.parametrize(
    ("method", "other_shown", "expected"),
    [
        (Method.DNS, False, Verdict.STANDS),
        (Method.FILE, False, Verdict.STANDS),
        (Method.MAIL, False, Verdict.STANDS),
        (Method.WHOIS, False, Verdict.STANDS),
        (Method.PARENT, False, Verdict.PERSON),
        (Method.DNS, True, Verdict.PERSON),
        (Method.MAIL, True, Verdict.PERSON),
    ],
)
def test_the_rule_of_a_conflict(method, other_shown, expected):
    assert rules.verdict(method, other_shown=other_shown) is expected
