"""A return path of its own for each message, which only we can make: a bounce that reaches it names its message."""

import base64
import binascii
import hashlib
import hmac
from typing import Final
from uuid import UUID

from django.conf import settings

from dijkwacht.platform.crypto import secrets

PROOF_BYTES: Final = 10  # 80 bits: guessing one takes longer than a message is remembered


def return_path(message: UUID) -> str:
    """The envelope sender for `message`: the bounce address with the message and its proof after a plus sign."""
    local, _, domain = settings.BOUNCE_ADDRESS.partition("@")
    return f"{local}+{_token(message)}@{domain}"


def message_of(recipient: str) -> UUID | None:
    """The message that a bounce sent to `recipient` is about; None when we did not make that address."""
    local, _, domain = recipient.lower().partition("@")
    own_local, _, own_domain = settings.BOUNCE_ADDRESS.lower().partition("@")
    base, _, token = local.partition("+")
    if (base, domain) != (own_local, own_domain) or not token.isascii():
        return None
    try:
        raw = base64.b32decode(token.upper() + "=" * (-len(token) % 8))
    except binascii.Error:
        return None
    if len(raw) != 16 + PROOF_BYTES:
        return None
    message = UUID(bytes=raw[:16])
    return message if hmac.compare_digest(raw[16:], _proof(message)) else None


def _token(message: UUID) -> str:
    return base64.b32encode(message.bytes + _proof(message)).decode().rstrip("=").lower()


def _proof(message: UUID) -> bytes:
    key = secrets.load(settings.HOME, "bounce-key")
    return hmac.digest(key, b"bounce:" + message.bytes, hashlib.sha256)[:PROOF_BYTES]
