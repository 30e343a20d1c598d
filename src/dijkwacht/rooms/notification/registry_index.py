"""The attribution index of the registry as it is now: built once per version, shared by every worker as files."""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import polars as pl
from django.conf import settings

from dijkwacht.data.attribution import attribute
from dijkwacht.data.index import Index, IndexUnusableError, build_index
from dijkwacht.rooms.registry import frame as registry


def folder() -> Path:
    return Path(settings.HOME) / "index"


class BehindError(Exception):
    """What changed since the index was made matters to these rows: they need the index of the present version."""


@dataclass(frozen=True)
class Near:
    """An index that may be a little behind, and what it does not know. It answers where that makes no difference."""

    index: Index
    changed: frozenset[int] = frozenset()
    added: Index | None = None

    def attribute(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Attribute as the index of the present version would (`data.attribution`). Raises BehindError where it cannot.

        An asset that changed matters when it was found, for it may not count any more; or when, as it is now, it covers
        a row. One that covered a row and was not found lost to another, and loses again or is gone.
        """
        pairs = attribute(frame, self.index)
        if self.changed:
            found = self.index.registry["asset"].gather(pairs["asset"].unique())
            if not self.changed.isdisjoint(found) or (self.added and attribute(frame, self.added).height):
                raise BehindError
        return pairs


def near() -> Near:
    """The index of the present version, or while that is being made the one before it with what changed since.

    Runs inside a transaction of the centre.
    """
    if built_for := _behind():
        try:
            index, changes = _load(built_for), registry.changes_since(built_for)
        except IndexUnusableError:
            return Near(current())
        if changes is not None and _mark(built_for).exists():  # else another was made, and the changes are forgotten
            return Near(index, changes.assets, build_index(changes.now) if changes.now.height else None)
    return Near(current())


def _behind() -> str:
    """The version of the index that stands here, when it is not the present one."""
    marks = [path.name.removeprefix("registry-") for path in folder().glob("registry-*")]
    return marks[0] if len(marks) == 1 and marks[0] != registry.registry_version() else ""


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
        registry.forget_changes(version)
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
