"""Keep a file that comes as a stream, and know it by its hash."""

import hashlib
from typing import IO, Final

IN_MEMORY: Final = 1 << 24  # bytes of a stream kept in memory before it goes to disk


def keep(file: IO[bytes], copy: IO[bytes]) -> str:
    """Copy a stream and go back to the start of the copy; returns its SHA-256."""
    digest = hashlib.sha256()
    while chunk := file.read(1 << 20):
        digest.update(chunk)
        copy.write(chunk)
    copy.seek(0)
    return digest.hexdigest()
