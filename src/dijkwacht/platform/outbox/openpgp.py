"""Encrypt a mail for a contact's OpenPGP certificate (RFC 9580) as PGP/MIME (RFC 3156)."""

import hashlib
from datetime import UTC, datetime
from typing import Final

import pysequoia

from dijkwacht.platform.outbox import mime
from dijkwacht.platform.outbox.errors import UnusableKey

LARGEST_KEY: Final = 256 * 1024
SECRET_KEY_PACKET: Final = 0xC5


def certificate(key: bytes) -> pysequoia.Cert:
    """Read a certificate, armoured or binary. Raises UnusableKey when it is none, a secret key, revoked or expired."""
    if len(key) > LARGEST_KEY:
        raise UnusableKey("It is larger than 256 KiB.")
    try:
        found = pysequoia.Cert.from_bytes(key)
        expiration, secret = found.expiration, _is_secret(key)
    except Exception as error:  # the library raises bare exceptions
        raise UnusableKey(str(error)) from error
    if secret:
        raise UnusableKey("It is a secret key; its owner should replace it, since it has been shared.")
    if found.is_revoked:
        raise UnusableKey("It has been revoked.")
    if expiration is not None and expiration <= datetime.now(UTC):
        raise UnusableKey(f"It expired on {expiration:%Y-%m-%d}.")
    return found


def _is_secret(key: bytes) -> bool:
    """True when the key begins with a secret-key packet (RFC 9580 section 5.5.1.3) once it is without armour."""
    return bytes(pysequoia.Tsk.from_bytes(key))[0] == SECRET_KEY_PACKET


def encrypted(entity: bytes, key: bytes, *, seed: str) -> mime.Entity:
    """Give a multipart/encrypted message around a MIME entity. Raises UnusableKey."""
    recipient = certificate(key)
    try:
        armoured = bytes(pysequoia.encrypt(bytes=entity, recipients=[recipient]))
    except Exception as error:  # the library raises bare exceptions
        raise UnusableKey(str(error)) from error
    boundary = "=_" + hashlib.sha256(f"{seed} encrypted".encode()).hexdigest()[:40]
    parts = [
        _part("application/pgp-encrypted", b"Version: 1\r\n", "PGP/MIME version identification"),
        _part('application/octet-stream; name="encrypted.asc"', armoured, "OpenPGP message"),
    ]
    return mime.multipart("encrypted", boundary, parts).with_parameter('protocol="application/pgp-encrypted"')


def _part(content_type: str, payload: bytes, description: str) -> mime.Entity:
    headers = (f"Content-Type: {content_type}".encode(), f"Content-Description: {description}".encode())
    return mime.Entity(headers, b"\r\n".join(payload.splitlines()) + b"\r\n")
