"""The certificate that a server showed, also one that does not hold."""

import hashlib
from datetime import UTC, datetime

import msgspec
from cryptography import x509
from cryptography.x509.oid import NameOID

MOST_NAMES = 20


class Certificate(msgspec.Struct, frozen=True):
    """What a certificate says. `since`, `until`: ISO 8601, UTC. `invalid`: why it does not hold, or "".

    `sha256`: of its bytes.
    """

    issuer: str
    since: str
    until: str
    names: list[str]
    invalid: str = ""
    sha256: str = ""

    def days(self, now: datetime) -> float:
        """Give its age."""
        return (now - datetime.fromisoformat(self.since)).total_seconds() / 86_400


def read_certificate(der: bytes, host: str, invalid: str = "") -> Certificate | None:
    """Read a certificate; None where it cannot be read at all. The host's own name comes first among its names."""
    try:
        read = x509.load_der_x509_certificate(der)
        since, until = read.not_valid_before_utc, read.not_valid_after_utc
        issuer = read.issuer.get_attributes_for_oid(NameOID.ORGANIZATION_NAME) or [*read.issuer]
        names = _names(read)
    except (ValueError, TypeError, x509.UnsupportedGeneralNameType):
        return None
    known = sorted(names, key=lambda name: name != host)[:MOST_NAMES]
    said = str(issuer[0].value)[:120] if issuer else ""
    return Certificate(
        said,
        since.astimezone(UTC).isoformat(),
        until.astimezone(UTC).isoformat(),
        known,
        invalid[:200],
        hashlib.sha256(der).hexdigest(),
    )


def _names(read: x509.Certificate) -> list[str]:
    try:
        held = read.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (x509.ExtensionNotFound, x509.DuplicateExtension):
        return []
    return [name[:253] for name in held.get_values_for_type(x509.DNSName)]
