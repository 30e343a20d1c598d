"""How often and how much: token buckets per address and per token, kept in each web process.

An installation with N web processes lets through at most N times the figures below; the database stays out of it, so
that a flood costs no connection.
"""

import math
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import ClassVar, Final
from weakref import WeakSet

WINDOW: Final = 60  # seconds in which a bucket fills
LARGEST_BODY: Final = 1 << 20  # bytes of JSON; streamed files have bounds of their own
BUCKETS_KEPT: Final = 50_000  # the least recently used are forgotten first


@dataclass(frozen=True, slots=True)
class Limit:
    """What a bucket answered: the quota per window, what is left, and the seconds until there is more."""

    name: str
    quota: int
    left: int
    wait: int

    @property
    def exceeded(self) -> bool:
        return self.left < 0

    def headers(self) -> dict[str, str]:
        """The fields of draft-ietf-httpapi-ratelimit-headers."""
        return {
            "RateLimit-Policy": f'"{self.name}";q={self.quota};w={WINDOW}',
            "RateLimit": f'"{self.name}";r={max(self.left, 0)};t={self.wait}',
        }


class Buckets:
    """Token buckets of one kind. Safe between threads."""

    made: ClassVar["WeakSet[Buckets]"] = WeakSet()  # every kind of this process

    def __init__(self, name: str, quota: int) -> None:
        self.name = name
        self.quota = quota
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()  # key -> (tokens left, when)
        self._lock = threading.Lock()
        Buckets.made.add(self)

    def take(self, key: str, cost: float = 1, now: float | None = None) -> Limit:
        """Take `cost` from the bucket of `key`. A refused request takes nothing, so waiting always helps."""
        now = time.monotonic() if now is None else now
        rate = self.quota / WINDOW
        with self._lock:
            level, since = self._levels.pop(key, (float(self.quota), now))
            level = min(self.quota, level + (now - since) * rate)
            granted = level >= cost
            self._levels[key] = (level - cost if granted else level, now)
            while len(self._levels) > BUCKETS_KEPT:
                self._levels.popitem(last=False)
        if granted:
            return Limit(self.name, self.quota, math.floor(level - cost), math.ceil((self.quota - level + cost) / rate))
        return Limit(self.name, self.quota, -1, max(1, math.ceil((cost - level) / rate)))

    def clear(self) -> None:
        with self._lock:
            self._levels.clear()


PER_ADDRESS: Final = Buckets("address", 1200)
PER_TOKEN: Final = Buckets("token", 600)
WRONG_TOKENS: Final = Buckets("wrong-tokens", 30)  # failed sign-ins at the API per address
