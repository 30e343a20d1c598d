"""The files that anybody may fetch: made once for a state of the list, then served as they lie."""

import fcntl
import gzip
import ipaddress
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db.models import Count
from django.utils import timezone

from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.rooms.phishing.listing import reads
from dijkwacht.rooms.phishing.listing.about import About
from dijkwacht.rooms.phishing.listing.errors import NotPublishedYet
from dijkwacht.rooms.phishing.listing.formats import FORMATS, Format
from dijkwacht.rooms.phishing.listing.models import KINDS, Entry

PUBLISHER: Final = system("phishing:list")
PACE: Final = 1.0  # times the age that a format asks for
KEPT_SECONDS: Final = 60.0  # so long an older file lies there for who fetches it now
PART: Final = re.compile(r"[a-z0-9-]{1,40}\.json", re.ASCII)
EPOCH: Final = datetime(2026, 1, 1, tzinfo=UTC)  # of a list on which nothing ever stood


@dataclass(frozen=True, slots=True)
class Published:
    """A file that lies ready, and which state of the list it holds. Beside `path` stands the same, zipped."""

    path: Path
    serial: int
    changed_at: datetime

    @property
    def zipped(self) -> Path:
        return self.path.with_name(f"{self.path.name}.gz")

    def part(self, name: str) -> bytes | None:
        """Give one of the parts in which a format is followed, None where there is no such part now."""
        if not PART.fullmatch(name):
            return None
        try:
            return (self.path.with_name(f"{self.path.name}.parts") / name).read_bytes()
        except FileNotFoundError:
            return None

    @property
    def etag(self) -> str:
        return f'"{self.path.name}"'


def reading() -> AbstractContextManager[object]:
    """Open the scope in which the log can be read for everybody: what goes out of it is public."""
    return tenancy.acting(PUBLISHER)


def counts() -> dict[str, int]:
    """Give how many entries are live now, by kind."""
    rows = Entry.objects.filter(removed_at=None).values("kind").annotate(number=Count("id"))
    found = {row["kind"]: row["number"] for row in rows.order_by("kind")}
    return {kind: found.get(kind, 0) for kind in KINDS}


def about(*, leases: bool = False) -> About:
    """Give what a file says of itself now; in the scope of whoever may read the log.

    `leases`: it tells until when each entry lasts, so that a lease which grew longer changed it too.
    """
    serial = reads.serial()
    changed_at = reads.changed_at(serial) or EPOCH
    return About(
        serial=serial,
        changed_at=max(changed_at, (reads.renewed_at() if leases else None) or changed_at).astimezone(UTC),
        centre=settings.CENTRE_NAME,
        home=f"{settings.BASE_URL}/phishing/list",
        contact=settings.SECURITY_CONTACT,
        zone=settings.LIST_ZONE,
        addresses=[ipaddress.ip_address(one) for one in settings.WARNING_ADDRESSES],
    )


def written(form: Format, state: About) -> Iterator[bytes]:
    """Write the list as a format now; in the scope of whoever may read it."""
    since = hot_since(state) if form.hot else None
    return form.write(reads.items(gone=form.gone, since=since), state)


def hot_since(state: About) -> datetime:
    """Give from when on an entry counts as new. The log's own clock: the same serial has the same content."""
    return state.changed_at - timedelta(hours=settings.LIST_HOT_HOURS)


def published(name: str) -> Published:
    """Give the newest file of a format. A job makes them (`publish`): no request waits for a large one.

    Raises KeyError for a format that does not exist, NotPublishedYet before there is a first.
    """
    form = FORMATS[name]
    found = _newest(_folder(name))
    if found is None:
        raise NotPublishedYet(file=form.file)
    return found


def due() -> list[str]:
    """Give the formats whose file is to be made: the list changed since, and the last one is not quite new."""
    with tenancy.acting(PUBLISHER):
        states = {leases: about(leases=leases) for leases in (False, True)}
    known = {name: _newest(_folder(name)) for name in FORMATS}
    return [
        name
        for name, found in known.items()
        if found is None
        or (not _is_of(found, FORMATS[name], states[FORMATS[name].gone]) and not _is_young(found, FORMATS[name]))
    ]


def publish(name: str) -> Published:
    """Make the file of a format, unless it lies there for this state of the list or is quite new. Raises KeyError."""
    form, folder = FORMATS[name], _folder(name)
    folder.mkdir(parents=True, exist_ok=True)
    with tenancy.acting(PUBLISHER), (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        state, known = about(leases=form.gone), _newest(folder)
        if known is not None and (_is_of(known, form, state) or _is_young(known, form)):
            return known
        return _make(folder, form, state)


def _folder(name: str) -> Path:
    return Path(settings.HOME) / "phishing" / "list" / name


def _newest(folder: Path) -> Published | None:
    """Give the file that lies in a folder; its name holds serial and time: "<serial>-<microseconds>-<file>"."""
    found = [path for path in folder.glob("[0-9]*") if path.suffix not in {".gz", ".draft", ".parts"}]
    if not found:
        return None
    path = max(found, key=_made_at)  # not by serial: a database that was put back counts from an earlier one
    serial, micros, _ = path.name.split("-", 2)
    return Published(path, int(serial), EPOCH + timedelta(microseconds=int(micros)))


def _made_at(path: Path) -> float:
    """Give when a file was made, in seconds; 0 when it is there no more."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _is_of(known: Published, form: Format, state: About) -> bool:
    same = not form.gone or known.changed_at == state.changed_at
    return same and known.serial == state.serial


def _is_young(known: Published, form: Format) -> bool:
    return timezone.now().timestamp() - _made_at(known.path) < form.youngest * PACE


def _make(folder: Path, form: Format, state: About) -> Published:
    name = f"{state.serial}-{(state.changed_at - EPOCH) // timedelta(microseconds=1)}-{form.file}"
    draft, zipped = folder / f"{name}.draft", folder / f"{name}.gz.draft"
    with draft.open("wb") as plain, gzip.GzipFile(zipped, "wb", compresslevel=5, mtime=0) as small:
        for piece in written(form, state):
            plain.write(piece)
            small.write(piece)
    if form.apart is not None:
        _take_apart(folder / f"{name}.parts", form.apart(draft.read_bytes()))
    zipped.replace(folder / f"{name}.gz")
    os.replace(draft, folder / name)  # noqa: PTH105 - the last step: from now on it is the newest
    for old in folder.glob("[0-9]*"):
        if not old.name.startswith(name) and timezone.now().timestamp() - old.stat().st_mtime > KEPT_SECONDS:
            shutil.rmtree(old) if old.is_dir() else old.unlink(missing_ok=True)
    return Published(folder / name, state.serial, state.changed_at)


def _take_apart(folder: Path, parts: Iterator[tuple[str, bytes]]) -> None:
    """Write the parts of a format, before the file that they belong to is there for anybody."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, content in parts:
        (folder / name).write_bytes(content)
