"""Mails as bytes: readable by others' software, the same each time, and deaf to injected headers."""

import email
import subprocess
import time
from datetime import UTC, datetime, timedelta
from email.policy import SMTP

import dkim
import pysequoia
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from dijkwacht.platform.outbox import compose, dkim_signing
from dijkwacht.platform.outbox.errors import InvalidHeader, InvalidRecipient, UnusableKey

NOW = datetime.now(UTC)
FACTS = {
    "sender": "Dijkwacht <notices@dijkwacht.example>",
    "recipient": "it@bakker.example",
    "subject": "Een open poort bij Bakkerij Ümlaut",
    "text": "Goedemorgen,\n\nEr staat een poort open.\n.\nGroet — Dijkwacht\n",
    "message_id": "<0123456789abcdef@dijkwacht.example>",
    "date": datetime(2026, 11, 22, 8, 0, tzinfo=UTC),
}


def parsed(content: bytes) -> email.message.EmailMessage:
    return email.message_from_bytes(content, policy=SMTP)


def test_a_mail_carries_text_html_and_attachments_in_that_order():
    content = compose.mail(
        **FACTS,
        html="<p>Er staat een poort open.</p>",
        attachments=[
            compose.Attachment("findings.csv", b"ip;port\r\n192.0.2.1;23\r\n", "text/csv"),
            compose.Attachment("findings.json", b"{}", "application/json"),
        ],
        list_unsubscribe="https://dijkwacht.example/u/abc",
        in_reply_to="<first@dijkwacht.example>",
    )
    message = parsed(content)
    types = [part.get_content_type() for part in message.walk()]
    assert types == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/csv",
        "application/json",
    ]
    assert message["Subject"] == FACTS["subject"]
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["In-Reply-To"] == message["References"] == "<first@dijkwacht.example>"
    assert message.get_body(("plain",)).get_content().replace("\r\n", "\n") == FACTS["text"]
    attached = next(message.iter_attachments())
    assert attached.get_payload(decode=True) == b"ip;port\r\n192.0.2.1;23\r\n"
    assert attached.get_filename() == "findings.csv"
    assert content.isascii()
    assert b"\n" not in content.replace(b"\r\n", b"")


def test_the_same_facts_give_the_same_bytes():
    files = [compose.Attachment("a.csv", b"x", "text/csv")]
    assert compose.mail(**FACTS, html="<p>", attachments=files) == compose.mail(**FACTS, html="<p>", attachments=files)


def test_a_seed_gives_the_same_message_id_and_no_seed_a_new_one():
    assert compose.new_message_id("notice 1") == compose.new_message_id("notice 1")
    assert compose.new_message_id() != compose.new_message_id()


@pytest.mark.parametrize(
    "evil", ["x\r\nBcc: a@b", "x\nBcc: a@b", "x\rBcc: a@b", "x\0", "x\x85y", "x\u2028y", "x\udc80"]
)
@pytest.mark.parametrize("field", ["subject", "message_id", "list_unsubscribe", "in_reply_to", "language"])
def test_no_field_can_add_a_header(field, evil):
    with pytest.raises(InvalidHeader):
        compose.mail(**{**FACTS, field: evil})


@pytest.mark.parametrize(
    "headers",
    [{"Bcc": "a@b"}, {"X\r\nBcc": "a"}, {"X": "a\r\nBcc: b"}, {"from": "a@b"}, {"": "x"}, {"Content-Type": "x"}],
)
def test_a_callers_own_headers_cannot_speak_for_us(headers):
    with pytest.raises(InvalidHeader):
        compose.mail(**FACTS, headers=headers)


@pytest.mark.parametrize("recipient", ["", "a", "a@b, c@d", "a@b\r\nBcc: c@d", "A <a@b>"])
def test_a_recipient_is_one_plain_address(recipient):
    with pytest.raises(InvalidRecipient):
        compose.mail(**{**FACTS, "recipient": recipient})


@pytest.mark.parametrize("sender", ["", "no address", "A <a@b\r\nBcc: c>", "A\r\nBcc: x <a@b>"])
def test_a_sender_is_one_address_with_a_plain_name(sender):
    with pytest.raises((InvalidRecipient, InvalidHeader)):
        compose.mail(**{**FACTS, "sender": sender})


@pytest.mark.parametrize("name", ["../x", "a\r\nb", "x\0"])
def test_a_file_name_is_a_name(name):
    with pytest.raises(InvalidHeader):
        compose.mail(**FACTS, attachments=[compose.Attachment(name, b"", "text/csv")])


def test_openpgp_hides_text_and_subject_and_its_owner_reads_both():
    secret = pysequoia.Tsk.generate(user_id="it@bakker.example")
    public = str(secret.extract_certificate()).encode()
    content = compose.mail(**FACTS, openpgp_key=public)
    message = parsed(content)
    assert message["Subject"] == "[...]"
    assert message.get_content_type() == "multipart/encrypted"
    assert message.get_param("protocol") == "application/pgp-encrypted"
    first, second = message.get_payload()
    assert first.get_payload(decode=True).strip() == b"Version: 1"
    opened = pysequoia.decrypt(decryptor=secret.decryptor(), bytes=second.get_payload(decode=True))
    inner = parsed(bytes(opened.bytes))
    assert inner["Subject"] == FACTS["subject"]
    assert inner.get_content().replace("\r\n", "\n") == FACTS["text"]
    assert "Subject: [...]" in inner.get_all("HP-Outer")
    assert b"poort" not in content


def test_smime_is_opened_by_openssl(tmp_path):
    key, certificate = smime_pair()
    (tmp_path / "mail.eml").write_bytes(compose.mail(**FACTS, smime_certificate=pem(certificate)))
    (tmp_path / "key.pem").write_bytes(key)
    (tmp_path / "cert.pem").write_bytes(pem(certificate))
    command = "openssl smime -decrypt -in mail.eml -inkey key.pem -recip cert.pem"
    opened = subprocess.run(command.split(), cwd=tmp_path, check=True, capture_output=True).stdout
    inner = parsed(opened)
    assert inner["Subject"] == FACTS["subject"]
    assert inner.get_content().replace("\r\n", "\n") == FACTS["text"]
    assert (
        b"aes-256-cbc"
        in subprocess.run(
            ["openssl", "cms", "-cmsout", "-print", "-in", "mail.eml"], cwd=tmp_path, check=True, capture_output=True
        ).stdout
    )


def smime_pair(*, key=None, days=(-1, 30), purpose=ExtendedKeyUsageOID.EMAIL_PROTECTION, encipher=True):
    key = key or rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "it@bakker.example")])
    usage = dict.fromkeys(
        ("digital_signature", "content_commitment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign"),
        False,
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(NOW + timedelta(days=days[0]))
        .not_valid_after(NOW + timedelta(days=days[1]))
        .add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
        .add_extension(
            x509.KeyUsage(key_encipherment=encipher, encipher_only=False, decipher_only=False, **usage), critical=True
        )
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private, certificate


def pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def revoked() -> bytes:
    secret = pysequoia.Tsk.generate(user_id="x")
    certificate = secret.extract_certificate()
    return bytes(certificate) + bytes(certificate.revoke(secret.certifier()))


def expired() -> bytes:
    secret = pysequoia.Tsk.generate(user_id="x", validity_seconds=1)
    time.sleep(2)
    return bytes(secret.extract_certificate())


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        ("openpgp_key", lambda: b""),
        ("openpgp_key", lambda: b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nnonsense"),
        ("openpgp_key", lambda: b"\x99" * 300_000),
        ("openpgp_key", lambda: str(pysequoia.Tsk.generate(user_id="x")).encode()),
        ("openpgp_key", expired),
        ("openpgp_key", revoked),
        ("smime_certificate", lambda: b""),
        ("smime_certificate", lambda: b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
        ("smime_certificate", lambda: b"\x30" * 100_000),
        ("smime_certificate", lambda: pem(smime_pair(days=(-30, -1))[1])),
        ("smime_certificate", lambda: pem(smime_pair(days=(1, 30))[1])),
        ("smime_certificate", lambda: pem(smime_pair(purpose=ExtendedKeyUsageOID.SERVER_AUTH)[1])),
        ("smime_certificate", lambda: pem(smime_pair(encipher=False)[1])),
        ("smime_certificate", lambda: pem(smime_pair(key=ec.generate_private_key(ec.SECP256R1()))[1])),
        (
            "smime_certificate",
            lambda: pem(smime_pair(key=rsa.generate_private_key(public_exponent=65537, key_size=1024))[1]),  # noqa: S505 - refused
        ),
    ],
)
def test_a_key_that_cannot_be_used_is_an_error_and_never_clear_text(kind, key):
    with pytest.raises(UnusableKey):
        compose.mail(**FACTS, **{kind: key()})


def test_the_published_record_verifies_our_dkim_signature(settings):
    settings.DKIM_SELECTOR = "test1"
    mail = compose.mail(**FACTS, html="<p>.</p>")
    name, record = dkim_signing.record()
    assert name == "test1._domainkey.dijkwacht.example"
    signed = dkim_signing.signed(mail)

    def dns(asked, timeout=5):
        return record.encode() if asked.rstrip(b".").decode() == name else None

    assert dkim.verify(signed, dnsfunc=dns)
    assert not dkim.verify(signed.replace(b"poort", b"deur!"), dnsfunc=dns)
    assert not dkim.verify(signed.replace(b"it@bakker.example", b"it@slager.example"), dnsfunc=dns)


def test_pkcs7_library_opens_its_own_envelope():
    key, certificate = smime_pair()
    message = parsed(compose.mail(**FACTS, smime_certificate=pem(certificate)))
    opened = pkcs7.pkcs7_decrypt_der(
        message.get_payload(decode=True), certificate, serialization.load_pem_private_key(key, None), []
    )
    assert b"Subject:" in opened
