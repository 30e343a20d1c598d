"""Pairs for review as rows, with their evidence; and samples for the report."""

from collections.abc import Iterator, Sequence
from typing import Any

import polars as pl

from dijkwacht.rooms.linkage.linking.evidence import evidence
from dijkwacht.rooms.linkage.models import Merge, Pair, SourceRecord

SAMPLES = 10


def pair_rows(merge: Merge, asked: pl.DataFrame, records: Sequence[SourceRecord]) -> Iterator[Pair]:
    """Give the pairs that a person should look at, not yet stored; their records must be."""
    for pair in asked.iter_rows(named=True):
        yield Pair(
            merge=merge,
            first=records[pair["unique_id_l"]],
            second=records[pair["unique_id_r"]],
            weight=round(pair["match_weight"], 1),
            probability=pair["match_probability"],
            against=pair["against"] or "",
            evidence=[list(one) for one in evidence(pair)],
        )


def samples(groups: Sequence[Sequence[SourceRecord]]) -> list[dict[str, Any]]:
    """Give the groups that would merge with the least certainty."""
    weakest = sorted(groups, key=lambda group: (min(one.probability for one in group), group[0].cluster))[:SAMPLES]
    return [
        {
            "probability": round(min(one.probability for one in group), 4),
            "records": [f"{one.source} {one.row}: {one.fields.get('name', '')}"[:200] for one in group],
        }
        for group in weakest
    ]
