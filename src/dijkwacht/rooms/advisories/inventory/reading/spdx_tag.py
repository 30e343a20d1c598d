"""SPDX 2.2 and 2.3 as tags and values, a line each."""

import re
from typing import Any, Final

from dijkwacht.rooms.advisories.inventory.errors import FileTooLong, UnknownForm, UnknownVersion
from dijkwacht.rooms.advisories.inventory.reading.sbom_json import SPDX, organisation, outside
from dijkwacht.rooms.advisories.inventory.rules import MOST_LINES, Reading, Source, shown, take

VERSION: Final = re.compile(r"^SPDXVersion:\s*(\S+)", re.MULTILINE)
TAG: Final = re.compile(r"([A-Za-z]+):\s*(.*)\Z")
ENDS: Final = ("FileName", "SnippetSPDXID", "LicenseID")  # what follows is no package any more


def read(text: str) -> Reading:
    """Read a document. Raises FileTooLong, UnknownForm."""
    stated = VERSION.search(text)
    if stated is None:
        raise UnknownForm
    if stated.group(1) not in SPDX:
        raise UnknownVersion(form="SPDX", version=shown(stated.group(1)), known=", ".join(SPDX))
    reading = Reading(Source.SPDX)
    package: dict[str, Any] | None = None
    line, inside = 0, False
    for number, raw in enumerate(text.splitlines(), 1):
        if inside or "<text>" in raw:  # a text over several lines says nothing that we read
            inside = "</text>" not in raw
            continue
        found = TAG.match(raw.strip())
        if found is None:
            continue
        tag, value = found.groups()
        if tag == "PackageName" or tag in ENDS:
            _close(reading, package, line)
            package, line = ({"product": value}, number) if tag == "PackageName" else (None, 0)
        elif tag == "DocumentName":
            reading.name = value[:200]
        elif package is not None:
            _add(package, tag, value)
    _close(reading, package, line)
    return reading


def _add(package: dict[str, Any], tag: str, value: str) -> None:
    if tag == "PackageVersion":
        package["version"] = value
    elif tag in {"PackageSupplier", "PackageOriginator"}:
        package["vendor"] = package.get("vendor") or organisation(value)
    elif tag == "PrimaryPackagePurpose":
        package["purpose"] = value
    elif tag == "ExternalRef" and len(parts := value.split()) == 3:  # noqa: PLR2004 - category, type, locator
        package.update(outside(parts[1], parts[2], package))


def _close(reading: Reading, package: dict[str, Any] | None, line: int) -> None:
    if package is None:
        return
    if package.get("purpose") == "FILE":
        reading.pass_over("file")
        return
    if len(reading.entries) >= MOST_LINES:
        raise FileTooLong
    take(reading, package, line=line, column=1)
