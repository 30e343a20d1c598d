"""Files kept by their SHA-256. A file is on disk, name and all, before `keep` returns."""

import contextlib
import fcntl
import hashlib
import os
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from dijkwacht.kernel.errors import Problem

CHUNK = 1 << 20
DRAFT = ".draft-"


class TooLarge(Problem):
    """The file is larger than {limit} bytes. Split it, or ask the operator to raise the limit."""

    nl = "Het bestand is groter dan {limit} bytes. Splits het, of vraag de beheerder de grens te verhogen."
    status = 413


@dataclass(frozen=True)
class Kept:
    """A file in the store: its SHA-256 in hexadecimal, its size in bytes, where it is."""

    sha256: str
    size: int
    path: Path


@dataclass(frozen=True)
class Store:
    """A folder of files named by their contents."""

    folder: Path

    def path(self, sha256: str) -> Path:
        return self.folder / sha256[:2] / sha256

    def keep(self, chunks: Iterable[bytes], *, limit: int) -> Kept:
        """Write the chunks to disk and return what they are. Raises TooLarge past `limit` bytes; then nothing stays."""
        self.folder.mkdir(parents=True, exist_ok=True)
        digest, size = hashlib.sha256(), 0
        descriptor, name = tempfile.mkstemp(prefix=DRAFT, dir=self.folder)
        try:
            with os.fdopen(descriptor, "wb") as draft:
                fcntl.flock(draft, fcntl.LOCK_EX)  # ends with this process: see sweep
                for chunk in chunks:
                    size += len(chunk)
                    if size > limit:
                        raise TooLarge(limit=limit)
                    digest.update(chunk)
                    draft.write(chunk)
                draft.flush()
                os.fsync(draft.fileno())
            return self._place(Path(name), digest.hexdigest(), size)
        finally:
            Path(name).unlink(missing_ok=True)

    def sweep(self, *, older_than: float = 60.0) -> int:
        """Remove the drafts of writers that were killed, begun over `older_than` seconds ago; give their number."""
        removed = 0
        for path in self.folder.glob(f"{DRAFT}*"):
            with contextlib.suppress(FileNotFoundError), path.open("rb") as draft:
                if path.stat().st_mtime < time.time() - older_than and _free(draft.fileno()):
                    path.unlink()
                    removed += 1
        return removed

    def _place(self, draft: Path, sha256: str, size: int) -> Kept:
        target = self.path(sha256)
        target.parent.mkdir(parents=True, exist_ok=True)
        draft.replace(target)
        for folder in (target.parent, self.folder):
            _sync_folder(folder)
        return Kept(sha256, size, target)


def _free(descriptor: int) -> bool:
    """True when no living process holds the lock of this file."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _sync_folder(folder: Path) -> None:
    """Make the names in a folder durable, as the files themselves are."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_chunks(path: Path) -> Iterable[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk
