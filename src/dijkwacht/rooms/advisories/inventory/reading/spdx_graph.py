"""SPDX 3.0 as JSON-LD: a graph of elements that name each other. Source: SPDX 3.0.1, Core and Software profiles."""

import re
from collections.abc import Iterator
from typing import Any, Final

from dijkwacht.rooms.advisories.inventory.rules import Reading, Refusal, Source, take

CONTEXT: Final = re.compile(r"https://spdx\.org/rdf/3\.0(?:\.\d+)?/spdx-context\.jsonld")
NO_PRODUCT: Final = ("file", "data", "documentation", "model")
IDENTIFIERS: Final = {"cpe23": "cpe", "cpe22": "cpe", "packageUrl": "purl"}


def is_graph(document: dict[str, Any]) -> bool:
    """Tell whether it is a document of SPDX 3.0, by its context."""
    context = document.get("@context")
    named = context if isinstance(context, list) else [context]
    return any(isinstance(one, str) and CONTEXT.fullmatch(one) for one in named)


def read(elements: list[Any]) -> Reading:
    """Read the packages of a graph; who supplies one is an element of its own."""
    whole = [one for one in elements if isinstance(one, dict)]
    named = {str(one.get("spdxId")): str(one.get("name") or "") for one in whole if one.get("type") == "Organization"}
    about = next((one for one in whole if one.get("type") == "SpdxDocument"), {})
    reading = Reading(Source.SPDX, name=str(about.get("name") or "")[:200])
    for at, element in enumerate(elements):
        here = f"@graph[{at}]"
        if not isinstance(element, dict):
            reading.refuse(Refusal("not-object", place=here))
        elif element.get("type") == "software_Package":
            purpose = element.get("software_primaryPurpose")
            if purpose in NO_PRODUCT:
                reading.pass_over(str(purpose))
            else:
                take(reading, _words(element, named), place=here)
    return reading


def _words(package: dict[str, Any], named: dict[str, str]) -> dict[str, Any]:
    words = {"product": package.get("name"), "version": package.get("software_packageVersion")}
    makers = (_known(one, named) for one in _listed([package.get("suppliedBy")], package.get("originatedBy")))
    words["vendor"] = next((one for one in makers if one), "")
    words["purl"] = package.get("software_packageUrl")
    for one in _listed(package.get("externalIdentifier")):
        kind = IDENTIFIERS.get(str(one.get("externalIdentifierType"))) if isinstance(one, dict) else None
        if kind and not words.get(kind):
            words[kind] = one.get("identifier")
    return words


def _listed(*values: Any) -> Iterator[Any]:
    for value in values:
        yield from value if isinstance(value, list) else ()


def _known(one: Any, named: dict[str, str]) -> str:
    """The name of an organisation, by its identifier or in place; a person's name is not kept."""
    if isinstance(one, dict):
        return str(one.get("name") or "") if one.get("type") == "Organization" else ""
    return named.get(str(one), "")
