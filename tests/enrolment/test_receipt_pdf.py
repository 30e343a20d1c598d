"""The PDF receipt, read by a reader of our own: PDF/UA-1 (ISO 14289-1) as far as a program can tell.

No validator stands in our requirements; this reads the objects and asks what a screen reader needs of them. The same
file was held against pdfua 0.1.3 and outloud 0.2.1 (see the room's README).
"""

import re
import zlib
from datetime import UTC, datetime

import pytest

from dijkwacht.platform.receipts import Signer
from dijkwacht.rooms.enrolment import lists
from dijkwacht.rooms.enrolment.receipt_pdf import pdf

OBJECT = re.compile(rb"(\d+) 0 obj\b(.*?)\bendobj", re.DOTALL)
STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
REFERENCE = re.compile(rb"(\d+) 0 R")
ASSETS = [["prefix", "192.0.2.0/24"], ["asn", "64496"], ["domain", "debron.example"]]


def receipt(home, assets):
    body = {
        "number": "0b9ad2f2-6c0e-4d0e-9d0e-000000000001",
        "centre": "Centre",
        "organisation": {"name": "De Bron <B.V.>", "kvk": "68750110"},
        "contacts": [{"role": "security", "name": "Meldkamer", "email": "soc@debron.example", "phone": ""}],
        "assets": assets,
    }
    return Signer.of(home).sign(body, datetime(2026, 11, 25, 12, tzinfo=UTC))


class Read:
    """The objects of a PDF by number, those in compressed streams included."""

    def __init__(self, content: bytes) -> None:
        self.objects = {int(number): body for number, body in OBJECT.findall(content)}
        for body in [one for one in self.objects.values() if b"/ObjStm" in one]:
            self._unpack(body)

    def stream(self, body: bytes) -> bytes:
        raw = STREAM.search(body)[1]
        return zlib.decompress(raw) if b"/FlateDecode" in body else raw

    def _unpack(self, body: bytes) -> None:
        inside = self.stream(body)
        first = int(re.search(rb"/First (\d+)", body)[1])
        heads = list(map(int, inside[:first].split()))
        places = list(zip(heads[::2], heads[1::2], strict=True))
        for (number, start), (_, end) in zip(places, [*places[1:], (0, len(inside) - first)], strict=True):
            self.objects[number] = inside[first + start : first + end]

    def one(self, kind: bytes) -> bytes:
        (found,) = [body for body in self.objects.values() if re.search(rb"/Type\s*/" + kind + rb"\b", body)]
        return found

    def all(self, kind: bytes) -> list[bytes]:
        return [body for body in self.objects.values() if re.search(rb"/Type\s*/" + kind + rb"\b", body)]

    def roles(self) -> list[bytes]:
        """The structure elements in reading order."""
        found: list[bytes] = []

        def walk(body: bytes) -> None:
            kids = re.search(rb"/K\s*(\[.*?\]|\d+ 0 R)", body, re.DOTALL)
            for number in REFERENCE.findall(kids[1]) if kids else []:
                child = self.objects[int(number)]
                if role := re.search(rb"/S\s*/(\w+)", child):
                    found.append(role[1])
                    walk(child)

        walk(self.one(b"StructTreeRoot"))
        return found


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("assets", [ASSETS, {"count": 90_000, "sha256": lists.digest(ASSETS)}], ids=["few", "many"])
def test_the_receipt_is_tagged_titled_and_in_a_language(tmp_path, language, assets):
    read = Read(pdf(receipt(tmp_path, assets), language))
    catalogue = read.one(b"Catalog")
    assert re.search(rb"/Lang\s*\(" + language.encode(), catalogue)
    assert re.search(rb"/MarkInfo\s*<<[^>]*/Marked true", catalogue)
    assert re.search(rb"/DisplayDocTitle true", catalogue)
    metadata = read.stream(read.one(b"Metadata")).decode()
    assert 'pdfuaid:part="1"' in metadata  # as the seal writes it
    assert "0b9ad2f2" in metadata  # the title names the receipt
    for page in read.all(b"Page"):
        assert b"/StructParents" in page
        assert re.search(rb"/Tabs\s*/S", page)


def test_everything_on_the_receipt_stands_in_its_structure_and_headings_come_in_order(tmp_path):
    read = Read(pdf(receipt(tmp_path, ASSETS), "en"))
    roles = read.roles()
    assert roles.count(b"H1") == 1
    assert roles.count(b"H2") == 4  # organisation, contacts, claimed, proof
    assert roles.index(b"H1") < roles.index(b"H2")
    assert {b"L", b"LI", b"Lbl", b"LBody"} <= set(roles)
    assert roles.count(b"Lbl") == roles.count(b"LBody") == roles.count(b"LI")


def test_every_font_is_embedded_and_every_glyph_has_its_text(tmp_path):
    read = Read(pdf(receipt(tmp_path, ASSETS), "en"))
    described = read.all(b"FontDescriptor")
    assert described
    assert all(re.search(rb"/FontFile[23]?\b", one) for one in described)
    composed = [one for one in read.all(b"Font") if b"/Type0" in one]
    assert composed
    assert all(b"/ToUnicode" in one for one in composed)


def test_what_is_drawn_is_marked_as_content_or_as_decoration(tmp_path):
    read = Read(pdf(receipt(tmp_path, ASSETS), "en"))
    for page in read.all(b"Page"):
        content = read.stream(read.objects[int(re.search(rb"/Contents (\d+) 0 R", page)[1])])
        depth = 0
        for word in re.findall(rb"\b(BDC|BMC|EMC|Tj|TJ)\b", content):
            depth += {b"BDC": 1, b"BMC": 1, b"EMC": -1}.get(word, 0)
            assert depth > 0 or word == b"EMC"
        assert depth == 0
