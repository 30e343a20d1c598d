"""The description of the API as a page to read: every operation and every form, made from the OpenAPI document."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dijkwacht.api.shell import api
from dijkwacht.platform.accounts.permissions import public_page

SCHEMAS: Final = "#/components/schemas/"


@require_safe
@public_page("describes the API, as its OpenAPI document does")
def page(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/reference.html", _contents())


@cache
def _contents() -> dict[str, Any]:
    """What the page shows: the operations by room, and the forms they use."""
    document = api.get_openapi_schema()
    rooms: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            rooms[(operation.get("tags") or ["api"])[0]].append(_operation(path, method, operation))
    forms = [_form(name, schema) for name, schema in sorted(document["components"]["schemas"].items())]
    return {"version": document["info"]["version"], "rooms": dict(rooms), "forms": forms}


def _operation(path: str, method: str, operation: Mapping[str, Any]) -> dict[str, Any]:
    body = operation.get("requestBody", {}).get("content", {})
    answers = {
        status: list(_words(content["schema"]))
        for status, answer in operation["responses"].items()
        for content in answer.get("content", {}).values()
    }
    return {
        "id": operation["operationId"],
        "method": method.upper(),
        "path": path,
        "description": operation.get("description", ""),
        "parameters": [
            {**given, "words": list(_words(given["schema"]))}
            for given in operation.get("parameters", ())
            if given["name"] != "Idempotency-Key"  # the same for every POST: said once
        ],
        "body": [list(_words(content["schema"])) for content in body.values()],
        "answers": answers,
    }


def _form(name: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    required = schema.get("required", ())
    fields = [
        {
            "name": field,
            "words": list(_words(given)),
            "required": field in required,
            "description": given.get("description", ""),
        }
        for field, given in schema.get("properties", {}).items()
    ]
    return {"name": name, "description": schema.get("description", ""), "fields": fields}


def _words(schema: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """A schema in words: pairs of a text and the form that it links to, if any."""
    if "$ref" in schema:
        name = schema["$ref"].removeprefix(SCHEMAS)
        yield name, name
    elif choices := schema.get("anyOf"):
        for number, choice in enumerate(choices):
            if number:
                yield " | ", ""
            yield from _words(choice)
    elif schema.get("type") == "array":
        yield "[ ", ""
        yield from _words(schema.get("items", {}))
        yield " ]", ""
    elif "enum" in schema:
        yield " | ".join(str(one) for one in schema["enum"]), ""
    else:
        yield _simple(schema), ""


def _simple(schema: Mapping[str, Any]) -> str:
    bounds = {"minimum": "≥ {}", "maximum": "≤ {}", "minLength": "≥ {} chars", "maxLength": "≤ {} chars"}
    said = [text.format(schema[name]) for name, text in bounds.items() if name in schema]
    kind = schema.get("format") or schema.get("type") or "any"
    return f"{kind} ({', '.join(said)})" if said else str(kind)
