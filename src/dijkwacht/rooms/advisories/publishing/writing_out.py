"""Write the whole folder of a trusted provider to disk, so that a reader sees the old one or the new one.

The new folder is made beside the old, with hard links to the documents that did not change, and the two change places
in one step (renameat2 with RENAME_EXCHANGE). One document more writes that document and the lists; nothing else.
"""

import ctypes
import errno
import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from dijkwacht.kernel.actor import ANONYMOUS, Actor
from dijkwacht.platform import tenancy
from dijkwacht.rooms.advisories.publishing import folder, served
from dijkwacht.rooms.advisories.publishing.csaf import VERSIONS

MARK: Final = ".dijkwacht-csaf.json"  # says that the folder is ours, and which document each file is of
AT_FDCWD: Final = -100
EXCHANGE: Final = 2
PIECE: Final = 200  # documents read at a time


class NotOurs(Exception):
    """The folder holds something else. The argument says what to do."""


@dataclass
class Written:
    """What writing did, in documents and files."""

    documents: int = 0
    linked: int = 0
    files: int = 0


def write(target: Path, *, actor: Actor = ANONYMOUS, labels: frozenset[str] = folder.OPEN) -> Written:
    """Write the folder to `target`. `labels`: which TLP labels; more than CLEAR needs an actor who may read them.

    Raises NotOurs, OSError.
    """
    target = target.absolute()
    before = _before(target)
    fresh = target.with_name(f".{target.name}.new-{os.getpid()}")
    shutil.rmtree(fresh, ignore_errors=True)
    try:
        fresh.mkdir(parents=True, mode=0o755)
        with tenancy.acting(actor):
            done = _fill(fresh, target, before, actor, labels)
        _exchange(fresh, target)
        _put_by(fresh, target.with_name(f".{target.name}.before"))
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return done


def _before(target: Path) -> dict[str, str]:
    """Give what the folder holds: path to digest. Raises NotOurs for a folder that somebody else filled."""
    if not target.exists() or (target.is_dir() and not any(target.iterdir())):
        return {}
    try:
        held: Any = json.loads((target / MARK).read_bytes())
        return dict(held["documents"])
    except (OSError, ValueError, KeyError, TypeError):
        raise NotOurs(f"{target} holds files that are not ours: name a new or an empty folder") from None


def _fill(fresh: Path, target: Path, before: dict[str, str], actor: Actor, labels: frozenset[str]) -> Written:
    done, now = Written(), dict[str, str]()
    for version in VERSIONS:
        wanted = [name for name in folder.folders(version) if set(folder.labels(version, name)) & labels]
        latest = served.NEVER
        for name in wanted:
            rows = served.documents(actor, version, name).filter(tlp__in=labels)
            state = served.state(rows)
            latest = max(latest, state.updated)
            place = f"{folder.root(version)}/{name}"
            for file, content in served.contents(served.entries(rows), version, name, state.updated).items():
                _put(fresh / place / file, content, done)
            _documents(fresh, target, place, rows, before, now, done)
        for file, content in served.top(version, wanted, latest).items():
            _put(fresh / folder.root(version) / file, content, done)
    _put(fresh / folder.METADATA, (fresh / "v2.0" / folder.METADATA).read_bytes(), done)
    for file, content in served.public_keys().items():
        _put(fresh / "openpgp" / file, content, done)
    (fresh / MARK).write_text(json.dumps({"documents": now}))
    return done


def _documents(
    fresh: Path, target: Path, place: str, rows: Any, before: dict[str, str], now: dict[str, str], done: Written
) -> None:
    """Link what stands already, write the rest. Only of the rest are the bytes read."""
    for path, digest in rows.values_list("path", "sha256"):
        now[f"{place}/{path}"] = digest
    new = []
    for known, digest in now.items():
        if not known.startswith(f"{place}/"):
            continue
        done.documents += 1
        if before.get(known) == digest and _linked(target / known, fresh / known):
            done.linked += 1
        else:
            new.append(known.removeprefix(f"{place}/"))
    for at in range(0, len(new), PIECE):
        for one in rows.filter(path__in=new[at : at + PIECE]):
            for file, content in served.document_files(one):
                _put(fresh / place / file, content, done)


def _linked(old: Path, new: Path) -> bool:
    """Link a document with what stands beside it; False when one of them is gone."""
    new.parent.mkdir(parents=True, exist_ok=True)
    try:
        for kind in ("", *(f".{one}" for one in folder.COMPANIONS)):
            os.link(f"{old}{kind}", f"{new}{kind}")
    except OSError:
        for kind in ("", *(f".{one}" for one in folder.COMPANIONS)):
            Path(f"{new}{kind}").unlink(missing_ok=True)
        return False
    return True


def _put_by(old: Path, place: Path) -> None:
    """Keep the folder as it was until the next time: who is in the middle of reading it can end that."""
    shutil.rmtree(place, ignore_errors=True)
    if old.exists():
        old.rename(place)


def _put(path: Path, content: bytes, done: Written) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    done.files += 1


def _exchange(fresh: Path, target: Path) -> None:
    """Let the two folders change places in one step; the old one is then where the new one was."""
    if not target.exists():
        fresh.rename(target)
        return
    libc = ctypes.CDLL(None, use_errno=True)
    renamed = libc.renameat2(AT_FDCWD, os.fsencode(fresh), AT_FDCWD, os.fsencode(target), EXCHANGE)
    if renamed == 0:
        return
    why = ctypes.get_errno()
    raise OSError(
        why,
        f"{os.strerror(why)}: this file system cannot let two folders change places"
        if why in {errno.EINVAL, errno.ENOSYS}
        else os.strerror(why),
        str(target),
    )
