"""Lists in pages: a signed cursor that means something to this list and this actor only."""

import json
from collections.abc import Callable, Sequence
from typing import Any, Final, Generic, TypeVar

from django.core import signing
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from ninja import Field, Schema

from dijkwacht.api import errors
from dijkwacht.platform.accounts.permissions import actor_of

DEFAULT: Final = 50
LARGEST: Final = 200
T = TypeVar("T")
M = TypeVar("M", bound=Model)


class PageQuery(Schema):
    """The query of a list; a list with filters subclasses it."""

    limit: int = Field(DEFAULT, ge=1, le=LARGEST, description="How many items at most.")
    cursor: str | None = Field(None, max_length=1000, description="Where to go on; taken from `next`.")


class Page(Schema, Generic[T]):
    """One page; `next` is the address of the following one, or null at the end."""

    items: list[T]
    next: str | None = None


def paginate(
    request: HttpRequest,
    rows: QuerySet[M],
    query: PageQuery,
    *,
    order: Sequence[str],
    show: Callable[[M], Any] = lambda row: row,
) -> dict[str, Any]:
    """One page of `rows` as `Page` expects it.

    `order` names columns that are never null, all ascending or all descending ("-seen_at", "-id"), the last one
    unique. Rows added or removed meanwhile neither repeat nor hide others. Raises InvalidCursor.
    """
    salt = f"cursor:{request.path}:{actor_of(request).id}:{','.join(order)}"
    if query.cursor:
        rows = rows.filter(_after(rows, order, _open(query.cursor, salt, len(order))))
    found = list(rows.order_by(*order)[: query.limit + 1])
    following = None
    if len(found) > query.limit:
        found = found[: query.limit]
        following = _address(request, _seal([getattr(found[-1], name.lstrip("-")) for name in order], salt))
    request.next_page = following  # type: ignore[attr-defined]
    return {"items": [show(row) for row in found], "next": following}


def _seal(values: list[Any], salt: str) -> str:
    return signing.dumps(json.dumps(values, cls=DjangoExactEncoder), salt=salt, compress=True)


def _open(cursor: str, salt: str, length: int) -> list[Any]:
    try:
        values: list[Any] = json.loads(signing.loads(cursor, salt=salt))
    except (signing.BadSignature, ValueError) as error:
        raise errors.InvalidCursor from error
    if len(values) != length:
        raise errors.InvalidCursor
    return values


class DjangoExactEncoder(DjangoJSONEncoder):
    """Writes a time with its microseconds, which Django's own encoder cuts off."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if hasattr(o, "isoformat") else super().default(o)


def _after(rows: QuerySet[Any], order: Sequence[str], values: list[Any]) -> Q:
    """The rows that follow `values`: a greater first column, or an equal one and a greater second, and so on.

    That the first column is not smaller follows from it, and is said besides: there an index starts. From the rest
    alone it would start at the first row of all, and a page would cost more the further it is.
    """
    beyond = "lt" if order[0].startswith("-") else "gt"
    condition, equal, start = Q(), Q(), Q()
    for name, value in zip((column.lstrip("-") for column in order), values, strict=True):
        try:
            typed = _column(rows, name).to_python(value)
        except ValidationError as error:
            raise errors.InvalidCursor from error
        condition |= equal & Q(**{f"{name}__{beyond}": typed})
        start = start or Q(**{f"{name}__{beyond}e": typed})
        equal &= Q(**{name: typed})
    return start & condition


def _column(rows: QuerySet[Any], name: str) -> Any:
    """The field behind a column, or behind an annotation of that name."""
    annotated = rows.query.annotations.get(name)
    return annotated.output_field if annotated is not None else rows.model._meta.get_field(name)


def _address(request: HttpRequest, cursor: str) -> str:
    query = request.GET.copy()
    query["cursor"] = cursor
    return f"{request.path}?{query.urlencode()}"
