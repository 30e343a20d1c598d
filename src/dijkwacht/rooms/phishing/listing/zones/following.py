"""Both zones as the log says, and what changed lately in each: the same serial has the same content everywhere."""

import threading
from collections import Counter, OrderedDict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from dijkwacht.rooms.phishing.listing import rules
from dijkwacht.rooms.phishing.listing.about import Address
from dijkwacht.rooms.phishing.listing.formats.zone import hot_of
from dijkwacht.rooms.phishing.listing.zones.wire import Piece, Zone

LONGEST_MEMORY: Final = 100_000  # events: who missed more gets the whole zone
FULL, HOT = "full", "hot"


@dataclass(frozen=True, slots=True)
class LogEvent:
    """One event of the log."""

    serial: int
    added: bool
    at: datetime
    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Step:
    """What one event did to a zone: the names that went and came."""

    serial: int
    gone: tuple[str, ...]
    new: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What a follower lacks: from the serial that it has to the one that we have."""

    serial: int
    soa_before: bytes
    soa_now: bytes
    gone: list[Piece]
    new: list[Piece]


@dataclass(frozen=True, slots=True)
class Whole:
    """A zone at one moment."""

    serial: int
    soa: bytes
    ns: bytes
    pieces: list[Piece]


class Followed:
    """One zone and its memory. `memory` begins after `since`."""

    def __init__(self, zone: Zone) -> None:
        self.zone = zone
        self.since = 0
        self.memory: deque[Step] = deque()
        self.lock = threading.Lock()

    def step(self, serial: int, gone: Sequence[str], new: Sequence[str]) -> None:
        """Remember one event; a name that went and came within it did neither."""
        both = {*gone} & {*new}
        self.memory.append(
            Step(serial, tuple(one for one in gone if one not in both), tuple(one for one in new if one not in both))
        )
        self.zone.serial = serial
        while len(self.memory) > LONGEST_MEMORY:
            self.since = self.memory.popleft().serial

    def whole(self) -> Whole:
        """Give the zone as it is now."""
        with self.lock:
            return Whole(self.zone.serial, self.zone.soa(), self.zone.ns(), self.zone.pieces())

    def difference(self, held: int) -> Difference | None:
        """Give what happened since a serial as a follower has it, in one step; None when that is not known any more."""
        with self.lock:
            behind = (self.zone.serial - held) % rules.SERIALS
            before = self.zone.serial - behind
            if before < self.since:
                return None
            gone, new = _condensed(step for step in self.memory if step.serial > before)
            if 2 * (len(gone) + len(new)) > len(self.zone) + 1000:
                return None  # as much as the whole
            render = self.zone.render
            return Difference(
                self.zone.serial, self.zone.soa(before), self.zone.soa(), render(sorted(gone)), render(sorted(new))
            )


def _condensed(steps: Iterable[Step]) -> tuple[set[str], set[str]]:
    """Give what is gone and what is new after all steps (RFC 1995, 5)."""
    balance: Counter[str] = Counter()
    for step in steps:
        balance.update(step.new)
        balance.subtract(step.gone)
    return {name for name, by in balance.items() if by < 0}, {name for name, by in balance.items() if by > 0}


class Following:
    """The zone with everything, and the hot one with what came in the last hours of the log's own clock."""

    def __init__(self, zone: str, addresses: Sequence[Address], *, hot: timedelta, expected: int = 0) -> None:
        self.full = Followed(Zone(zone, addresses, expected=expected))
        self.hot = Followed(Zone(hot_of(zone), addresses))
        self.zones = {FULL: self.full, HOT: self.hot}
        self.hot_for = hot
        self.serial = 0
        self._new: OrderedDict[tuple[str, str], datetime] = OrderedDict()  # what the hot zone holds, oldest first

    def begin(self, serial: int, live: Iterable[tuple[str, str]], lately: Sequence[LogEvent]) -> None:
        """Take in what is live as of `serial`, and the events that led there, oldest first and without a gap.

        `lately` reaches back at least twice as long as the hot zone, or to the beginning of the log.
        """
        for kind, name in live:
            self.full.zone.add(kind, name)
        self.serial = self.full.zone.serial = self.hot.zone.serial = serial
        self._look_back(lately)
        first = lately[0].serial - 1 if lately else serial
        self.full.since = self.hot.since = first
        for event in lately:
            self._hot_step(event)
        if lately and first > 0:  # before this the hot zone of the past is not known
            known = lately[0].at + self.hot_for
            while self.hot.memory and lately[self.hot.memory[0].serial - first - 1].at < known:
                self.hot.since = self.hot.memory.popleft().serial
        while len(self.full.memory) > LONGEST_MEMORY:
            self.full.since = self.full.memory.popleft().serial

    def _look_back(self, lately: Sequence[LogEvent]) -> None:
        """Find what each past event did to the full zone, by undoing them from the newest on."""
        zone, steps = self.full.zone, []
        for event in reversed(lately):
            if not rules.in_dns(event.kind, event.name):
                steps.append(Step(event.serial, (), ()))
            elif event.added:
                steps.append(Step(event.serial, (), tuple(zone.remove(event.kind, event.name))))
            else:
                steps.append(Step(event.serial, tuple(zone.add(event.kind, event.name)), ()))
        for event in lately:
            if rules.in_dns(event.kind, event.name):
                (zone.add if event.added else zone.remove)(event.kind, event.name)
        self.full.memory.extend(reversed(steps))

    def apply(self, event: LogEvent) -> None:
        """Take in the next event of the log. Raises ValueError when one is missing before it."""
        if event.serial != self.serial + 1:
            raise ValueError(f"after {self.serial} came {event.serial}")
        with self.full.lock:
            zone = self.full.zone
            gone: list[str] = []
            new: list[str] = []
            if rules.in_dns(event.kind, event.name):
                if event.added:
                    new = zone.add(event.kind, event.name)
                else:
                    gone = zone.remove(event.kind, event.name)
            self.full.step(event.serial, gone, new)
        with self.hot.lock:
            self._hot_step(event)
        self.serial = event.serial

    def _hot_step(self, event: LogEvent) -> None:
        zone, key = self.hot.zone, (event.kind, event.name)
        gone: list[str] = []
        new: list[str] = []
        while self._new and next(iter(self._new.values())) < event.at - self.hot_for:
            old, _ = self._new.popitem(last=False)
            gone += zone.remove(*old)
        if rules.in_dns(*key):
            if event.added:
                self._new[key] = event.at
                new = zone.add(*key)
            elif self._new.pop(key, None) is not None:
                gone += zone.remove(*key)
        self.hot.step(event.serial, gone, new)
