"""CycloneDX 1.2 to 1.7, SPDX 2.2 and 2.3 as JSON, and by its context SPDX 3.0."""

import json
import re
from collections.abc import Iterator
from json.decoder import JSONDecodeError, scanstring  # type: ignore[attr-defined]
from typing import Any, Final

from dijkwacht.kernel import strict_json
from dijkwacht.kernel.strict_json import Twice
from dijkwacht.rooms.advisories.inventory.errors import FileTooLong, TooLarge, UnknownForm, UnknownVersion, Unreadable
from dijkwacht.rooms.advisories.inventory.reading import decoded, spdx_graph
from dijkwacht.rooms.advisories.inventory.rules import LARGEST, MOST_LINES, Reading, Refusal, Source, shown, take

CYCLONEDX: Final = ("1.2", "1.3", "1.4", "1.5", "1.6", "1.7")  # what is read of a component is the same in all
SPDX: Final = ("SPDX-2.2", "SPDX-2.3")
NO_PRODUCT: Final = ("file", "data", "cryptographic-asset", "machine-learning-model")
DEEPEST: Final = 32
MOST_CONTAINERS: Final = 2_000_000  # objects and arrays: each costs some 100 bytes of memory
MOST_VALUES: Final = 6_000_000  # what commas part
SPACE: Final = re.compile(r"[ \t\r\n]*")


def read(content: bytes) -> Reading:
    """Read an SBOM. Raises TooLarge, FileTooLong, UnknownForm, Unreadable (with line and column)."""
    if content.count(b"{") + content.count(b"[") > MOST_CONTAINERS or content.count(b",") > MOST_VALUES:
        raise TooLarge(most=LARGEST >> 20)
    text = decoded(content)
    reading = _read(_parsed(text))
    return _placed(reading, text)


def _parsed(text: str) -> Any:
    try:
        return strict_json.loads(text)
    except JSONDecodeError as error:
        place = {"line": error.lineno, "column": error.colno}
        why = f"{error.name} staat twee keer in één object" if isinstance(error, Twice) else "de opmaak klopt niet"
        raise Unreadable(**place, form="JSON", why_en=error.msg, why_nl=why) from error
    except RecursionError as error:
        raise Unreadable(line=1, column=1, form="JSON", why_en="nested too deep", why_nl="te diep genest") from error
    except ValueError as error:
        why_en, why_nl = "a figure in it is none that JSON has", "er staat een getal in dat JSON niet kent"
        raise Unreadable(line=1, column=1, form="JSON", why_en=why_en, why_nl=why_nl) from error


def _read(document: Any) -> Reading:
    if not isinstance(document, dict):
        raise UnknownForm
    if document.get("bomFormat") == "CycloneDX" and document.get("specVersion") in CYCLONEDX:
        return _cyclonedx(document)
    if document.get("spdxVersion") in SPDX:
        return _spdx(document)
    if spdx_graph.is_graph(document):
        return spdx_graph.read(_list(Reading(Source.SPDX), document.get("@graph"), "@graph"))
    if document.get("bomFormat") == "CycloneDX":
        raise UnknownVersion(
            form="CycloneDX", version=shown(str(document.get("specVersion"))), known=", ".join(CYCLONEDX)
        )
    if "spdxVersion" in document:
        raise UnknownVersion(form="SPDX", version=shown(str(document["spdxVersion"])), known=", ".join(SPDX))
    raise UnknownForm


def _cyclonedx(document: dict[str, Any]) -> Reading:
    reading = Reading(Source.CYCLONEDX)
    metadata = document.get("metadata")
    main = metadata.get("component") if isinstance(metadata, dict) else None
    if isinstance(main, dict):
        reading.name = str(main.get("name") or "")[:200]
        _component(reading, main, "metadata.component")
    waiting = [(document.get("components"), "components", 0)]
    while waiting:
        components, place, depth = waiting.pop()
        for at, component in enumerate(_list(reading, components, place)):
            here = f"{place}[{at}]"
            if not isinstance(component, dict):
                reading.refuse(Refusal("not-object", place=here))
                continue
            _component(reading, component, here)
            if component.get("components"):
                if depth >= DEEPEST:
                    reading.refuse(Refusal("deep", place=here, whole=False))
                else:
                    waiting.append((component["components"], f"{here}.components", depth + 1))
    return reading


def _list(reading: Reading, value: Any, place: str) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list):
        reading.refuse(Refusal("not-object", place=place))
        return []
    if len(reading.entries) + len(value) > MOST_LINES:
        raise FileTooLong
    return value


def _component(reading: Reading, component: dict[str, Any], place: str) -> None:
    kind = component.get("type")
    if kind in NO_PRODUCT:
        reading.pass_over(kind)
        return
    supplier = component.get("supplier") or component.get("manufacturer")
    vendor = supplier.get("name") if isinstance(supplier, dict) else None
    words = {name: component.get(key) for name, key in (("product", "name"), ("version", "version"))}
    words |= {"cpe": component.get("cpe"), "purl": component.get("purl")}
    words["vendor"] = vendor or component.get("publisher") or component.get("group")
    take(reading, words, place=place)


def _spdx(document: dict[str, Any]) -> Reading:
    reading = Reading(Source.SPDX, name=str(document.get("name") or "")[:200])
    for at, package in enumerate(_list(reading, document.get("packages"), "packages")):
        here = f"packages[{at}]"
        if not isinstance(package, dict):
            reading.refuse(Refusal("not-object", place=here))
            continue
        if package.get("primaryPackagePurpose") == "FILE":
            reading.pass_over("file")
            continue
        words = {"product": package.get("name"), "version": package.get("versionInfo")}
        words["vendor"] = organisation(package.get("supplier")) or organisation(package.get("originator"))
        references = package.get("externalRefs")
        for reference in references if isinstance(references, list) else ():
            if isinstance(reference, dict):
                words |= outside(reference.get("referenceType"), reference.get("referenceLocator"), words)
        take(reading, words, place=here)
    return reading


def organisation(text: Any) -> str:
    """Return the name in "Organization: Example B.V. (info@example.nl)"; a person's name is not kept."""
    if not isinstance(text, str) or not text.startswith("Organization:"):
        return ""
    return text.removeprefix("Organization:").split("(", 1)[0].strip()


def outside(kind: Any, locator: Any, known: dict[str, Any]) -> dict[str, Any]:
    """Return what an external reference of SPDX says, when it is the first of its kind."""
    name = {"purl": "purl", "cpe23Type": "cpe", "cpe22Type": "cpe"}.get(str(kind).rpartition("#")[2].rpartition("/")[2])
    return {name: locator} if name and not known.get(name) else {}


def _placed(reading: Reading, text: str) -> Reading:
    """Give each refusal the line and column of its component. Only done where something was refused."""
    if not reading.refused:
        return reading
    starts = dict(_starts(text, {"components", "packages", "@graph"}))
    placed = []
    for refusal in reading.refused:
        head = re.match(r"(?:components|packages|@graph)\[\d+\]", refusal.place)
        at = starts.get(head.group()) if head else None
        if at is None:
            placed.append(refusal)
            continue
        line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
        placed.append(Refusal(refusal.code, line, column, refusal.place, refusal.shown, refusal.whole))
    reading.refused = placed
    return reading


def _starts(text: str, names: set[str]) -> Iterator[tuple[str, int]]:
    """Yield where each item of a list of the outermost object begins. The text is known to be JSON."""
    decode, at = json.JSONDecoder().raw_decode, _space(text, text.index("{") + 1)
    while text[at] == '"':
        name, at = scanstring(text, at + 1)
        at = _space(text, _space(text, at) + 1)
        if name in names and text[at] == "[":
            at = _space(text, at + 1)
            number = 0
            while text[at] != "]":
                yield f"{name}[{number}]", at
                at = _space(text, decode(text, at)[1])
                at = _space(text, at + 1) if text[at] == "," else at
                number += 1
            at += 1
        else:
            at = decode(text, at)[1]
        at = _space(text, at)
        if text[at] != ",":
            return
        at = _space(text, at + 1)


def _space(text: str, at: int) -> int:
    found = SPACE.match(text, at)
    return found.end() if found else at
