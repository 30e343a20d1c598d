"""Files of a folder, an archive or one path, one after the other: never all of them in memory."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from dijkwacht.feeds.advisories.bounds import LARGEST
from dijkwacht.rooms.advisories.sourcing.reading import File

SUFFIXES: Final = (".json", ".csv", ".gz", ".xml", ".rss", ".atom", ".eml", ".md")
PASSED_OVER: Final = ("changes.csv", "index.txt")


def files_of(path: Path) -> Iterator[File]:
    """Give the files below a path in the order of their names; links that lead elsewhere are not followed.

    One that is larger than what is ever read is given with its first bytes beyond the bound, so that it is set aside.
    """
    if path.is_file():
        yield _file(path)
        return
    for folder, below, names in os.walk(path, followlinks=False):
        below[:] = sorted(one for one in below if not one.startswith("."))
        for name in sorted(names):
            if name.endswith(SUFFIXES) and name not in PASSED_OVER and not (found := Path(folder) / name).is_symlink():
                yield _file(found)


def _file(path: Path) -> File:
    with path.open("rb") as stream:
        return File(str(path), stream.read(LARGEST + 1))
