"""How soon a person looks at a campaign: pure."""

from math import log10
from typing import Final

BRAND: Final = 2.0  # people give a known name their password sooner
PACE: Final = 2.0  # for each tenfold of mails an hour
SCORE: Final = 1.0  # of the text model, at most: it ranks and decides nothing
WAIT: Final = 0.5  # for each hour, so that nothing stays for ever


def urgency(*, brand: bool, an_hour: int, score: float, hours: float) -> float:
    """Give a number: the higher, the sooner. `score`: 0 to 1. `hours`: how long it waits."""
    return BRAND * brand + PACE * log10(1 + an_hour) + SCORE * min(max(score, 0.0), 1.0) + WAIT * max(hours, 0.0)
