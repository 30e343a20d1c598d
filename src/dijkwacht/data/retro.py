"""The recent past, attributed again: what is already known about assets that have just been verified."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from .attribution import NEEDED, attribute, match
from .grouping import Grouper
from .index import Index, Tables, restrict
from .partitions import read_group, row_groups

GROUPED: Final = ("line", "time", "kind", "severity", "key")


def attribute_partitions(
    paths: Iterable[Path], index: Index, *, only_assets: Sequence[int] | None = None, salt: bytes = b""
) -> pl.DataFrame:
    """Attribute Parquet files of OBSERVATION against an index; gives FINDING.

    `only_assets` are row numbers in the index's registry: findings of others are left out, and rows that none of these
    assets could have are skipped after one cheap look-up. The answer is the same as attributing all and filtering.
    """
    grouper = Grouper(index, salt)
    wanted = None if only_assets is None else np.unique(np.asarray(only_assets, np.uint32))
    narrow = None if wanted is None else restrict(index, wanted)
    for path in paths:
        for number, subject in row_groups(path, NEEDED):
            _attribute_group(path, number, subject, index, grouper, narrow)
    findings = grouper.findings()
    return findings if wanted is None else findings.filter(pl.Series(np.isin(findings["asset"].to_numpy(), wanted)))


def _attribute_group(
    path: Path, number: int, subject: pl.DataFrame, index: Index, grouper: Grouper, narrow: Tables | None
) -> None:
    rows = np.arange(subject.height) if narrow is None else _candidates(subject, narrow)
    if rows.size == 0:
        return
    frame = pl.concat([subject, read_group(path, number, GROUPED)], how="horizontal")[rows]
    grouper.add(frame, attribute(frame, index), path.stem)


def _candidates(subject: pl.DataFrame, narrow: Tables) -> np.ndarray[tuple[int], np.dtype[np.uint32]]:
    return np.unique(match(subject, narrow).rows)
