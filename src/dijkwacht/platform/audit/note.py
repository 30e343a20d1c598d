"""Signed checkpoints: C2SP tlog-checkpoint in a C2SP signed note, with one Ed25519 signature.

A checkpoint is three lines: the origin (which log this is), the size of the tree, the root hash in base64.
Sources: https://c2sp.org/tlog-checkpoint, https://c2sp.org/signed-note.
"""

import base64
import binascii
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from dijkwacht.platform.audit.merkle import HASH_BYTES
from dijkwacht.platform.crypto import secrets

ED25519: Final = b"\x01"
DASH: Final = "\N{EM DASH} "
MAX_NOTE_BYTES: Final = 65_536
MAX_SIGNATURES: Final = 64


class NoteError(Exception):
    """The text is not a checkpoint that this log signed."""


def _decode(text: str) -> bytes:
    """Decode base64 strictly: only the one canonical spelling, so that no bit of a note may change unseen."""
    try:
        value = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NoteError("the checkpoint has bad base64") from error
    if encode(value) != text:
        raise NoteError("the checkpoint has base64 in a spelling that is not canonical")
    return value


def encode(value: bytes) -> str:
    return base64.b64encode(value).decode()


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The state of the log at one moment: `size` leaves under `root` (32 bytes)."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{encode(self.root)}\n"


@dataclass(frozen=True)
class Verifier:
    """Knows a log by its public key and its name, which is also its origin line."""

    name: str
    public: bytes  # 32 bytes

    @classmethod
    def from_text(cls, text: str) -> "Verifier":
        """Read a verifier key `name+hex+base64`. Raises NoteError when it is none."""
        name, _, rest = text.strip().partition("+")
        number, _, key = rest.partition("+")
        material = _decode(key)
        verifier = cls(name, material[1:])
        if material[:1] != ED25519 or len(material) != 1 + HASH_BYTES or verifier.key_id.hex() != number:
            raise NoteError("this is not a verifier key")
        return verifier

    @property
    def key_id(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:4]

    def text(self) -> str:
        """Return the verifier key as signed-note spells it, to hand to a witness or an auditor."""
        return f"{self.name}+{self.key_id.hex()}+{encode(ED25519 + self.public)}"

    def open(self, note: str) -> Checkpoint:
        """Return the checkpoint in `note` after its signature proved to be ours. Raises NoteError otherwise.

        Signatures of others (witnesses) may stand beside ours and are left to them.
        """
        text, blank, signatures = note.partition("\n\n")
        if not blank or len(note.encode(errors="replace")) > MAX_NOTE_BYTES or not signatures.endswith("\n"):
            raise NoteError("this is not a signed note")
        text += "\n"
        lines = signatures.split("\n")[:-1]
        if not 0 < len(lines) <= MAX_SIGNATURES or not all(line.startswith(DASH) for line in lines):
            raise NoteError("this note has no readable signatures")
        if not self._signed(text, lines):
            raise NoteError(f"the checkpoint carries no signature of {self.name}")
        return self._parse(text)

    def _signed(self, text: str, lines: list[str]) -> bool:
        ours = 0
        for line in lines:
            name, _, encoded = line[len(DASH) :].partition(" ")
            signature = _decode(encoded)
            if name != self.name or signature[:4] != self.key_id:
                continue
            try:
                Ed25519PublicKey.from_public_bytes(self.public).verify(signature[4:], text.encode(errors="replace"))
            except InvalidSignature as error:
                raise NoteError("the signature under the checkpoint is not right") from error
            ours += 1
        return ours == 1

    def _parse(self, text: str) -> Checkpoint:
        lines = text.split("\n")
        if len(lines) < 4 or lines[0] != self.name or not lines[1].isascii() or not lines[1].isdecimal():  # noqa: PLR2004
            raise NoteError("this is not a checkpoint of this log")
        checkpoint = Checkpoint(lines[0], int(lines[1]), _decode(lines[2]))
        if str(checkpoint.size) != lines[1] or len(checkpoint.root) != HASH_BYTES:
            raise NoteError("the size or the root of the checkpoint is not well written")
        return checkpoint


@dataclass(frozen=True)
class Signer:
    """The log's own signing key."""

    private: Ed25519PrivateKey

    @classmethod
    def of(cls, home: Path) -> "Signer":
        """The key of the installation in `home`, made on first use."""
        return cls(Ed25519PrivateKey.from_private_bytes(secrets.load(home, "audit-signing-key")))

    @property
    def verifier(self) -> Verifier:
        """The public half. The origin comes from the key: unique, and the same whatever address we are served under."""
        public = self.private.public_key().public_bytes_raw()
        return Verifier(f"dijkwacht/audit/{sha256(public).hexdigest()[:16]}", public)

    def sign(self, size: int, root: bytes) -> str:
        """Return the signed note for a tree of `size` leaves under `root`."""
        verifier = self.verifier
        text = Checkpoint(verifier.name, size, root).text()
        signature = self.private.sign(text.encode())
        return f"{text}\n{DASH}{verifier.name} {encode(verifier.key_id + signature)}\n"
