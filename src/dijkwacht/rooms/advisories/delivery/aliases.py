"""What is known of the names of products, as the catalogue keeps it: asked in one place."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl


def aliases() -> "pl.DataFrame":
    """Return the aliases in the columns of `matching.rules.ALIASES`. In the scope of the centre."""
    import polars as pl

    from dijkwacht.rooms.advisories.matching.rules import ALIASES

    return pl.DataFrame(schema=ALIASES)
