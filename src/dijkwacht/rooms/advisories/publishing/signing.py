"""The OpenPGP key of the centre's documents: made at first use, kept sealed as field keys are, signing in memory.

CSAF 2.0 requirements 19 and 20; RFC 9580. The key does not end, so that signatures stay valid (2.1: at least 30 days);
a new key is a new file `secrets/csaf-openpgp-<number>`, and the public parts of all are published.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from dijkwacht.platform.crypto import fields, secrets
from dijkwacht.platform.crypto.house import house_keys

FILE: Final = re.compile(r"csaf-openpgp-([1-9][0-9]{0,5})")
PLACE: Final = "csaf-openpgp"


@dataclass(frozen=True)
class Key:
    """One key. `public`: its certificate in ASCII armour; `fingerprint`: in upper case."""

    fingerprint: str
    public: str
    tsk: Any

    def sign(self, content: bytes) -> str:
        """Give the detached signature of a document in ASCII armour."""
        import pysequoia

        return bytes(pysequoia.sign(self.tsk.signer(), content, mode=pysequoia.SignatureMode.DETACHED)).decode()

    def sign_text(self, text: str) -> str:
        """Give a text with its signature around it (cleartext signature framework)."""
        import pysequoia

        return bytes(pysequoia.sign(self.tsk.signer(), text.encode(), mode=pysequoia.SignatureMode.CLEAR)).decode()


def current() -> Key:
    """Give the key that signs, made when there is none. Raises FieldError when the keeper of keys does not answer."""
    names = _names(settings.HOME)
    if not names:
        name = f"{PLACE}-1"
        secrets.keep(settings.HOME, name, lambda: _made(name))
        names = [name]
    return _key(settings.HOME, names[-1])


def every() -> list[Key]:
    """Give all keys, the current one last; what an older one signed stays verifiable."""
    current()
    return [_key(settings.HOME, name) for name in _names(settings.HOME)]


def _names(home: Path) -> list[str]:
    found = (FILE.fullmatch(path.name) for path in (home / "secrets").glob(f"{PLACE}-*"))
    return [one[0] for one in sorted(filter(None, found), key=lambda one: int(one[1]))]


def _made(name: str) -> bytes:
    import pysequoia

    owner = f"{settings.CENTRE_NAME} advisories <{settings.SECURITY_CONTACT}>"
    made = pysequoia.Tsk.generate(user_id=owner)
    return fields.seal(house_keys(), bytes(made), table="secrets", row=name, column="openpgp")


@cache
def _key(home: Path, name: str) -> Key:
    import pysequoia

    sealed = (home / "secrets" / name).read_bytes()
    opened = fields.unseal(house_keys(), sealed, table="secrets", row=name, column="openpgp")
    tsk = pysequoia.Tsk.from_bytes(opened)
    certificate = tsk.extract_certificate()
    return Key(str(certificate.fingerprint).upper(), str(certificate), tsk)
