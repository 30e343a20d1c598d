"""Who comes in when more come than can be served: a bounded number works, a bounded number waits, the rest hears so.

A line without bound serves nobody: everybody's answer comes after they gave up. Here a request waits a moment for its
turn or is sent away at once, by its rank: the lower the number, the sooner its turn and the longer it may wait. One
turn in `SHARE` is of whoever waits in the last rank, so that the desk can work on what comes in.
"""

import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

SHARE: Final = 8
WINDOW: Final = 5.0  # seconds over which pressure is counted


class Gate:
    """Lets `at_once` in, and lets `waiting` wait. `patience`: seconds that each rank waits, the first rank first.

    The last rank may fill half of the places to wait, the one before it three quarters, and so on; the first all.
    Safe between threads. Counts what it let in and sent away, by rank.
    """

    def __init__(self, at_once: int, waiting: int, patience: Sequence[float]) -> None:
        self._free = at_once
        self._waiting = waiting
        self._patience = tuple(patience)
        self._lines: tuple[deque[threading.Event], ...] = tuple(deque() for _ in patience)
        self._lock = threading.Lock()
        self._turns = 0
        self.let_in = [0] * len(patience)
        self.sent_away = [0] * len(patience)
        self._window, self._marks = time.monotonic(), (0, 0)
        self._pressure = 0.0

    @contextmanager
    def turn(self, rank: int) -> Iterator[bool]:
        """Wait for a turn and hold it; gives False when there is none."""
        given = self._take(rank)
        (self.let_in if given else self.sent_away)[rank] += 1
        try:
            yield given
        finally:
            if given:
                self._give()

    def pressure(self, now: float | None = None) -> float:
        """Return how many are sent away for each that is let in, over the last seconds: 0 when nobody is."""
        now = time.monotonic() if now is None else now
        with self._lock:
            let_in, sent_away = sum(self.let_in) - self._marks[0], sum(self.sent_away) - self._marks[1]
            latest = sent_away / max(1, let_in)
            if now - self._window >= WINDOW:
                self._window, self._marks = now, (sum(self.let_in), sum(self.sent_away))
                self._pressure = latest
            return max(self._pressure, latest)

    def _take(self, rank: int) -> bool:
        with self._lock:
            if self._free:
                self._free -= 1
                return True
            if sum(map(len, self._lines)) >= self._places(rank):
                return False
            mine = threading.Event()
            self._lines[rank].append(mine)
        if mine.wait(self._patience[rank]):
            return True
        with self._lock:
            if mine.is_set():  # in the very last moment
                return True
            self._lines[rank].remove(mine)
        return False

    def _places(self, rank: int) -> float:
        last = max(1, len(self._lines) - 1)
        return self._waiting * (1 - rank / last / 2)

    def _give(self) -> None:
        """Hand the turn to the next in line; when nobody waits it is free."""
        with self._lock:
            self._turns += 1
            lines = self._lines[::-1] if self._turns % SHARE == 0 else self._lines
            line = next((line for line in lines if line), None)
            if line is None:
                self._free += 1
            else:
                line.popleft().set()
