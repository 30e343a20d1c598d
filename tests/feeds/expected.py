"""What a sample gives, in the form its expected result is kept: values that are null are left out."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

from dijkwacht.data.reading import header_of, open_report, read_batches
from dijkwacht.feeds import Recognised, recognise

SECRET = b"the secret of the samples, 32 b."
RECEIVED = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)


def result(path: Path) -> dict[str, Any]:
    """The observations, the lines set aside and the announcements of a file, as plain values."""
    (member,) = open_report(path)
    known = recognise(member.name, header_of(member.stream))
    assert isinstance(known, Recognised), known
    batches = list(read_batches(member.stream, known.feed, known.report, secret=SECRET, received=RECEIVED))
    frame = pl.concat([batch.frame for batch in batches]).with_columns(pl.col("time").dt.to_string("iso:strict"))
    aside = pl.concat([batch.set_aside for batch in batches]).drop("raw")
    return {
        "feed": known.feed.slug,
        "report": known.report.name,
        "observations": [{k: v for k, v in row.items() if v is not None} for row in frame.to_dicts()],
        "set_aside": aside.to_dicts(),
        "announcements": [announcement.text.en for batch in batches for announcement in batch.announcements],
    }
