"""A report of another state as JSON: the body of the API, or the same in a file."""

from typing import Any, Final

from pydantic import ValidationError

from dijkwacht.rooms.reporting.crossing.schemas import InboundIn
from dijkwacht.rooms.reporting.errors import InvalidValue

LARGEST: Final = 1024 * 1024  # bytes


def read(content: bytes) -> InboundIn:
    """Read a file. Raises InvalidValue: too large, no JSON, or not of the schema, naming the first place."""
    if len(content) > LARGEST:
        raise InvalidValue(field="file", reason_nl="hoogstens 1 MB", reason_en="at most 1 MB")
    try:
        return InboundIn.model_validate_json(content)
    except ValidationError as error:
        first: Any = error.errors()[0]
        place = ".".join(map(str, first["loc"]))[:100] or "JSON"
        raise InvalidValue(field=place, reason_nl=str(first["msg"])[:200], reason_en=str(first["msg"])[:200]) from error


def facts(body: InboundIn) -> dict[str, Any]:
    """Return the facts of a body as the record takes them."""
    whole = body.facts.model_dump(mode="json", by_alias=True)
    return {name: whole[name] for name in body.facts.model_fields_set if whole[name] is not None}
