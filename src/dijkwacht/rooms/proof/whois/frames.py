"""The shape of what is kept of an internet registry's file: no names of people, only what a match or a mail needs."""

from dataclasses import dataclass
from typing import Final

import polars as pl

_SPAN: Final = {
    "kind": pl.String,  # class of object
    "key": pl.String,  # as the file writes it
    "family": pl.Int32,  # 4, 6; 0 for an AS number
    "first_hi": pl.UInt64,  # an address as two halves of 64 bits
    "first_lo": pl.UInt64,
    "last_hi": pl.UInt64,
    "last_lo": pl.UInt64,
}
NETWORKS: Final = pl.Schema(
    {
        **_SPAN,
        "name": pl.String,
        "descr": pl.String,
        "org": pl.String,
        "country": pl.String,
        "status": pl.String,
        "mails": pl.String,  # on lines of their own
        "abuse_c": pl.String,
    }
)
ROUTES: Final = pl.Schema({**_SPAN, "origin": pl.UInt64})
HOLDERS: Final = pl.Schema(
    {
        "kind": pl.String,
        "key": pl.String,
        "name": pl.String,
        "descr": pl.String,
        "country": pl.String,
        "mails": pl.String,
        "abuse_c": pl.String,
    }
)


@dataclass(frozen=True, slots=True)
class Frames:
    """What one piece of a file holds."""

    networks: pl.DataFrame
    routes: pl.DataFrame
    holders: pl.DataFrame
    objects: int
    set_aside: int
