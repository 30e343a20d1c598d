"""Field keys that stand on disk only wrapped, by a key that never leaves its keeper: a PKCS#11 token, or a key service.

The keeper has two functions, as PKCS#11 (C_WrapKey, C_UnwrapKey) and every key service have them. Here a command
stands for it: `COMMAND wrap` and `COMMAND unwrap` read bytes and write bytes. `pkcs11-tool`, `openssl` with an engine
or the program of a key service do, and no library of theirs runs in our process. A key is unwrapped once a process.
"""

import os
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final, Protocol

from dijkwacht.platform.crypto import secrets
from dijkwacht.platform.crypto.fields import FieldError, FileKeys, KeyProvider

NAME: Final = re.compile(r"wrapped-key-([1-9][0-9]{0,5})")
KEY_BYTES: Final = 32
SECONDS: Final = 20.0  # a token or service that takes longer counts as away


class KeyKeeper(Protocol):
    """Whoever holds the key that wraps ours."""

    def wrap(self, key: bytes) -> bytes:
        """Return `key` encrypted. Raises FieldError when the keeper does not answer."""

    def unwrap(self, wrapped: bytes) -> bytes:
        """Return what `wrap` encrypted. Raises FieldError for anything else, or when the keeper does not answer."""


@dataclass(frozen=True)
class CommandKeeper:
    """A keeper behind a command of the operator."""

    command: tuple[str, ...]

    def wrap(self, key: bytes) -> bytes:
        """Return `key` encrypted. Raises FieldError when the command fails."""
        return self._run("wrap", key)

    def unwrap(self, wrapped: bytes) -> bytes:
        """Return what `wrap` encrypted. Raises FieldError when the command fails."""
        return self._run("unwrap", wrapped)

    def _run(self, what: str, given: bytes) -> bytes:
        try:
            done = subprocess.run(  # noqa: S603 - the operator's own command, from the settings
                [*self.command, what], input=given, capture_output=True, check=True, timeout=SECONDS
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise FieldError(f"the keeper of keys did not {what}") from error  # its output could hold a key
        return done.stdout


@dataclass
class WrappedKeys:
    """Keys in files `secrets/wrapped-key-<number>`, each encrypted by the keeper; the highest number is the current.

    Values that were sealed before, with keys in plain files, stay readable while those files stand.
    """

    home: Path
    keeper: KeyKeeper
    _known: dict[str, bytes] = field(default_factory=dict, repr=False)

    def current(self) -> str:
        """Return the name of the newest key, made when there is none yet. Raises FieldError."""
        folder = self.home / "secrets"
        numbers = [int(found[1]) for path in folder.glob("wrapped-key-*") if (found := NAME.fullmatch(path.name))]
        if not numbers:
            secrets.keep(self.home, "wrapped-key-1", self._new)
        return f"wrapped-key-{max(numbers, default=1)}"

    def _new(self) -> bytes:
        """Return a new key, wrapped; tried first, so that a keeper that fails leaves no key nobody can open."""
        key = os.urandom(KEY_BYTES)
        wrapped = self.keeper.wrap(key)
        if self.keeper.unwrap(wrapped) != key:
            raise FieldError("the keeper of keys does not give back what it wrapped")
        return wrapped

    def key(self, name: str) -> bytes:
        """Return the bytes of key `name`. Raises FieldError when there is none, or the keeper does not give it."""
        if not NAME.fullmatch(name):
            return _plain(self.home).key(name)
        if name not in self._known:
            path = self.home / "secrets" / name
            if not path.exists():
                raise FieldError(f"the key {name!r} is not here")
            key = self.keeper.unwrap(path.read_bytes())
            if len(key) != KEY_BYTES:
                raise FieldError(f"the keeper gave {len(key)} bytes for {name!r}, not {KEY_BYTES}")
            self._known[name] = key
        return self._known[name]


@cache
def _plain(home: Path) -> FileKeys:
    return FileKeys(home)


@cache
def _wrapped(home: Path, command: tuple[str, ...]) -> WrappedKeys:
    return WrappedKeys(home, CommandKeeper(command))


def keys(home: Path, command: Sequence[str] = ()) -> KeyProvider:
    """Return the keys of the installation in `home`: wrapped by the keeper behind `command`, or in plain files."""
    return _wrapped(home, tuple(command)) if command else _plain(home)
