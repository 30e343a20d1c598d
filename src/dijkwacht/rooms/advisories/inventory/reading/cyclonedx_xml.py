"""CycloneDX 1.2 to 1.7 as XML, read as a stream. A document type declaration is refused: no entity is ever expanded."""

from typing import Final
from xml.parsers import expat

from dijkwacht.rooms.advisories.inventory.errors import FileTooLong, UnknownForm, UnknownVersion, Unreadable
from dijkwacht.rooms.advisories.inventory.reading.sbom_json import CYCLONEDX, NO_PRODUCT
from dijkwacht.rooms.advisories.inventory.rules import MOST_LINES, Reading, Source, shown, take

SPACE: Final = "http://cyclonedx.org/schema/bom/"
DEEPEST: Final = 100
LONGEST: Final = 2_000  # characters of one value that matters
# What is read of a component, by its way down from there
WANTED: Final = {
    ("name",): "product",
    ("version",): "version",
    ("publisher",): "publisher",
    ("group",): "group",
    ("cpe",): "cpe",
    ("purl",): "purl",
    ("supplier", "name"): "supplier",
    ("manufacturer", "name"): "manufacturer",
}


class _Refused(Exception):
    """Something no bill of materials has, such as a declaration of entities."""


class _Reader:
    """Takes the events of the parser; keeps the open elements and the components that are not closed yet."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.characters
        self.parser.StartDoctypeDeclHandler = self.refuse
        self.parser.EntityDeclHandler = self.refuse
        self.reading = Reading(Source.CYCLONEDX)
        self.path: list[str] = []
        self.text: list[str] | None = None
        self.length = 0
        # per open component: how deep it stands, its words, its type, its line and column
        self.open: list[tuple[int, dict[str, str], str, int, int]] = []

    def refuse(self, *_: object) -> None:
        raise _Refused("a DOCTYPE or ENTITY, which a bill of materials does not have")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        space, _, name = tag.rpartition(" ")
        if not self.path:
            _known(space, name)
        if len(self.path) >= DEEPEST:
            raise _Refused("nested deeper than 100 levels")
        self.path.append(name)
        if name == "component":
            at = (self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1)
            self.open.append((len(self.path), {}, attributes.get("type", ""), *at))
        elif self.open and self._field():
            self.text, self.length = [], 0

    def _field(self) -> str:
        return WANTED.get(tuple(self.path[self.open[-1][0] :]), "")

    def characters(self, data: str) -> None:
        if self.text is not None and self.length <= LONGEST:
            self.text.append(data)
            self.length += len(data)

    def end(self, _: str) -> None:
        if self.open and self.open[-1][0] == len(self.path):
            self._close()
        elif self.text is not None and (name := self._field()):
            self.open[-1][1].setdefault(name, "".join(self.text).strip())
            self.text = None
        self.path.pop()

    def _close(self) -> None:
        _, said, kind, line, column = self.open.pop()
        if kind in NO_PRODUCT:
            self.reading.pass_over(kind)
            return
        if len(self.reading.entries) >= MOST_LINES:
            raise FileTooLong
        vendor = next((said[name] for name in ("supplier", "manufacturer", "publisher", "group") if said.get(name)), "")
        if not self.open and self.path[:3] == ["bom", "metadata", "component"]:
            self.reading.name = said.get("product", "")[:200]
        take(self.reading, {**said, "vendor": vendor}, line=line, column=column, place="component")


def _known(space: str, name: str) -> None:
    """Look at the outermost element. Raises UnknownForm, UnknownVersion."""
    if name != "bom" or not space.startswith(SPACE):
        raise UnknownForm
    version = space.removeprefix(SPACE)
    if version not in CYCLONEDX:
        raise UnknownVersion(form="CycloneDX", version=shown(version), known=", ".join(CYCLONEDX))


def read(content: bytes) -> Reading:
    """Read a bill of materials. Raises FileTooLong, UnknownForm, Unreadable (with line and column)."""
    reader = _Reader()
    try:
        reader.parser.Parse(content, True)
    except (expat.ExpatError, _Refused) as error:
        line, column = reader.parser.CurrentLineNumber, reader.parser.CurrentColumnNumber + 1
        why = expat.errors.messages[error.code] if isinstance(error, expat.ExpatError) else str(error)
        raise Unreadable(line=line, column=column, form="XML", why_en=why, why_nl="de opmaak klopt niet") from error
    return reader.reading
