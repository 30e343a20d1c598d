"""Keys of this installation: one file each under `secrets/`, made on first use, readable by its owner only.

An installation with a hardware module or a secret store puts the same files there by its own means. Nothing of them is
ever logged.
"""

import os
import secrets as randomness
from collections.abc import Callable
from pathlib import Path


def _create_once(path: Path, value: bytes) -> bytes:
    """Write `value` unless another process was first; whoever won, its value is returned."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_bytes(value)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_bytes()


def load(home: Path, name: str, size: int = 32) -> bytes:
    """Return the secret `name` of this installation, `size` random bytes when it is new."""
    path = home / "secrets" / name
    if path.exists():
        return path.read_bytes()
    return _create_once(path, randomness.token_bytes(size))


def keep(home: Path, name: str, make: Callable[[], bytes]) -> bytes:
    """Return the secret `name` of this installation, what `make` gives when it is new."""
    path = home / "secrets" / name
    return path.read_bytes() if path.exists() else _create_once(path, make())


def text(home: Path, name: str) -> str:
    return load(home, name).hex()
