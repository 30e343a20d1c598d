"""What waits for a person at the centre. Each room says in its `waiting.py` what waits in it; the day shows it all."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from django.apps import apps
from django.urls import reverse
from django.utils.module_loading import module_has_submodule

from dijkwacht.kernel.actor import Actor
from dijkwacht.platform.accounts.permissions import allows


@dataclass(frozen=True)
class Waiting:
    """A pile of work: how much, what (a key of the catalogue), and where; no address for who may not open it."""

    count: int
    title: str
    address: str
    urgent: bool = False  # somebody outside waits, and a term runs


@dataclass(frozen=True)
class Pile:
    """Work of one sort. `permission` is that of the page that shows it."""

    title: str
    page: str
    permission: str
    count: Callable[[Actor], int]
    urgent: bool = False
    for_all: bool = False  # the number is told to whoever sees the day; else only to who may open the page

    def __call__(self, actor: Actor) -> Iterator[Waiting]:
        """The pile, as far as this actor may know of it."""
        opens = allows(actor, self.permission)
        if opens or self.for_all:
            yield Waiting(self.count(actor), self.title, reverse(self.page) if opens else "", self.urgent)


Source = Callable[[Actor], Iterator[Waiting]]


@cache
def _sources() -> tuple[Source, ...]:
    """What the rooms name in their `waiting.WAITING`. They are asked for late: what they count with is not light."""
    rooms = sorted(app.name for app in apps.get_app_configs() if module_has_submodule(app.module, "waiting"))
    return tuple(source for room in rooms for source in import_module(f"{room}.waiting").WAITING)


def piles(actor: Actor) -> list[Waiting]:
    """What waits for a person, as far as this actor may know of it: what is urgent first, what is empty last."""
    found = [waiting for source in _sources() for waiting in source(actor)]
    return sorted(found, key=lambda one: (not one.count, not one.urgent))
