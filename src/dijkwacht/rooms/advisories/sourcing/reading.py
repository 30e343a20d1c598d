"""From the bytes of a file to items, whatever it is: CSAF through the check, all else by its parser. No Django."""

import re
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Final

from dijkwacht.data.statements import ProductStatement
from dijkwacht.feeds.advisories.bounds import CVE_ONLY, LARGEST
from dijkwacht.feeds.advisories.catalogue import Source
from dijkwacht.feeds.advisories.csaf.parse import item
from dijkwacht.feeds.advisories.model import Aside, Named, Parsed
from dijkwacht.feeds.advisories.parsing import PARSERS
from dijkwacht.feeds.advisories.recognise import kind_of
from dijkwacht.rooms.advisories.checking.incoming import check

# Whom a file is taken for where nobody says: by its kind; CSAF by the publisher that it names.
BY_KIND: Final = {
    "csaf": "csaf-files",
    "cve": "cve-list",
    "kev": "kev",
    "epss": "epss",
    "news": "news-files",
    "mail": "mailbox",
    "list": "log4shell",
}


NOT_VOUCHED: Final = frozenset(("hash", "unsigned"))  # kinds of what its bytes alone cannot make good


@dataclass(frozen=True, slots=True)
class File:
    """The bytes of one file or answer. `place`: its path or address, for whoever reads an error."""

    place: str
    raw: bytes
    mismatch: str = ""  # the hash that the source gives is not that of the bytes: what was expected
    unsigned: str = ""  # why its signature does not vouch for it as its provider's role asks

    @property
    def digest(self) -> str:
        """The SHA-256 of the bytes in hexadecimal."""
        return sha256(self.raw).hexdigest()


def read(file: File, source: Source, *, despite: bool = False) -> Parsed:
    """Read one file of a source. What cannot come in stands in `aside`. `despite`: a person takes an invalid one."""
    if file.mismatch and not despite:
        why = f"its hash is not the one that the source gives ({file.mismatch}): was it changed on its way?"
        return Parsed(aside=[Aside(place=file.place, findings=[why], raw=file.raw, kind="hash")])
    if file.unsigned and not despite:
        return Parsed(aside=[Aside(place=file.place, findings=[file.unsigned], raw=file.raw, kind="unsigned")])
    if len(file.raw) > LARGEST:
        why = f"it has {len(file.raw):,} bytes, at most {LARGEST:,} are read; ask the source to split it"
        return Parsed(aside=[Aside(place=file.place, findings=[why], kind=source.kind)])
    try:
        found = _parsed(file, source, despite=despite)
    except Exception as error:  # noqa: BLE001 - whatever a stranger's bytes do to a parser, the next file is read
        why = f"it could not be read: {type(error).__name__}: {error}"[:300]
        return Parsed(aside=[Aside(place=file.place, findings=[why], raw=file.raw, kind=source.kind)])
    for one in found.items:
        _own_names(one.vulnerabilities, source)
        one.vulnerabilities = one.vulnerabilities or [Named(name=_own(source, one.key), title=one.title, rank=3)]
        one.statements = [
            said if CVE_ONLY.match(said.vulnerability) else _owned(said, source) for said in one.statements
        ]
    return found


def _parsed(file: File, source: Source, *, despite: bool) -> Parsed:
    if source.kind == "csaf":
        return _csaf(file, source, despite=despite)
    return PARSERS[source.kind](file.raw, file.place)


def _csaf(file: File, source: Source, *, despite: bool) -> Parsed:
    checked = check(file.raw)
    findings = [*checked.findings, *_spoken_for(checked.document, source)] if checked.document else [*checked.findings]
    if findings and not (despite and checked.document):
        return Parsed(aside=[Aside(place=file.place, findings=findings, raw=file.raw, kind="csaf")])
    try:
        return Parsed(items=[item(checked.document, file.raw)])
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        why = f"it could not be read, also as it is: {type(error).__name__}: {error}"[:300]
        return Parsed(aside=[Aside(place=file.place, findings=[*findings, why], raw=file.raw, kind="csaf")])


def _spoken_for(document: dict[str, object], source: Source) -> list[str]:
    """A source speaks for its own publisher only: one that names another is not what it says it is."""
    namespace = namespace_of(document)
    if source.namespace and namespace.rstrip("/") != source.namespace.rstrip("/"):
        return [f"/document/publisher/namespace is {namespace[:80]!r}; this source speaks for {source.namespace} only"]
    return []


def namespace_of(document: dict[str, object]) -> str:
    """Give the namespace of the publisher of a CSAF document, or nothing."""
    head = document.get("document")
    publisher = head.get("publisher") if isinstance(head, dict) else None
    return str(publisher.get("namespace", "")) if isinstance(publisher, dict) else ""


def _own(source: Source, name: str) -> str:
    """A name that is no CVE id is the source's own: with its slug before it, no other source can mean the same."""
    return f"{source.slug}:{name}"[:200]


def _own_names(names: list[Named], source: Source) -> None:
    for one in names:
        if not CVE_ONLY.match(one.name):
            one.name = _own(source, one.name)


def _owned(said: ProductStatement, source: Source) -> ProductStatement:
    return replace(said, vulnerability=_own(source, said.vulnerability))


def source_of(file: File, known: dict[str, Source]) -> Source | None:
    """Say which source a file is of: by what stands in it. None: of none that we know."""
    kind = kind_of(file.raw, Path(file.place).name)
    if kind == "csaf":
        for one in known.values():  # the one that speaks for the publisher it names; a wrong name is found by `read`
            if one.kind == "csaf" and one.namespace and one.namespace.rstrip("/").encode() in file.raw:
                return one if _names(file.raw, one.namespace) else known.get("csaf-files")
    return known.get(BY_KIND.get(kind, ""))


def _names(raw: bytes, namespace: str) -> bool:
    """Tell whether the bytes name this publisher's namespace; the check decides, this only finds the source."""
    wanted = re.escape(namespace.rstrip("/").encode())
    return re.search(rb'"namespace"\s*:\s*"' + wanted + rb'/?"', raw) is not None
