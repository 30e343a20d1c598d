"""Files kept by their SHA-256. A file is on disk, name and all, before `keep` returns."""

import hashlib
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from dijkwacht.kernel.errors import Problem

CHUNK = 1 << 20


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
        descriptor, name = tempfile.mkstemp(prefix=".draft-", dir=self.folder)
        try:
            with os.fdopen(descriptor, "wb") as draft:
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

    def _place(self, draft: Path, sha256: str, size: int) -> Kept:
        target = self.path(sha256)
        target.parent.mkdir(parents=True, exist_ok=True)
        draft.replace(target)
        for folder in (target.parent, self.folder):
            _sync_folder(folder)
        return Kept(sha256, size, target)


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
