"""EPSS as CSV, plain or gzip: cve, epss, percentile; the first line may name the model and the day. Source: FIRST."""

import re
from datetime import UTC, date, datetime
from typing import Final

import polars as pl

from dijkwacht.feeds.advisories.bounds import Unreadable, unpacked
from dijkwacht.feeds.advisories.model import Aside, Chance, Parsed

LARGEST: Final = 128 << 20
_DAY: Final = re.compile(rb"score_date:(\d{4}-\d{2}-\d{2})")
_PATTERN: Final = r"^CVE-(?:19|20)\d{2}-\d{4,19}$"
MOST_NAMED: Final = 20  # rows that are said to be wrong, each with its number


def parse(raw: bytes, place: str) -> Parsed:
    """Give a chance for each row; rows that are no CVE with two probabilities are set aside and named."""
    try:
        text = unpacked(raw, LARGEST)
        first, _, rest = text.partition(b"\n")
        comment = first.startswith(b"#")
        frame = pl.read_csv(rest if comment else text, infer_schema=False, truncate_ragged_lines=True)
    except (Unreadable, pl.exceptions.PolarsError) as error:
        return Parsed(aside=[Aside(place=place, findings=[str(error)[:500]], raw=raw, kind="epss")])
    if not {"cve", "epss", "percentile"} <= set(frame.columns):
        why = f"its columns are {', '.join(frame.columns[:10])}; needed are cve, epss, percentile"
        return Parsed(aside=[Aside(place=place, findings=[why], raw=raw, kind="epss")])
    typed = frame.with_row_index("line", offset=3 if comment else 2).with_columns(
        pl.col("epss", "percentile").cast(pl.Float64, strict=False)
    )
    good = (
        pl.col("cve").str.contains(_PATTERN)
        & pl.col("epss").is_between(0, 1)
        & pl.col("percentile").is_between(0, 1)
    ).fill_null(value=False)  # fmt: skip
    rows, bad = typed.filter(good), typed.filter(~good)
    return Parsed(
        chances=[Chance(*row) for row in rows.select("cve", "epss", "percentile").iter_rows()],
        on=_day(first),
        aside=_wrong(place, bad, raw),
    )


def _wrong(place: str, bad: pl.DataFrame, raw: bytes) -> list[Aside]:
    if not bad.height:
        return []
    lines = [f"line {row['line']}: {row['cve']!s:.60}" for row in bad.head(MOST_NAMED).to_dicts()]
    said = [f"{bad.height:,} rows are no CVE id with two numbers from 0 to 1; the others came in", *lines]
    return [Aside(place=place, findings=said, raw=raw, kind="epss")]


def _day(line: bytes) -> date:
    found = _DAY.search(line)
    try:
        return date.fromisoformat(found[1].decode()) if found else datetime.now(UTC).date()
    except ValueError:
        return datetime.now(UTC).date()
