"""A receipt, of whatever was handed in: JSON in one spelling, its SHA-256, and an Ed25519 signature of ours. No Django.

The signature stands over `sha256` as a C2SP signed note would have it: a line that names the format, a line with the
hash. Whoever has our verifier key checks a receipt without us (`dijkwacht receipt verify FILE --key KEY`).
"""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from dijkwacht.kernel import strict_json
from dijkwacht.kernel.errors import Problem
from dijkwacht.platform.audit.note import NoteError, Verifier
from dijkwacht.platform.crypto import secrets

FORMAT: Final = "dijkwacht/receipt/1"
KEY: Final = "receipt-signing-key"
LARGEST: Final = 1 << 24  # bytes; an incident that was exported is signed as a receipt is


class ReceiptNotValid(Problem):
    """This is not a receipt of ours: {reason_en}."""

    nl = "Dit is geen ontvangstbewijs van ons: {reason_nl}."
    status = 422


def canonical(body: Mapping[str, Any]) -> bytes:
    """Return the one spelling that is hashed: keys in order, no spaces, UTF-8 (RFC 8785 for text and lists)."""
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


@dataclass(frozen=True)
class Signer:
    """Our key for receipts."""

    private: Ed25519PrivateKey

    @classmethod
    def of(cls, home: Path) -> "Signer":
        """Return the key of the installation in `home`, made on first use."""
        return cls(Ed25519PrivateKey.from_private_bytes(secrets.load(home, KEY)))

    @property
    def verifier(self) -> Verifier:
        """The public half, which names itself."""
        public = self.private.public_key().public_bytes_raw()
        return Verifier(f"dijkwacht/receipt/{sha256(public).hexdigest()[:16]}", public)

    def sign(self, body: Mapping[str, Any], at: datetime) -> str:
        """Return the signed receipt of `body`, made at `at` by our clock."""
        whole = {**body, "format": FORMAT, "received_at": at.astimezone(UTC).isoformat(timespec="seconds")}
        digest = sha256(canonical(whole)).hexdigest()
        signature = self.private.sign(_signed(digest))
        made = {
            "receipt": whole,
            "sha256": digest,
            "key": self.verifier.text(),
            "signature": base64.b64encode(signature).decode(),
        }
        return json.dumps(made, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _signed(digest: str) -> bytes:
    return f"{FORMAT}\n{digest}\n".encode()


def _invalid(nl: str, en: str) -> ReceiptNotValid:
    return ReceiptNotValid(reason_nl=nl, reason_en=en)


def verify(text: str, verifier: Verifier) -> dict[str, Any]:
    """Return what a receipt holds after its hash and our signature proved right. Raises ReceiptNotValid."""
    if len(text.encode(errors="replace")) > LARGEST:
        raise _invalid("het is te groot", "it is too large")
    try:
        found = strict_json.loads(text)
    except (ValueError, RecursionError):
        raise _invalid("het is geen JSON", "it is not JSON") from None
    if not isinstance(found, dict) or found.keys() != {"receipt", "sha256", "key", "signature"}:
        raise _invalid("het heeft een andere vorm", "it has another shape")
    body, digest = found["receipt"], found["sha256"]
    if found["key"] != verifier.text():
        raise _invalid("het noemt een andere sleutel", "it names another key")
    try:
        same = isinstance(body, dict) and sha256(canonical(body)).hexdigest() == digest
        signature = base64.b64decode(str(found["signature"]), validate=True)
        # One spelling: the last letter holds bits that nothing says, and a receipt with another letter is another text.
        same = same and base64.b64encode(signature).decode() == found["signature"]
    except (ValueError, RecursionError, binascii.Error):
        raise _invalid("het is niet leesbaar", "it cannot be read") from None
    if not same or body.get("format") != FORMAT:
        raise _invalid("de inhoud past niet bij de hash", "its content does not match its hash")
    try:
        Ed25519PublicKey.from_public_bytes(verifier.public).verify(signature, _signed(digest))
    except InvalidSignature:
        raise _invalid("de handtekening is niet van ons", "the signature is not ours") from None
    return dict(body)


def key(text: str) -> Verifier:
    """Read a verifier key. Raises ReceiptNotValid."""
    try:
        return Verifier.from_text(text)
    except NoteError:
        raise _invalid("dit is geen sleutel om mee te controleren", "this is no verifier key") from None
