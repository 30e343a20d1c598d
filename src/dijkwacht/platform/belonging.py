"""What becomes of an organisation's rows when two organisations turn out to be one.

A model with a column that names an organisation declares `when_joined`: for each such column MOVES, FOLLOWS a row that
moves, or STAYS with the reason. A house test fails on a column that says nothing: so no table is forgotten when two
organisations are joined. Which rows moved is noted by whoever joins, and `move_row` takes each back.
"""

from collections.abc import Iterator
from typing import Final

from django.apps import apps
from django.db import IntegrityError, models, transaction

MOVES: Final = "moves"
FOLLOWS: Final = "follows: "  # and the name of the relation whose row must be the other organisation's already
STAYS: Final = "stays: "  # and why
Model = type[models.Model]


def declared() -> dict[tuple[Model, str], str]:
    """Return what every model says of each of its columns that name an organisation."""
    return {
        (model, column): says
        for model in apps.get_models()
        for column, says in getattr(model, "when_joined", {}).items()
    }


def naming(model: Model) -> Iterator[str]:
    """Yield the columns of a model that name an organisation: links to it, and plain identifiers by their name."""
    owner = getattr(model, "row_owner", "")
    owners = {owner} if isinstance(owner, str) else set(owner)
    for field in model._meta.concrete_fields:
        target = field.related_model
        if isinstance(target, type) and target._meta.label == "registry.Organisation":
            yield field.attname
        elif isinstance(field, models.UUIDField) and not field.primary_key:
            spoken = any(word in field.attname for word in ("organisation", "relay", "member", "about"))
            if spoken or (field.attname in owners and field.attname != "account"):
                yield field.attname


def movers() -> list[tuple[Model, str, str]]:
    """Return model, column and relation (empty where none) of what moves; who follows comes after whom it follows."""
    found = [(model, column, says) for (model, column), says in declared().items() if not says.startswith(STAYS)]
    return [
        (model, column, "" if says == MOVES else says.removeprefix(FOLLOWS))
        for model, column, says in sorted(found, key=lambda one: one[2] != MOVES)
    ]


def move_all(model: Model, column: str, away: object, to: object, *, following: str = "") -> list[str]:
    """Let every row that names `away` in `column` name `to`; gives the keys of those that do.

    A row that `to` has already, by a constraint of its table, stays where it is.
    """
    rows: models.QuerySet[models.Model] = models.QuerySet(model).filter(**{column: away})
    if following:
        rows = rows.filter(**{f"{following}__organisation_id": to})
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    try:
        with transaction.atomic():
            models.QuerySet(model).filter(pk__in=keys).update(**{column: to})
    except IntegrityError:
        keys = [key for key in keys if move_row(model, column, key, away, to)]
    return [str(key) for key in keys]


def move_row(model: Model, column: str, key: object, away: object, to: object) -> bool:
    """Let one row that names `away` name `to`; False when it does not name `away` (any more), or may not name `to`."""
    try:
        with transaction.atomic():
            return bool(models.QuerySet(model).filter(pk=key, **{column: away}).update(**{column: to}))
    except IntegrityError:
        return False
