"""The pairs as RESULT.csv: one row per attributed pair, sorted, complete or not there at all."""

from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import polars as pl

from .index import Index
from .schema import HOW

HEADER: Final = "file,line,organisation,kind,value,how\n"
LINES: Final = pl.Schema({"line": pl.UInt32(), "asset": pl.UInt32(), "how": pl.UInt8()})


def lines_of(frame: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """Give the pairs of a batch with the line of their file (LINES) in place of the row of the batch."""
    return pairs.select(frame["line"].gather(pairs["row"]).alias("line"), "asset", "how")


@dataclass(frozen=True, slots=True)
class Names:
    """The registry's text for each asset, and the order of the assets by that text."""

    table: pl.DataFrame
    rank: pl.Series

    @classmethod
    def of(cls, index: Index) -> "Names":
        """Sort the registry once, so that pairs are sorted by number."""
        table = index.registry.select("organisation", "kind", "value")
        order = table.with_row_index("asset").sort("organisation", "kind", "value", "asset")["asset"]
        return cls(table, order.arg_sort().cast(pl.UInt32))


class ResultWriter:
    """Writes RESULT.csv beside its place and moves it there when all is well. Files come in their order."""

    def __init__(self, path: Path, index: Index) -> None:
        self._path = path
        self._draft = path.with_name(f".{path.name}.draft")
        self._names = Names.of(index)
        self._file = self._draft.open("wb")
        self._file.write(HEADER.encode())

    def write(self, file: str, lines: pl.DataFrame) -> None:
        """Add pairs (LINES) of one file; lines of a later call are not below those of an earlier one."""
        ranked = lines.with_columns(self._names.rank.gather(lines["asset"]).alias("rank")).sort("line", "rank")
        named = self._names.table[ranked["asset"]]
        how = ranked["how"].replace_strict(range(len(HOW)), HOW, return_dtype=pl.String)
        rows = named.select(
            pl.lit(file).alias("file"), ranked["line"], "organisation", "kind", "value", how.alias("how")
        )
        rows.write_csv(self._file, include_header=False)

    def position(self) -> int:
        """Where the next pair goes."""
        return self._file.tell()

    def back_to(self, position: int) -> None:
        """Take back what was written from this position on."""
        self._file.seek(position)
        self._file.truncate()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
        if kind is None:
            self._draft.replace(self._path)
        else:
            self._draft.unlink(missing_ok=True)
