"""A router for the tests: the smallest resource that shows paging, idempotency and errors."""

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status

from dijkwacht.api.doors import requires
from dijkwacht.api.idempotency import idempotent
from dijkwacht.api.paging import Page, PageQuery, paginate
from dijkwacht.platform.accounts.models import User

router = Router(tags=["testing"])
calls: list[str] = []


class Note(Schema):
    text: str
    weight: int = 1


class Person(Schema):
    email: str


@router.post("/testing/notes", auth=requires("registry:write"), response={201: Note})
@idempotent
def write(request: HttpRequest, body: Note) -> Status[dict[str, Any]]:
    calls.append(body.text)
    if body.text == "fail":
        raise RuntimeError("a secret of the inside")
    User.objects.create_user(f"{len(calls)}@notes.example")
    return Status(201, {"text": body.text, "weight": body.weight})


@router.get("/testing/people", auth=requires("registry:write"), response=Page[Person])
def people(request: HttpRequest, query: Query[PageQuery]) -> dict[str, Any]:
    return paginate(request, User.objects.filter(email__contains="@page."), query, order=("name", "id"))
