"""A PDF of ours carries a signature that a stranger's program checks: pyHanko here, a PDF reader elsewhere."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from dijkwacht.platform import pdf
from dijkwacht.platform.sealing import Sealer, SealNotUsable

TEMPLATE = '#set document(title: "One")\n= #json(bytes(sys.inputs.data)).title\n'
AT = datetime(2026, 11, 26, tzinfo=UTC)


@pytest.fixture
def page(tmp_path):
    template = tmp_path / "page.typ"
    template.write_text(TEMPLATE)
    return pdf.compiled(template, {"title": "#panic() <x>"}, AT)


def checked(content: bytes, sealer: Sealer):
    from cryptography.hazmat.primitives.serialization import Encoding

    (ours,) = load_certs_from_pemder_data(sealer.certificate().public_bytes(Encoding.PEM))
    (signature,) = PdfFileReader(BytesIO(content)).embedded_signatures
    return validate_pdf_signature(signature, ValidationContext(trust_roots=[ours]))


def test_the_seal_of_an_installation_is_made_once_and_holds_for_the_whole_file(tmp_path, page):
    sealer = Sealer.of(tmp_path, "Centre")
    status = checked(pdf.sealed(page, Sealer.of(tmp_path, "Centre")), sealer)
    assert (status.intact, status.valid, status.trusted) == (True, True, True)
    assert status.coverage.name == "ENTIRE_FILE"
    assert (tmp_path / "secrets" / "pdf-seal.p12").stat().st_mode & 0o077 == 0


def test_a_changed_byte_breaks_it_and_another_installation_is_not_trusted(tmp_path, page):
    content = pdf.sealed(page, Sealer.of(tmp_path, "Centre"))
    place = content.index(b"/Title")
    changed = content[: place + 8] + bytes([content[place + 8] ^ 1]) + content[place + 9 :]
    assert not checked(changed, Sealer.of(tmp_path, "Centre")).intact
    assert not checked(content, Sealer.of(tmp_path / "other", "Centre")).trusted


def test_an_installation_brings_its_own_certificate(tmp_path, page):
    from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12

    own = pkcs12.load_pkcs12(Sealer.of(tmp_path, "Ministry").content, None)
    file = tmp_path / "seal.p12"
    assert own.cert is not None
    how = BestAvailableEncryption(b"open")
    file.write_bytes(pkcs12.serialize_key_and_certificates(b"seal", own.key, own.cert.certificate, None, how))
    sealer = Sealer.of(tmp_path, "Centre", file, "open")
    assert checked(pdf.sealed(page, sealer), sealer).trusted
    with pytest.raises(SealNotUsable):
        Sealer.of(tmp_path, "Centre", file, "wrong").signer()
