"""A contact's public key: OpenPGP or S/MIME, read before it is stored. Pure: no Django."""

import re
from datetime import UTC, datetime
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from pysequoia import Cert, Tsk

from dijkwacht.kernel.errors import Problem

SECRET_KEY_PACKET: Final = 0xC5  # RFC 9580 section 5.5.1.3
LONGEST: Final = 65_536  # characters of armour or PEM
SMALLEST_RSA: Final = 2048  # bits
ARMOUR: Final = re.compile(r"-----BEGIN PGP PUBLIC KEY BLOCK-----.+-----END PGP PUBLIC KEY BLOCK-----", re.DOTALL)


class InvalidKey(Problem, ValueError):
    """The key is refused: {reason_en}."""

    nl = "De sleutel is geweigerd: {reason_nl}."
    status = 422


def openpgp(text: str) -> str:
    """Return an armoured OpenPGP certificate (RFC 9580); raises InvalidKey for a secret, revoked or expired one."""
    if "PRIVATE KEY" in text:
        raise InvalidKey(reason_nl="dit is een geheime sleutel", reason_en="this is a secret key")
    if not ARMOUR.search(text):
        raise InvalidKey(reason_nl="dit is geen OpenPGP-sleutelblok", reason_en="this is no OpenPGP key block")
    try:
        certificate = Cert.from_bytes(text.encode())
        secret = bytes(Tsk.from_bytes(text.encode()))[0] == SECRET_KEY_PACKET
        revoked, expiration, clean = certificate.is_revoked, certificate.expiration, str(certificate)
    except Exception:  # noqa: BLE001 - the library raises plain exceptions of many kinds, also when asked for a date
        raise InvalidKey(reason_nl="de sleutel is onleesbaar", reason_en="the key cannot be read") from None
    if secret:
        raise InvalidKey(reason_nl="dit is een geheime sleutel", reason_en="this is a secret key")
    if revoked:
        raise InvalidKey(reason_nl="de sleutel is ingetrokken", reason_en="the key is revoked")
    if expiration is not None and expiration <= datetime.now(UTC):
        raise InvalidKey(reason_nl="de sleutel is verlopen", reason_en="the key has expired")
    return clean


def smime(text: str) -> str:
    """Return an X.509 certificate for mail as PEM; raises InvalidKey when it is expired, weak or of an unknown kind."""
    if "PRIVATE KEY" in text:
        raise InvalidKey(reason_nl="dit is een geheime sleutel", reason_en="this is a secret key")
    try:
        certificate = x509.load_pem_x509_certificate(text.encode())
        public = certificate.public_key()
    except (ValueError, UnsupportedAlgorithm):
        raise InvalidKey(reason_nl="dit is geen PEM-certificaat", reason_en="this is no PEM certificate") from None
    if certificate.not_valid_after_utc <= datetime.now(UTC):
        raise InvalidKey(reason_nl="het certificaat is verlopen", reason_en="the certificate has expired")
    strong = isinstance(public, rsa.RSAPublicKey) and public.key_size >= SMALLEST_RSA
    if not strong and not isinstance(public, ec.EllipticCurvePublicKey):
        raise InvalidKey(
            reason_nl="alleen RSA vanaf 2048 bits of een elliptische kromme",
            reason_en="only RSA of 2048 bits or more, or an elliptic curve",
        )
    return certificate.public_bytes(Encoding.PEM).decode("ascii")
