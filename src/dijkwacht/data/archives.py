"""Files as they come in, packed or not, opened within bounds: an archive can be a bomb."""

import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, TypeAlias, cast

from dijkwacht.data.setaside import ReportRefused
from dijkwacht.feeds.model import Text

if TYPE_CHECKING:
    Reader: TypeAlias = io.BufferedReader[Any]
else:
    Reader = io.BufferedReader  # cannot be given a type when it runs, before Python 3.14

PEEK: Final = 1 << 20  # bytes that can be looked at without reading on; holds every header
PACKED: Final = ((b"\x1f\x8b", "gzip"), (b"PK\x03\x04", "zip"), (b"BZh", "bzip2"), (b"\xfd7zXZ\0", "xz"),
                 (b"7z\xbc\xaf'\x1c", "7-zip"), (b"(\xb5/\xfd", "zstd"), (b"Rar!", "rar"))  # fmt: skip
DAMAGED: Final = (zipfile.BadZipFile, zlib.error, gzip.BadGzipFile, EOFError, NotImplementedError, RuntimeError)


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on what one file may hold: members, unpacked bytes in all, and unpacked bytes to one packed byte."""

    entries: int = 200
    total_bytes: int = 64 << 30
    ratio: int = 200
    ratio_from: int = 64 << 20  # below this size a ratio says nothing: short repetitive files pack well


@dataclass(frozen=True, slots=True)
class Member:
    """One file of a report. `name` is its last part only, never a path; `stream` can be read once."""

    name: str
    stream: Reader


class _Handle:
    """An open file that closes when neither the iteration nor a member needs it any more."""

    def __init__(self, path: Path) -> None:
        self.file = path.open("rb", buffering=0)

    def __del__(self) -> None:
        self.file.close()


class _Plain(io.RawIOBase):
    """A file as it is."""

    def __init__(self, handle: _Handle) -> None:
        self._handle = handle

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._handle.file.readinto(buffer)


class _Bounded(io.RawIOBase):
    """Counts what is unpacked and refuses at the bound; turns a damaged archive into a refusal."""

    def __init__(self, source: IO[bytes], packed: int, limits: Limits, spent: list[int], handle: _Handle) -> None:
        self._handle = handle
        self._source, self._packed, self._limits, self._spent, self._own = source, packed, limits, spent, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer).cast("B")
        try:
            data = self._source.read(len(view))
        except DAMAGED as error:
            raise _damaged() from error
        self._own += len(data)
        self._spent[0] += len(data)
        if self._spent[0] > self._limits.total_bytes:
            raise _refused("too-large", f"meer dan {self._limits.total_bytes} bytes uitgepakt",
                           f"more than {self._limits.total_bytes} bytes unpacked")  # fmt: skip
        if self._own > max(self._limits.ratio_from, self._limits.ratio * self._packed):
            raise _refused("ratio", f"pakt meer dan {self._limits.ratio} maal zo groot uit",
                           f"unpacks to more than {self._limits.ratio} times its size")  # fmt: skip
        view[: len(data)] = data
        return len(data)


def open_report(path: Path, limits: Limits | None = None, *, name: str = "") -> Iterator[Member]:
    """The members of a report: the file itself, or what a gzip or zip file holds, one after the other.

    `name` is the name it came with, when that is not the path's. What it is follows from its first bytes, not from
    its name. A member must be read before the next one is asked for. Raises ReportRefused for a damaged archive, one
    over the bounds, one in another, an encrypted one, and a packing that is not read here.
    """
    limits = limits or Limits()
    shown = _base(name or path.name)
    handle = _Handle(path)
    packing = _packing(handle.file.read(8) or b"")
    handle.file.seek(0)
    if packing == "zip":
        yield from _zip(handle, limits)
    elif packing == "gzip":
        inner = re.sub(r"\.gz\Z", "", shown, flags=re.IGNORECASE)
        source = cast("IO[bytes]", gzip.GzipFile(fileobj=handle.file))
        yield _member(inner, _Bounded(source, path.stat().st_size, limits, [0], handle))
    elif packing:
        raise _refused("packing", f"is verpakt met {packing}; alleen gzip en zip worden gelezen",
                       f"is packed with {packing}; only gzip and zip are read")  # fmt: skip
    else:
        yield Member(shown, Reader(_Plain(handle), PEEK))


def _zip(handle: _Handle, limits: Limits) -> Iterator[Member]:
    try:
        archive = zipfile.ZipFile(handle.file)
        entries = [entry for entry in archive.infolist() if not (entry.is_dir() or _of_a_mac(entry.filename))]
    except (*DAMAGED, ValueError, UnicodeDecodeError) as error:
        raise _damaged() from error
    if len(entries) > limits.entries:
        raise _refused("too-many-entries", f"bevat {len(entries)} bestanden, ten hoogste {limits.entries}",
                       f"holds {len(entries)} files, at most {limits.entries}")  # fmt: skip
    if sum(entry.file_size for entry in entries) > limits.total_bytes:
        raise _refused("too-large", "is uitgepakt te groot", "is too large when unpacked")
    spent = [0]
    for entry in entries:
        if entry.flag_bits & 1:
            raise _refused("encrypted", "is versleuteld", "is encrypted")
        try:
            source = archive.open(entry)
        except (*DAMAGED, ValueError) as error:
            raise _damaged() from error
        yield _member(_base(entry.filename), _Bounded(source, entry.compress_size, limits, spent, handle))


def _of_a_mac(name: str) -> bool:
    """Whether macOS added this file by itself when it packed the others: it says nothing of a report."""
    return name.startswith("__MACOSX/") or re.split(r"[/\\]", name)[-1] == ".DS_Store"


def _member(name: str, source: _Bounded) -> Member:
    stream = Reader(source, PEEK)
    if nested := _packing(stream.peek(8)[:8]):
        raise _refused("nested", f"bevat een {nested}-bestand in een archief", f"holds a {nested} file in an archive")
    return Member(name, stream)


def _packing(start: bytes) -> str:
    return next((name for magic, name in PACKED if start.startswith(magic)), "")


def _base(name: str) -> str:
    """The last part of a path of any system, without control characters: it can name nothing elsewhere."""
    return re.sub(r"[\x00-\x1f\x7f]", "", re.split(r"[/\\:]", name)[-1])[:200].lstrip(".") or "unnamed"


def _refused(reason: str, nl: str, en: str) -> ReportRefused:
    return ReportRefused(reason, Text(nl=f"Het bestand {nl}.", en=f"The file {en}."))


def _damaged() -> ReportRefused:
    return _refused("damaged", "is beschadigd en niet uit te pakken; haal het opnieuw op",
                    "is damaged and cannot be unpacked; fetch it again")  # fmt: skip
