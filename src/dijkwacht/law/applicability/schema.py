"""The published JSON Schema of input and output, with the codes of the tables in it."""

from datetime import date
from typing import Any, Final, Literal

from dijkwacht.law.applicability.answer import VERSION, Assessment
from dijkwacht.law.applicability.facts import Facts
from dijkwacht.law.applicability.rulebook import Rulebook

Kind = Literal["facts", "assessment"]
DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
MOST_ORGANISATIONS: Final = 10_000  # in one file


def json_schema(kind: Kind, book: Rulebook, on: date) -> dict[str, Any]:
    """Return the schema of the facts (one organisation or a list of them) or of the assessment."""
    schema = _facts(book, on) if kind == "facts" else Assessment.model_json_schema(mode="serialization")
    name = schema.pop("title")
    nested = schema.pop("$defs", {})
    one = {"$ref": f"#/$defs/{name}"}
    return {
        "$schema": DIALECT,
        "$id": f"urn:dijkwacht:schema:{kind}:{VERSION}",
        "title": f"Dijkwacht self-assessment: {kind}",
        "anyOf": [one, {"type": "array", "items": one, "minItems": 1, "maxItems": MOST_ORGANISATIONS}],
        "$defs": {**nested, name: {"title": name, **schema}},
    }


def _facts(book: Rulebook, on: date) -> dict[str, Any]:
    """Say which codes there are: types of entity, conditions and designations of a day."""
    schema = Facts.model_json_schema()
    parts = schema["properties"]
    parts["entity_types"] |= {"items": {"enum": _codes(book.types.as_of(on))}, "uniqueItems": True}
    parts["conditions"] = {
        key: value for key, value in parts["conditions"].items() if key in {"title", "description", "type"}
    } | {
        "additionalProperties": False,
        "properties": {
            row["code"]: {"type": ["boolean", "null"], "description": row["question_en"]}
            for row in book.conditions.as_of(on)
        },
    }
    listed = next(choice for choice in parts["designations"]["anyOf"] if choice.get("type") == "array")
    listed |= {"items": {"enum": _codes(book.designations.as_of(on))}, "uniqueItems": True}
    return schema


def _codes(rows: Any) -> list[str]:
    return [row["code"] for row in rows]
