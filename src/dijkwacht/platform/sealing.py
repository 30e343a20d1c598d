"""The certificate and key with which the centre seals PDFs. No Django.

PDF readers know no bare keys, so a certificate stands around it: one that an installation brings (PKCS#12, for instance
of an electronic seal under Regulation (EU) 910/2014, article 36), else one that we make for ourselves on first use.
Readers then say that the file is whole, and that they do not know who signed.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import NoEncryption, pkcs12
from cryptography.x509.oid import NameOID

from dijkwacht.platform.crypto import secrets

if TYPE_CHECKING:
    from pyhanko.sign.signers import SimpleSigner

NAME: Final = "pdf-seal.p12"
YEARS: Final = 20  # of one that we make; what was sealed must be checked long after


class SealNotUsable(Exception):
    """The file of the seal cannot be read with this passphrase."""


@dataclass(frozen=True, slots=True)
class Sealer:
    """A certificate with its key, as a PKCS#12 file holds them. `passphrase`: empty for none."""

    content: bytes
    passphrase: bytes = b""

    @classmethod
    def of(cls, home: Path, centre: str, file: Path | None = None, passphrase: str = "") -> "Sealer":
        """Return the seal of an installation: the `file` it brings, else its own under `home`."""
        if file is not None:
            return cls(file.read_bytes(), passphrase.encode())
        return cls(secrets.keep(home, NAME, lambda: _made(centre)))

    def signer(self) -> "SimpleSigner":
        """Return what signs. Raises SealNotUsable."""
        return _signer(self.content, self.passphrase)

    def certificate(self) -> x509.Certificate:
        """Return the certificate, to be known by."""
        found = pkcs12.load_pkcs12(self.content, self.passphrase or None).cert
        if found is None:
            raise SealNotUsable
        return found.certificate


@cache
def _signer(content: bytes, passphrase: bytes) -> "SimpleSigner":
    from pyhanko.sign.signers import SimpleSigner

    try:
        found: SimpleSigner | None = SimpleSigner.load_pkcs12_data(content, [], passphrase or None)
    except ValueError as error:
        raise SealNotUsable from error
    if found is None:
        raise SealNotUsable
    return found


def _made(centre: str) -> bytes:
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"{centre} (own seal)"[:64])])
    usage = dict.fromkeys(("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign"), False)
    usage |= {"crl_sign": False, "encipher_only": False, "decipher_only": False}
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=365 * YEARS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(digital_signature=True, content_commitment=True, **usage), critical=True)
        .sign(key, hashes.SHA256())
    )
    return pkcs12.serialize_key_and_certificates(b"seal", key, certificate, None, NoEncryption())
