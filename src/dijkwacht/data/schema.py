"""The shapes that travel the data path. Every function in `data` takes and gives frames of these shapes."""

from typing import Final

import polars as pl

# One normalised row of a feed. `line` counts data rows of its file from 1 (the header is line 0).
OBSERVATION: Final = pl.Schema(
    {
        "line": pl.UInt32(),
        "time": pl.Datetime("us"),  # UTC, naive on purpose: feeds are UTC by contract and a zone costs CPU
        "kind": pl.String(),  # slug from the feed's table of kinds, such as "scan-http"
        "ip": pl.String(),  # as received; null where the feed has none
        "ip_high": pl.UInt64(),  # the address as 128 bits; IPv4 as ::ffff:a.b.c.d
        "ip_low": pl.UInt64(),
        "asn": pl.UInt32(),
        "host": pl.String(),  # A-labels, lower case, no trailing dot; from a hostname, URL, e-mail domain
        "port": pl.UInt16(),
        "protocol": pl.String(),
        "severity": pl.UInt8(),  # 0 info, 1 low, 2 medium, 3 high, 4 critical
        "key": pl.String(),  # what tells two findings of one kind on one asset apart, such as "tcp/443" or "andromeda"
    }
)
# Further columns of a frame are the feed's own, as text, each named `raw_<column>`; only those a kind may keep.
RAW_PREFIX: Final = "raw_"

# One line that was not understood. `raw` is the line as received, so that it can be corrected and replayed.
SET_ASIDE: Final = pl.Schema(
    {"line": pl.UInt32(), "column": pl.String(), "reason": pl.String(), "detail": pl.String(), "raw": pl.Binary()}
)

# The registry as the data path knows it: verified assets only. `asset` is the row number in this table.
REGISTRY: Final = pl.Schema(
    {
        "organisation": pl.String(),
        "kind": pl.String(),  # "prefix", "asn" or "domain"
        "value": pl.String(),
        "fallback": pl.Boolean(),  # true for a network owner: receiver only where no organisation matched
    }
)

# One observation that belongs to one asset. `row` is the row number in the batch of observations.
PAIR: Final = pl.Schema({"row": pl.UInt32(), "asset": pl.UInt32(), "how": pl.UInt8()})
HOW: Final = ("prefix", "domain", "asn", "network-owner")  # values of `how`, in this order

# Registry rows that cannot be attributed to, each with the reason. `row` is the row number in the registry table.
REFUSED: Final = pl.Schema({"row": pl.UInt32(), "reason": pl.String(), "detail": pl.String()})

# Text that few rows differ in: a number a row in memory, and text to whoever reads it.
TEXT: Final = pl.Categorical()

# What is held of one organisation's asset: every pair of one asset, kind, key and subject folded into one row.
FINDING: Final = pl.Schema(
    {
        "id_high": pl.UInt64(),  # 128-bit keyed hash of asset, kind, key and subject: the same on every machine
        "id_low": pl.UInt64(),
        "asset": pl.UInt32(),
        "kind": TEXT,
        "key": TEXT,
        "how": pl.UInt8(),
        "first_seen": pl.Datetime("us"),  # null where no observation had a time
        "last_seen": pl.Datetime("us"),
        "count": pl.UInt64(),  # pairs folded into this row
        "severity": pl.UInt8(),  # the highest seen; an observation without one counts as info
        "sample_source": TEXT,  # where one of the observations stands: the SHA-256 of its file, and its line
        "sample_line": pl.UInt32(),
    }
)
