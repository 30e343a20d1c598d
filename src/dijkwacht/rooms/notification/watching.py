"""The watched folder: a file put there is handed in once it is whole, and then moved aside with its fate.

A file is whole when neither its size nor its time changed for QUIET seconds and its name does not start with a dot. A
file in a subfolder named after a feed is taken as that feed's, for feeds that cannot be recognised by their files. A
crash after handing in and before moving hands the file in again, and intake knows it by its bytes.
"""

import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import structlog
from django.conf import settings

from dijkwacht import feeds
from dijkwacht.kernel.actor import system
from dijkwacht.kernel.errors import Problem
from dijkwacht.platform import tenancy
from dijkwacht.platform.storage import read_chunks
from dijkwacht.rooms.notification import intake

log = structlog.get_logger(__name__)
WATCHER: Final = system("notification:folder")
QUIET: Final = 2.0  # seconds
DONE: Final = ".done"
REFUSED: Final = ".refused"


class Seen(NamedTuple):
    """How a file looked, and since when (monotonic seconds) it looks like that."""

    size: int
    changed: int
    since: float


_seen: dict[Path, Seen] = {}


def take_files(now: float | None = None) -> int:
    """Hand in every whole file of the watched folder; give their number. `now`: monotonic seconds, for tests."""
    folder, moment = Path(settings.WATCHED_FOLDER), time.monotonic() if now is None else now
    folder.mkdir(parents=True, exist_ok=True)
    present = list(_files(folder))
    for gone in _seen.keys() - {path for path, _ in present}:
        del _seen[gone]
    taken = 0
    for path, feed in present:
        if _whole(path, moment):
            taken += _hand_in(folder, path, feed)
            _seen.pop(path, None)
    return taken


def _files(folder: Path) -> Iterator[tuple[Path, str]]:
    """The regular files in the folder and in its subfolders named after a feed; links are not followed."""
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        if entry.name.startswith("."):
            continue
        if entry.is_file(follow_symlinks=False):
            yield Path(entry.path), ""
        elif entry.is_dir(follow_symlinks=False) and entry.name in feeds.catalogue():
            for path in sorted(Path(entry.path).iterdir()):
                if not path.name.startswith(".") and stat.S_ISREG(path.lstat().st_mode):
                    yield path, entry.name


def _whole(path: Path, now: float) -> bool:
    try:
        found = path.lstat()
    except FileNotFoundError:  # taken away since we looked
        return False
    before = _seen.get(path)
    if before is None or (before.size, before.changed) != (found.st_size, found.st_mtime_ns):
        _seen[path] = Seen(found.st_size, found.st_mtime_ns, now)
        return False
    return now - before.since >= QUIET


def _hand_in(folder: Path, path: Path, feed: str) -> bool:
    try:
        with tenancy.acting(WATCHER):
            receipt = intake.accept(
                actor=WATCHER, chunks=read_chunks(path), filename=path.name, channel="folder", feed=feed
            )
    except Problem as problem:
        target = _move(path, folder / REFUSED)
        target.with_name(target.name + ".txt").write_text(f"{problem.text('nl')}\n{problem.text('en')}\n", "utf-8")
        log.warning("a file of the watched folder was refused", file=path.name, reason=str(problem))
        return False
    except OSError as error:  # the disk is full or the file cannot be read: it stays, and is tried again
        log.exception("a file of the watched folder could not be taken", file=path.name, reason=str(error))
        return False
    _move(path, folder / DONE, mark=str(receipt.batch.id))
    return True


def _move(path: Path, folder: Path, mark: str = "") -> Path:
    """Move a file aside; one that is there under the same name is not overwritten."""
    folder.mkdir(exist_ok=True)
    target = folder / path.name
    number = 1
    while target.exists():
        target = folder / f"{mark or number}-{path.name}"
        mark, number = "", number + 1
    path.replace(target)
    return target
