"""What a reporter's word weighs, by what became of earlier reports. Pure; nobody starts with any weight."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final, NamedTuple

HALF_LIFE: Final = 90.0  # days after which an outcome counts half
DOUBT: Final = 2.0  # outcomes that a newcomer is behind: one confirmed report gives a weight of a third


class Standing(NamedTuple):
    """How many reports of a source or a network were confirmed and refuted, decayed to `at`."""

    confirmed: float
    refuted: float
    at: datetime


class Word(NamedTuple):
    """One verified reporter's word: its own weight, and the network that it came from with that one's."""

    source: float
    network: str
    network_weight: float


def decayed(standing: Standing, now: datetime) -> Standing:
    """Let what is old count less."""
    share = 0.5 ** (max((now - standing.at).total_seconds(), 0.0) / 86_400 / HALF_LIFE)
    return Standing(standing.confirmed * share, standing.refuted * share, now)


def weight(standing: Standing, now: datetime) -> float:
    """Give the weight of a word, 0 to 1: the share that was right, less what is not known yet. Wrong counts double."""
    found = decayed(standing, now)
    return max(found.confirmed - found.refuted, 0.0) / (found.confirmed + found.refuted + DOUBT)


def unless_wrong(standing: Standing | None, now: datetime) -> float:
    """Give the weight of a network, or of a partner whom we know: 1 without a past, less for what was often wrong."""
    if standing is None:
        return 1.0
    found = decayed(standing, now)
    return (found.confirmed + DOUBT) / (found.confirmed + found.refuted + DOUBT)


def together(words: Iterable[Word]) -> tuple[float, int]:
    """Give the weight of many words and from how many networks it comes.

    A network speaks once, with its best voice: many addresses of one person in one place are one word.
    """
    best: dict[str, float] = {}
    for word in words:
        # What one network often got wrong pulls down whoever speaks from it; a network without a past does not.
        best[word.network] = max(best.get(word.network, 0.0), word.source * word.network_weight)
    heard = [one for network, one in best.items() if network and one > 0]
    return sum(heard), len(heard)
