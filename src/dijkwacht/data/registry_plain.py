"""The values of a registry that stand in their one spelling already, read a column at a time.

Nearly all of a million values do: an IPv4 prefix without host bits, a domain in lower case. `registry.py` reads the
others one by one, and says of each why it is refused; a test holds that both read the same.
"""

from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl
from publicsuffixlist import PSLFILE

from .texts import plain_names, quads, text_bytes

IPV4_BITS: Final = 32
V4_PREFIX: Final = r"^([0-9.]{7,15})/([1-9]|[12][0-9]|3[0-2])$"


class Plain(NamedTuple):
    """The values of one kind that are in their one spelling: their rows, and the numbers of a prefix (length of 32)."""

    rows: npt.NDArray[np.uint32]
    values: pl.Series
    addresses: npt.NDArray[np.uint32]
    lengths: npt.NDArray[np.uint8]


def plain_prefixes(values: pl.DataFrame) -> Plain:
    """Give those of the values (columns `row`, `value`) that are an IPv4 prefix with a length and no host bits."""
    parts = values.with_columns(
        pl.col("value").str.extract_groups(V4_PREFIX).struct.rename_fields(["address", "length"]).alias("parts")
    ).unnest("parts")
    parts = parts.filter(pl.col("address").is_not_null())
    addresses, valid = quads(*text_bytes(parts["address"]))
    lengths = parts["length"].cast(pl.UInt8).to_numpy()
    host_bits = addresses.astype(np.uint64) & ((1 << (IPV4_BITS - lengths.astype(np.uint64))) - 1)
    good = valid & (host_bits == 0)
    found = parts.filter(pl.Series(good))
    return Plain(found["row"].to_numpy(), found["value"], addresses[good], lengths[good])


def plain_domains(values: pl.DataFrame) -> Plain:
    """Give those of the values (columns `row`, `value`) that are a canonical host name and surely no public suffix."""
    named = values.filter(pl.Series(plain_names(*text_bytes(values["value"]))))
    parent = pl.col("value").str.replace(r"^[^.]*\.", "")
    rules = pl.Series(_rules(), dtype=pl.String)
    doubtful = (
        pl.col("value").is_in(rules.implode())
        | ("*." + pl.col("value")).is_in(rules.implode())
        | ("*." + parent).is_in(rules.implode())
    )
    found = named.filter(~doubtful)
    none = np.empty(0, np.uint32)
    return Plain(found["row"].to_numpy(), found["value"], none, none.astype(np.uint8))


@lru_cache(maxsize=1)
def _rules() -> list[str]:
    """The rules of the public suffix list as they stand, in A-labels; a name that none of them names is no suffix."""
    with open(PSLFILE, encoding="utf-8") as file:  # noqa: PTH123 - a path as text
        lines = (line.split()[0].lower() for line in file if line.strip() and not line.startswith("//"))
        return sorted({label for line in lines for label in (line, _a_labels(line))})


def _a_labels(rule: str) -> str:
    return rule if rule.isascii() else rule.encode("idna").decode("ascii")
