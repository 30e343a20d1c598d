"""DKIM (RFC 6376): our signature on a mail, and the DNS record that lets receivers check it."""

import base64
from typing import Final

import dkim
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings

from dijkwacht.platform.crypto import secrets

# Headers that a stranger must not be able to change or add (RFC 6376 section 5.4.1, and RFC 8058 section 4).
SIGNED: Final = [
    b"from",
    b"to",
    b"subject",
    b"date",
    b"message-id",
    b"in-reply-to",
    b"references",
    b"mime-version",
    b"content-type",
    b"content-transfer-encoding",
    b"list-unsubscribe",
    b"list-unsubscribe-post",
]


def signed(mail: bytes) -> bytes:
    """Put our signature above a mail. Raises dkim.DKIMException for a mail that has no From."""
    mail = mail.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    header: bytes = dkim.sign(
        mail,
        settings.DKIM_SELECTOR.encode("ascii"),
        settings.DKIM_DOMAIN.encode("ascii"),
        private_key(),
        canonicalize=(b"relaxed", b"relaxed"),
        include_headers=SIGNED,
    )
    return header + mail


def record() -> tuple[str, str]:
    """The name and the text of the TXT record to publish."""
    key = serialization.load_pem_private_key(private_key(), password=None)
    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    name = f"{settings.DKIM_SELECTOR}._domainkey.{settings.DKIM_DOMAIN}"
    return name, f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}"


def private_key() -> bytes:
    """The key of the configured selector, as PEM; made on first use."""
    return secrets.keep(settings.HOME, f"dkim-{settings.DKIM_SELECTOR}.pem", _new_key)


def _new_key() -> bytes:
    """RSA with 2048 bits: the one kind that every receiver checks (RFC 8301)."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
