"""Whose personal data are kept no longer: each room hands in its table of terms, where values stand, how they go."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from django.apps import apps

from dijkwacht.law.tables import Row
from dijkwacht.rooms.registry.keeping import table
from dijkwacht.rooms.registry.keeping.moments import Place, filled

Taking = Callable[[Row, Sequence[Any]], None]  # a term, and the keys of its rows: take the values out


@dataclass(frozen=True)
class Holding:
    """The personal data of one room: `app` is its label, `folder` holds retention.toml and not_personal.toml.

    `longest`: the row of law/tables/retention.toml that no term may exceed. `place`: where the values of a term stand.
    `takes`: by model and field how values go where emptying a column is not enough.
    """

    app: str
    folder: Path
    longest: str
    place: Callable[[Row], Place]
    takes: dict[tuple[str, str], Taking] = field(default_factory=dict)

    @property
    def terms(self) -> tuple[Row, ...]:
        """The rows of its table. Raises InvalidTable when it is not in order."""
        return table.terms(self.folder, self.longest)

    @property
    def not_personal(self) -> dict[str, frozenset[str]]:
        """By model the fields that say nothing about a person."""
        return table.not_personal(self.folder)

    def personal(self, model: str) -> list[str]:
        """The fields of a model that its table names, each once."""
        return list(dict.fromkeys(row["field"] for row in self.terms if row["model"] == model))


def plain(app: str, folder: Path, longest: str, written: Mapping[str, str]) -> Holding:
    """Return the holding of a room whose values each stand in a column of their own.

    `written`: SQL of the moment from which a term counts, of the row `r`, by "Model", or by "Model.field" where that
    field was written at another moment.
    """

    def place(term: Row) -> Place:
        model = apps.get_model(app, term["model"])
        moment = written.get(f"{term['model']}.{term['field']}") or written[term["model"]]
        holds = "true" if term["then"] == "remove" else filled(model, term)
        return Place(model, model._meta.db_table, moment, holds)

    return Holding(app, folder, longest, place)


_KNOWN: Final[dict[str, Holding]] = {}


def register(holding: Holding) -> None:
    """Take a room in, when the system starts. Raises InvalidTable when its table is not in order."""
    codes = {row["code"] for known in _KNOWN.values() if known.app != holding.app for row in known.terms}
    for row in holding.terms:
        if row["code"] in codes:
            raise table.twice(row, holding.app)
    _KNOWN[holding.app] = holding


def every() -> tuple[Holding, ...]:
    """Return all of them, in the order in which they came."""
    return tuple(_KNOWN.values())


def of(app: str) -> Holding:
    """Return that of one room. Raises KeyError."""
    return _KNOWN[app]
