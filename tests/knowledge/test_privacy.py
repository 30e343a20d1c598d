"""Figures reveal nobody: small cells are left out, none can be found by subtraction, noise does not average away."""

import math
import random
from collections import Counter

from dijkwacht.rooms.knowledge import privacy
from dijkwacht.rooms.knowledge.privacy import ALL, EPSILON, FEWEST, REST, Key

KEYS = [Key(number.to_bytes(4, "big") * 8, "2026-11-01") for number in range(4000)]
SECTORS = [f"1.{number}" for number in range(1, 12)]


def registers():
    """Three thousand invented registers: how many organisations answered in each sector."""
    chance = random.Random(6)
    return [
        {one: chance.choice((0, 3, 9, 10, 12, 40)) for one in SECTORS[: chance.randint(0, 11)]} for _ in range(3000)
    ]


def test_no_group_that_is_told_has_fewer_than_ten_and_what_is_left_over_neither():
    for sizes in registers():
        _none_small(sizes)


def _none_small(sizes):
    told = privacy.grouped(sizes)
    totals = Counter()
    for sector, group in told.items():
        totals[group] += sizes[sector]
    assert all(total >= FEWEST for group, total in totals.items() if group)
    left = sum(sizes.values()) - sum(total for group, total in totals.items() if group)
    published = any(group for group in told.values())
    assert not published or left == 0 or left >= FEWEST


def test_a_small_sector_takes_the_smallest_large_one_with_it():
    assert privacy.grouped({"1.1": 30, "1.2": 12, "1.5": 3}) == {"1.1": "1.1", "1.2": REST, "1.5": REST}


def test_a_group_of_nine_is_never_told_whatever_the_noise():
    assert {privacy.size(9, "x", key) for key in KEYS} == {None}
    assert {privacy.level(9, "x", key) for key in KEYS} == {0}


def test_asking_again_gives_the_same_answer_and_another_month_another():
    key = KEYS[0]
    assert {privacy.share(12, 30, "cell", key) for _ in range(100)} == {privacy.share(12, 30, "cell", key)}
    months = {Key(key.secret, f"2026-{month:02}-01").noise("cell") for month in range(1, 13)}
    assert len(months) > 1


def test_the_noise_is_two_sided_geometric():
    drawn = Counter(key.noise("cell") for key in KEYS)
    alpha = math.exp(-EPSILON)
    for value in (-2, -1, 0, 1, 2):
        expected = len(KEYS) * (1 - alpha) / (1 + alpha) * alpha ** abs(value)
        assert abs(drawn[value] - expected) < 5 * math.sqrt(expected)


def test_two_counts_that_differ_by_one_organisation_are_hard_to_tell_apart():
    """An answer shifts the odds between 20 and 21 by e^EPSILON at most, within what 4,000 draws show."""
    one, other = (Counter(20 + more + key.noise("c") for key in KEYS) for more in (0, 1))
    for value in range(16, 26):
        low, high = sorted((one[value], other[value]))
        slack = 5 * (math.sqrt(high) + 1)
        assert high <= math.exp(EPSILON) * low + slack


def test_shares_are_told_in_fives_and_their_ends_together():
    found = {privacy.share(part, 20, "c", key) for part in range(21) for key in KEYS[:100]}
    assert found <= set(range(10, 95, 5))


def test_all_is_no_sector():
    assert ALL not in privacy.grouped({"1.1": 30})
