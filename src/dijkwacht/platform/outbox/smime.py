"""Encrypt a mail for a contact's S/MIME certificate: enveloped data with AES-256 (RFC 8551, RFC 5652)."""

from datetime import UTC, datetime
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.ciphers import algorithms
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from cryptography.x509.oid import ExtendedKeyUsageOID

from dijkwacht.platform.outbox import mime
from dijkwacht.platform.outbox.errors import UnusableKey

LARGEST_CERTIFICATE: Final = 64 * 1024
SMALLEST_RSA: Final = 2048


def certificate(data: bytes) -> x509.Certificate:
    """Read a certificate, PEM or DER. Raises UnusableKey when it is none, not valid now, or not made for mail."""
    if len(data) > LARGEST_CERTIFICATE:
        raise UnusableKey("It is larger than 64 KiB.")
    try:
        pem = b"-----BEGIN" in data[:1000]
        found = x509.load_pem_x509_certificate(data) if pem else x509.load_der_x509_certificate(data)
        key = found.public_key()
        usage, purposes = _usage(found)
    except Exception as error:  # a stranger's certificate can fail in many ways while it is read
        raise UnusableKey(str(error)) from error
    now = datetime.now(UTC)
    if not found.not_valid_before_utc <= now < found.not_valid_after_utc:
        raise UnusableKey(
            f"It is valid from {found.not_valid_before_utc:%Y-%m-%d} to {found.not_valid_after_utc:%Y-%m-%d}."
        )
    if not isinstance(key, rsa.RSAPublicKey) or key.key_size < SMALLEST_RSA:
        raise UnusableKey("It needs an RSA key of at least 2048 bits.")
    if usage is not None and not usage.key_encipherment:
        raise UnusableKey("Its key usage does not allow key encipherment.")
    if purposes is not None and not {
        ExtendedKeyUsageOID.EMAIL_PROTECTION,
        ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE,
    } & set(purposes):
        raise UnusableKey("It was not issued for e-mail protection.")
    return found


def _usage(found: x509.Certificate) -> tuple[x509.KeyUsage | None, x509.ExtendedKeyUsage | None]:
    """The two extensions that say what a key may be used for, None where a certificate says nothing."""
    usage, purposes = None, None
    for extension in found.extensions:
        if isinstance(extension.value, x509.KeyUsage):
            usage = extension.value
        elif isinstance(extension.value, x509.ExtendedKeyUsage):
            purposes = extension.value
    return usage, purposes


def encrypted(entity: bytes, data: bytes) -> mime.Entity:
    """Give an application/pkcs7-mime message around a MIME entity. Raises UnusableKey."""
    builder = pkcs7.PKCS7EnvelopeBuilder().set_data(entity).set_content_encryption_algorithm(algorithms.AES256)
    sealed = builder.add_recipient(certificate(data)).encrypt(Encoding.DER, [pkcs7.PKCS7Options.Binary])
    headers = (
        b'Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name="smime.p7m"',
        b"Content-Transfer-Encoding: base64",
        b'Content-Disposition: attachment; filename="smime.p7m"',
    )
    return mime.Entity(headers, mime.encoded(sealed))
