"""The OpenPGP signature of a fetched CSAF document, held against the keys that its provider publishes.

CSAF 2.0 section 7.1, requirements 19 and 20: a trusted provider signs each document; others may. Who serves a folder
and who holds the key are not the same, so a signature tells more than a hash beside the document.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from dijkwacht.feeds.advisories.csaf.listing import Listed, Provider
from dijkwacht.platform.egress.way import Egress
from dijkwacht.rooms.advisories.sourcing.asking import NotFetched, NotThere, fetch

if TYPE_CHECKING:
    import pysequoia

LARGEST_KEY: Final = 1 << 20
LARGEST_SIGNATURE: Final = 1 << 16
TRUSTED: Final = "csaf_trusted_provider"


@dataclass(slots=True)
class Trust:
    """What a provider says of itself, and its keys once they were fetched. `lacking`: why a key cannot be used."""

    provider: Provider
    lacking: list[str] = field(default_factory=list)
    certificates: "list[pysequoia.Cert] | None" = None

    def keys(self, egress: Egress) -> "list[pysequoia.Cert]":
        """Return the keys that can be used, fetched once."""
        if self.certificates is None:
            self.certificates = []
            for url, fingerprint in self.provider.keys:
                try:
                    self.certificates.append(_key(fetch(url, egress, largest=LARGEST_KEY).body, url, fingerprint))
                except NotFetched as error:
                    self.lacking.append(str(error))
        return self.certificates


def _key(raw: bytes, url: str, fingerprint: str) -> "pysequoia.Cert":
    """Read a key. Raises NotFetched where it is none, or not the one that the provider names."""
    import pysequoia

    try:
        found = pysequoia.Cert.from_bytes(raw)
    except Exception as error:  # the library raises bare exceptions
        raise NotFetched(f"{url}: this is no OpenPGP key: {error}"[:300]) from error
    made = str(found.fingerprint).lower()
    if fingerprint and fingerprint.replace(" ", "") != made:
        raise NotFetched(f"{url}: its fingerprint is {made}, and the provider names {fingerprint}")
    return found


def doubt(one: Listed, body: bytes, trust: Trust, egress: Egress) -> str:
    """Say why a document is not vouched for as its provider's role asks; "" where it is.

    Raises NotFetched where that cannot be told now: the document is fetched again by the next run.
    """
    must = trust.provider.role == TRUSTED
    if not trust.provider.keys:
        return "its provider is a trusted provider and publishes no OpenPGP key: tell the provider" if must else ""
    try:
        signature = fetch(one.signature, egress, largest=LARGEST_SIGNATURE).body
    except NotThere:
        if one.promised:
            return f"the list names the signature {one.signature}, which is not there: tell the provider"
        return f"there is no signature {one.signature}, and a trusted provider signs each document" if must else ""
    except NotFetched:
        if must or one.promised:
            raise
        return ""
    return _judged(signature, body, trust, egress)


def _judged(signature: bytes, body: bytes, trust: Trust, egress: Egress) -> str:
    import pysequoia

    certificates = trust.keys(egress)
    try:
        made = pysequoia.Sig.from_bytes(signature)
    except Exception as error:  # noqa: BLE001 - the library raises bare exceptions
        return f"its OpenPGP signature cannot be read: {error}"[:300]
    try:
        pysequoia.verify(bytes=body, store=lambda _: certificates, signature=made)
    except Exception as error:  # the library raises bare exceptions
        if trust.lacking:  # perhaps by a key that we do not have yet
            raise NotFetched(f"its signature cannot be judged: {'; '.join(trust.lacking)}"[:400]) from error
        by = made.issuer_fingerprint or made.issuer_key_id or "a key that it does not name"
        published = ", ".join(str(one.fingerprint).lower() for one in certificates)
        said = f"its OpenPGP signature, by {by}, does not hold with the keys of the provider ({published}): {error}"
        return said[:400]
    return ""
