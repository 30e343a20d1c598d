"""What provider-metadata.json must hold: section 7.1.7 of CSAF 2.0, and the schema that `csaf` carries of 2.1."""

import json
from functools import cache
from importlib.resources import files
from typing import Any, Final

URL: Final = {"type": "string", "format": "uri"}
JSON_URL: Final = {**URL, "pattern": r"\.json$"}
LABELS: Final = ["UNLABELED", "WHITE", "GREEN", "AMBER", "RED"]


def metadata_errors(metadata: dict[str, Any], version: str) -> list[str]:
    """Give what is wrong with provider metadata by the rules of its version, each with its place."""
    validator = _validator(version)
    if validator is None:
        return [f"/metadata_version is {version!r}, not 2.0 or 2.1"]
    return sorted(f"/{'/'.join(map(str, one.instance_path))}: {one.message}" for one in validator.iter_errors(metadata))


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "minItems": 1, "uniqueItems": True, "items": items}


def _version_2_0() -> dict[str, Any]:
    """Say in a schema what 7.1.7 and 3.2.1.8 (publisher) of CSAF 2.0 demand."""
    csaf = json.loads((files("csaf.csaf.v20") / "schema" / "csaf.json").read_bytes())
    feed = {
        "type": "object",
        "required": ["tlp_label", "url"],
        "properties": {"summary": {"type": "string"}, "tlp_label": {"enum": LABELS}, "url": JSON_URL},
    }
    rolie = {
        "type": "object",
        "required": ["feeds"],
        "properties": {"categories": _list(JSON_URL), "feeds": _list(feed), "services": _list(JSON_URL)},
    }
    spread = {"type": "object", "minProperties": 1, "properties": {"directory_url": URL, "rolie": rolie}}
    key = {
        "type": "object",
        "required": ["url"],
        "properties": {"fingerprint": {"type": "string", "pattern": "^[0-9a-fA-F]{40,}$"}, "url": URL},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "required": [
            "canonical_url",
            "last_updated",
            "list_on_CSAF_aggregators",
            "metadata_version",
            "mirror_on_CSAF_aggregators",
            "publisher",
            "role",
        ],
        "properties": {
            "canonical_url": {**URL, "pattern": r"/provider-metadata\.json$"},
            "distributions": _list(spread),
            "last_updated": {"type": "string", "format": "date-time"},
            "list_on_CSAF_aggregators": {"type": "boolean"},
            "metadata_version": {"const": "2.0"},
            "mirror_on_CSAF_aggregators": {"type": "boolean"},
            "public_openpgp_keys": {"type": "array", "items": key},
            "publisher": csaf["properties"]["document"]["properties"]["publisher"],
            "role": {"enum": ["csaf_publisher", "csaf_provider", "csaf_trusted_provider"]},
        },
    }


@cache
def _validator(version: str) -> Any:
    import jsonschema_rs

    if version == "2.0":
        return jsonschema_rs.Draft202012Validator(_version_2_0(), validate_formats=True)
    if version != "2.1":
        return None
    carried = files("csaf.csaf.v21csd04")
    csaf = _without_extensions(json.loads((carried / "schema" / "csaf.json").read_bytes()))
    schema = _inlined(json.loads((carried / "feed" / "provider.json").read_bytes()), csaf)
    schema["$defs"] = csaf["$defs"] | schema.get("$defs", {})  # the parts refer to these
    schema.pop("$schema")  # a dialect of its own that adds nothing to what is checked here
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True, retriever=_refused)


def _refused(uri: str) -> Any:
    raise LookupError(f"{uri}: a check asks no server")


def _without_extensions(held: Any) -> Any:
    """Leave out what has schemas of its own elsewhere: extensions, and scores."""
    if isinstance(held, list):
        return [_without_extensions(one) for one in held]
    if not isinstance(held, dict):
        return held
    if str(held.get("$ref", "")).startswith("https:"):
        return {}
    return {name: _without_extensions(value) for name, value in held.items()}


def _inlined(held: Any, csaf: dict[str, Any]) -> Any:
    """Put the parts of the schema of documents where they are referred to: only these few are needed of it."""
    if isinstance(held, list):
        return [_inlined(one, csaf) for one in held]
    if not isinstance(held, dict):
        return held
    place, at, pointer = str(held.get("$ref", "")).partition("#/")
    if place.startswith("https:") and at:
        found: Any = csaf
        for name in pointer.split("/"):
            found = found[name]
        return found
    return {name: _inlined(value, csaf) for name, value in held.items()}
