"""A value of a row that stands encrypted, bound to its table, row and column: read and set like any other."""

from typing import Any, overload

from django.db import models

from dijkwacht.platform.crypto.house import open_json, seal_json


class Sealed:
    """JSON in the binary column `<name>_sealed` of its model; empty there: None. The row's identifier must be known."""

    def __set_name__(self, owner: type[models.Model], name: str) -> None:
        self.column = f"{name}_sealed"

    @overload
    def __get__(self, row: None, owner: type[models.Model]) -> "Sealed": ...
    @overload
    def __get__(self, row: models.Model, owner: type[models.Model]) -> Any: ...
    def __get__(self, row: models.Model | None, owner: type[models.Model]) -> Any:
        if row is None:
            return self
        held = getattr(row, self.column)
        return open_json(bytes(held), **self._place(row)) if held else None

    def __set__(self, row: models.Model, value: Any) -> None:
        setattr(row, self.column, b"" if value is None else seal_json(value, **self._place(row)))

    def _place(self, row: models.Model) -> dict[str, Any]:
        return {"table": row._meta.db_table, "row": row.pk, "column": self.column}
