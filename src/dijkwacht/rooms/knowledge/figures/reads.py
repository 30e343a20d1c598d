"""Figures of groups of organisations as they may be told: those of the latest month that was made."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Max

from dijkwacht.rooms.knowledge import privacy
from dijkwacht.rooms.knowledge.figures.models import Cell

HAPPENS = "happens"
COUNT = "n"


@dataclass(frozen=True, slots=True)
class Benchmark:
    """How a group answered. `group`: a sector, "rest" or "all"; `about`: how many, in fives; shares in per cent."""

    month: date
    group: str
    about: int
    shares: dict[str, int]


def first_sector(sectors: Sequence[str]) -> str:
    """Return the one sector in which an organisation counts: its first, without the subsector ("1.1a" is "1.1")."""
    return str(sectors[0]).rstrip("abcdefghijklmnopqrstuvwxyz") if sectors else "none"


def benchmark(instrument: str, sectors: Sequence[str]) -> Benchmark | None:
    """Return how the sector of an organisation answered, else all; None where nothing may be told."""
    table = f"scan:{instrument}"
    month = Cell.objects.filter(table=table).aggregate(last=Max("month"))["last"]
    if month is None:
        return None
    for group in (first_sector(sectors), privacy.ALL):
        cells = dict(Cell.objects.filter(table=table, month=month, group=group).values_list("key", "value"))
        if COUNT in cells:
            return Benchmark(month, group, cells.pop(COUNT), cells)
    return None


def levels(sectors: Sequence[str]) -> dict[str, int]:
    """Return by measure how often what it prevents happens in the sector: 1 several, 2 many; the rest is not told."""
    month = Cell.objects.filter(table=HAPPENS).aggregate(last=Max("month"))["last"]
    cells = Cell.objects.filter(table=HAPPENS, month=month, group=first_sector(sectors))
    return {key: min(value, 2) for key, value in cells.values_list("key", "value") if value}
