"""The ids that findings have, made again from what is stored of them: for findings that go to another organisation."""

import polars as pl

from .identity import siphash, text_digests
from .index import owner_digests
from .schema import REGISTRY
from .values import addresses

# One row a finding: whose asset, which asset, and what tells findings on it apart.
SOUGHT = ("organisation", "asset_kind", "asset_value", "kind", "key", "address")


def finding_ids(rows: pl.DataFrame, salt: bytes) -> list[str]:
    """Give the id of each row of SOUGHT (all text; no address is the empty text) as 32 hexadecimal digits.

    The same as `grouping.Grouper` gives: a keyed hash of asset, kind, key and address.
    """
    owned = rows.select("organisation", kind="asset_kind", value="asset_value", fallback=pl.lit(value=False))
    distinct = owned.unique(maintain_order=True).select(REGISTRY.names())
    digests = owner_digests(distinct)
    places = owned.join(distinct.with_row_index("place"), on=distinct.columns, how="left", maintain_order="left")
    at = places["place"].to_numpy()
    texts = text_digests("kind", rows["kind"]) ^ text_digests("key", rows["key"])
    high, low, _ = addresses(rows["address"])
    words = [digests[at, 0], digests[at, 1], texts[:, 0], texts[:, 1], high, low]
    first, second = siphash([word.copy() for word in words], salt)
    return [f"{one:016x}{other:016x}" for one, other in zip(first.tolist(), second.tolist(), strict=True)]
