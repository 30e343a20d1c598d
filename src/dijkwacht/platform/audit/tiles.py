"""The tree as files: C2SP tlog-tiles (https://c2sp.org/tlog-tiles), whole or absent after a crash."""

import os
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dijkwacht.platform.audit import merkle
from dijkwacht.platform.audit.merkle import HASH_BYTES

WIDTH: Final = 256  # hashes in a full tile
HEIGHT: Final = 8  # levels of the tree in one tile


class MissingTile(Exception):
    """A tile that the checkpoint requires is not there, or too short."""


def path_of(level: int | str, number: int, width: int = WIDTH) -> str:
    """Return a tile's path, such as tile/0/x001/234, or tile/0/x001/234.p/17 when it holds 17."""
    digits = f"{number:03d}"
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[i : i + 3] for i in range(0, len(digits), 3)]
    name = "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])
    return f"tile/{level}/{name}" + (f".p/{width}" if width < WIDTH else "")


def bundle(entries: Iterable[bytes]) -> bytes:
    """Return an entry bundle: each entry after its length in two bytes, big-endian."""
    return b"".join(len(entry).to_bytes(2) + entry for entry in entries)


def unbundle(content: bytes) -> list[bytes]:
    """Return the entries of a bundle; a half entry at its end comes out short, and so does not hash to its leaf."""
    entries, position = [], 0
    while position < len(content):
        length = int.from_bytes(content[position : position + 2])
        entries.append(content[position + 2 : position + 2 + length])
        position += 2 + length
    return entries


def hashes_in(content: bytes) -> list[bytes]:
    return [content[i : i + HASH_BYTES] for i in range(0, len(content), HASH_BYTES)]


def write_durably(path: Path, content: bytes) -> None:
    """Put `content` at `path`, whole or not at all, and on disk when this returns."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.new")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@dataclass(frozen=True)
class Tiles:
    """The files of one log under `folder`."""

    folder: Path

    def read(self, level: int | str, number: int, width: int) -> bytes | None:
        """Return a tile of `width` hashes or entries, None when it is not there.

        A partial tile may be gone once the full one stands; its beginning is the same.
        """
        for candidate in {width: None, WIDTH: None}:
            path = self.folder / path_of(level, number, candidate)
            try:
                content = path.read_bytes()
            except OSError:
                continue
            if candidate == width:
                return content
            return bundle(unbundle(content)[:width]) if level == "entries" else content[: width * HASH_BYTES]
        return None

    def hashes(self, level: int, number: int, width: int) -> list[bytes]:
        """Return the hashes of a tile. Raises MissingTile when it is not there or has another length."""
        content = self.read(level, number, width)
        if content is None or len(content) != width * HASH_BYTES:
            raise MissingTile(path_of(level, number, width))
        return hashes_in(content)

    def range_hash(self, size: int) -> merkle.RangeHash:
        """Return the function from (start, end) to MTH(D[start:end]) in the tree of `size`. It raises MissingTile."""

        def hashed(start: int, end: int) -> bytes:
            count = end - start
            if count & (count - 1) or start % count:
                middle = start + merkle.split(count)
                return merkle.node_hash(hashed(start, middle), hashed(middle, end))
            level = (count.bit_length() - 1) // HEIGHT
            first, wanted = start >> HEIGHT * level, count >> HEIGHT * level
            number, offset = divmod(first, WIDTH)
            width = min(WIDTH, (size >> HEIGHT * level) - number * WIDTH)
            return merkle.root(self.hashes(level, number, width)[offset : offset + wanted])

        return hashed

    def root(self, size: int) -> bytes:
        """Return the root of the tree of `size` leaves. Raises MissingTile."""
        return self.range_hash(size)(0, size) if size else merkle.EMPTY_ROOT

    def append(self, size: int, entries: Sequence[bytes]) -> None:
        """Add `entries` to the tree of `size` leaves: bundles and all hash tiles, durable when this returns.

        Whatever stood beyond `size` is written again. Raises MissingTile when the tree of `size` is not whole.
        """
        touched: set[Path] = set()
        leaves = [merkle.leaf_hash(entry) for entry in entries]
        old_entries = unbundle(self.read("entries", size // WIDTH, size % WIDTH) or b"") if size % WIDTH else []
        if len(old_entries) != size % WIDTH:
            raise MissingTile(path_of("entries", size // WIDTH, size % WIDTH))
        self._write("entries", size, [*old_entries, *entries], touched)
        level, old, new = 0, size, leaves
        while new:
            number, offset = divmod(old, WIDTH)
            kept = self.hashes(level, number, offset) if offset else []
            hashes = [*kept, *new]
            self._write(level, old, hashes, touched)
            new = [merkle.root(hashes[i : i + WIDTH]) for i in range(0, len(hashes) - WIDTH + 1, WIDTH)]
            level, old = level + 1, number
        for folder in touched:
            _sync_folder(folder)
        for number in range(size // WIDTH, (size + len(entries)) // WIDTH):
            self._drop_partials(number)

    def _drop_partials(self, number: int) -> None:
        """Remove the partial forms of tiles that became full; the specification allows it, space asks for it."""
        level: int | str = "entries"
        for level in ("entries", *range(HEIGHT)):
            full = self.folder / path_of(level, number)
            if not full.exists():
                return
            shutil.rmtree(full.with_name(f"{full.name}.p"), ignore_errors=True)
            if level != "entries":
                number, rest = divmod(number, WIDTH)
                if rest != WIDTH - 1:
                    return

    def _write(self, level: int | str, start: int, items: list[bytes], touched: set[Path]) -> None:
        """Write tiles of `items`, the first of which begins the tile that holds `start`."""
        for i in range(0, len(items), WIDTH):
            chunk = items[i : i + WIDTH]
            path = self.folder / path_of(level, start // WIDTH + i // WIDTH, len(chunk))
            write_durably(path, bundle(chunk) if level == "entries" else b"".join(chunk))
            above = path.parent
            while above != self.folder.parent and above not in touched:
                touched.add(above)
                above = above.parent

    def checkpoint(self) -> str | None:
        """Return the published checkpoint, None when there is none."""
        try:
            return (self.folder / "checkpoint").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return None

    def publish(self, note: str) -> None:
        """Replace the published checkpoint, durably."""
        write_durably(self.folder / "checkpoint", note.encode())
        _sync_folder(self.folder)
