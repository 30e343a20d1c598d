"""Encrypt a mail for a contact's OpenPGP certificate (RFC 9580) as PGP/MIME (RFC 3156)."""

import hashlib
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from typing import Final

import pysequoia

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


def encrypted(entity: bytes, key: bytes, *, seed: str) -> EmailMessage:
    """Give a multipart/encrypted message around a MIME entity. Raises UnusableKey."""
    recipient = certificate(key)
    try:
        armoured = bytes(pysequoia.encrypt(bytes=entity, recipients=[recipient]))
    except Exception as error:  # the library raises bare exceptions
        raise UnusableKey(str(error)) from error
    message = EmailMessage(policy=SMTP)
    message["Content-Type"] = 'multipart/encrypted; protocol="application/pgp-encrypted"'
    message.set_boundary("=_" + hashlib.sha256(f"{seed} encrypted".encode()).hexdigest()[:40])
    message.attach(_part("application/pgp-encrypted", "Version: 1\r\n", "PGP/MIME version identification"))
    message.attach(_part('application/octet-stream; name="encrypted.asc"', armoured.decode("ascii"), "OpenPGP message"))
    return message


def _part(content_type: str, payload: str, description: str) -> EmailMessage:
    part = EmailMessage(policy=SMTP)
    part["Content-Type"] = content_type
    part["Content-Description"] = description
    part.set_payload(payload)
    return part
