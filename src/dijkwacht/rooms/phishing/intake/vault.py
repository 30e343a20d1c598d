"""The vault: raw bytes, sealed, on disk before anybody hears "yes".

A folder an hour, a file a SHA-256. So a term ends by removing folders, and no file that came again meanwhile is lost.
"""

import contextlib
import hashlib
import os
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings

from dijkwacht.platform.crypto import fields
from dijkwacht.platform.crypto.house import house_keys

PLACE: Final = "phishing_vault"
HOUR: Final = "%Y%m%dT%H"


class NotThere(Exception):
    """The raw bytes are not in the vault: their term is over, or a person removed them."""


def folder() -> Path:
    """Give where the vault stands."""
    return Path(settings.HOME) / "phishing" / "vault"


def path_of(sha256: str, received_at: datetime) -> Path:
    return folder() / received_at.astimezone(UTC).strftime(HOUR) / sha256


def keep(raws: Sequence[bytes], received_at: datetime) -> list[str]:
    """Seal what came in at one moment and write it to disk, names and all; give the SHA-256 of each.

    Raises OSError when the disk does not take it; what was written of the others then stays, and harms nobody.
    """
    hour = path_of("", received_at)
    new = not hour.is_dir()
    hour.mkdir(parents=True, exist_ok=True, mode=0o700)
    found = [hashlib.sha256(raw).hexdigest() for raw in raws]
    for sha256, raw in dict(zip(found, raws, strict=True)).items():
        if not (hour / sha256).exists():
            _write(hour / sha256, fields.seal(house_keys(), raw, table=PLACE, row=sha256, column="raw"))
    for place in (hour, *([hour.parent, hour.parent.parent] if new else [])):
        _sync(place)
    return found


def _write(path: Path, content: bytes) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            view = memoryview(content)
            while view:
                view = view[os.write(descriptor, view) :]
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        draft.rename(path)
    except OSError:
        with contextlib.suppress(OSError):
            draft.unlink()
        raise


def _sync(place: Path) -> None:
    descriptor = os.open(place, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def raw_of(sha256: str, received_at: datetime) -> bytes:
    """Give the raw bytes back. Raises NotThere; FieldError when they were changed."""
    try:
        sealed = path_of(sha256, received_at).read_bytes()
    except FileNotFoundError as error:
        raise NotThere(sha256) from error
    return fields.unseal(house_keys(), sealed, table=PLACE, row=sha256, column="raw")


def remove_old(now: datetime, kept: timedelta) -> int:
    """Remove the hours that ended before the term began; give how many."""
    last, gone = (now - kept - timedelta(hours=1)).astimezone(UTC), 0
    for hour in sorted(folder().glob("*T*")) if folder().is_dir() else []:
        with contextlib.suppress(ValueError):
            if datetime.strptime(hour.name, HOUR).replace(tzinfo=UTC) < last:
                shutil.rmtree(hour)
                gone += 1
    return gone
