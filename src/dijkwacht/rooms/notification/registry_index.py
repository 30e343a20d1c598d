"""The attribution index of the registry as it is now: built once per version, shared by every worker as files."""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from dijkwacht.data.index import Index, IndexUnusableError, build_index
from dijkwacht.rooms.registry import frame as registry


def folder() -> Path:
    return Path(settings.HOME) / "index"


def built() -> bool:
    """Whether the index of the registry's present version stands or is being built.

    Runs inside a transaction of the centre. It only looks at two files: `current` finds out whether what stands there
    can be used.
    """
    if _mark(registry.registry_version()).exists():
        return True
    with _lock(fcntl.LOCK_EX | fcntl.LOCK_NB) as ours:
        return not ours


def current() -> Index:
    """The index of the registry's present version; built when it is new, or when what is there cannot be used.

    Runs inside a transaction of the centre.
    """
    version = registry.registry_version()
    with _lock(fcntl.LOCK_EX):
        mark = _mark(version)
        if mark.exists():
            try:
                return _load(version)
            except IndexUnusableError:  # written by another version of this program, or damaged
                _clear()
        build_index(registry.registry_frame()).save(folder())
        for old in folder().glob("registry-*"):
            old.unlink()
        mark.touch()
    return _load(version)


def _clear() -> None:
    for old in folder().iterdir():
        if old.is_dir():
            shutil.rmtree(old)


@lru_cache(maxsize=1)
def _load(version: str) -> Index:  # noqa: ARG001 - the version is the key
    return Index.load(folder())


def _mark(version: str) -> Path:
    return folder() / f"registry-{version}"


@contextmanager
def _lock(how: int) -> Iterator[bool]:
    """Be the only one that builds; with LOCK_NB give False when another is at it."""
    folder().mkdir(parents=True, exist_ok=True)
    with (folder() / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, how)
        except BlockingIOError:
            yield False
        else:
            yield True
