"""The list to pick from: products that advisories are about, never what organisations call theirs (their secret)."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from dijkwacht.kernel.actor import system
from dijkwacht.platform import tenancy
from dijkwacht.rooms.advisories.catalogue.naming import fold

PICKER: Final = system("advisories:pick")
MOST: Final = 24


@dataclass(frozen=True, slots=True)
class Choice:
    """A product to pick."""

    vendor: str
    product: str


def search(words: str) -> list[Choice]:
    """Return the products that hold every word, the shortest names first."""
    asked = fold(words).split()
    found = [one for text, one in _choices() if all(word in text for word in asked)]
    return sorted(found, key=lambda one: (len(one.product), one.vendor, one.product))[:MOST]


def _choices() -> tuple[tuple[str, Choice], ...]:
    from dijkwacht.rooms.advisories.delivery import published

    with tenancy.acting(PICKER):
        return _of(tuple(sorted(published.library().current())))


@lru_cache(maxsize=2)
def _of(versions: tuple[tuple[object, int], ...]) -> tuple[tuple[str, Choice], ...]:
    """The products of these versions; made again when another version is published."""
    from dijkwacht.rooms.advisories.delivery import published

    rows = published.library().statements(versions).select("vendor", "product").unique().sort("vendor", "product")  # type: ignore[arg-type]
    return tuple((fold(f"{vendor} {product}"), Choice(vendor, product)) for vendor, product in rows.iter_rows())
