"""What holds for every route, added to the OpenAPI description: problems, limits, idempotency."""

from typing import Any, Final

from dijkwacht.api import problems

SCHEMA: Final = {
    "title": "Problem",
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["location", "field", "message"],
                "properties": {name: {"type": "string"} for name in ("location", "field", "message")},
            },
        },
    },
}
REFUSED: Final = {
    "description": "A problem (RFC 9457); its `type` address explains it.",
    "content": {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
KEY: Final = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    "description": "The same key with the same request gives the first answer again, for 24 hours.",
}


def complete(schema: Any) -> Any:
    """Add to each operation that it may be refused, and what its security asks."""
    schema["components"].setdefault("schemas", {})["Problem"] = SCHEMA
    for operations in schema["paths"].values():
        for method, operation in operations.items():
            operation["responses"].setdefault("4XX", REFUSED)
            operation["responses"].setdefault("5XX", REFUSED)
            if method == "post":
                operation["parameters"] = [*operation["parameters"], KEY]
    return schema
