"""From the bytes of a file, or a pasted text, to lines. Bounded in size, depth and number, whoever wrote it. Pure.

The libraries that validate a whole SBOM cost seconds for 2,000 components; here only what a match needs is read, and
each thing that cannot be taken over is named with its place. Formats: CSV (RFC 4180), CycloneDX (ECMA-424), SPDX 2.3
(ISO/IEC 5962) and 3.0.
"""

from dijkwacht.rooms.advisories.inventory.errors import TooLarge, UnknownForm, Workbook
from dijkwacht.rooms.advisories.inventory.rules import LARGEST, Reading

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # what xlsx and ods, and xls, begin with


def read(content: bytes) -> Reading:
    """Read a file by what stands in it, not by its name. Raises TooLarge, UnknownForm, Unreadable."""
    if len(content) > LARGEST:
        raise TooLarge(most=LARGEST >> 20)
    start = content[:2000].removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start:
        raise UnknownForm
    if start.startswith(b"{"):
        from dijkwacht.rooms.advisories.inventory.reading import sbom_json

        return sbom_json.read(content)
    if start.startswith(b"<"):
        from dijkwacht.rooms.advisories.inventory.reading import cyclonedx_xml

        return cyclonedx_xml.read(content)
    if start.startswith((ZIP, OLE)):
        raise Workbook if start.startswith(OLE) or b"xl/" in content or b"spreadsheet" in content else UnknownForm
    text = decoded(content)
    if "SPDXVersion:" in text[:4000]:
        from dijkwacht.rooms.advisories.inventory.reading import spdx_tag

        return spdx_tag.read(text)
    from dijkwacht.rooms.advisories.inventory.reading import lists

    return lists.read_csv(text)


def decoded(content: bytes) -> str:
    """Return the text of a file: UTF-8, UTF-16 with its mark, or else as Windows writes it here."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")
