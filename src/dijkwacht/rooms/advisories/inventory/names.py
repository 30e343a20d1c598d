"""By what a name of a product can be found: a run looks at names that share one of these with a statement. Pure.

The same keys as those of the index of `matching`, here in a column that PostgreSQL searches: so that what an
organisation told a second ago counts at once, in every process.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dijkwacht.rooms.advisories.matching.rules import Prepared


def keys(vendor: str, product: str, cpe: str = "", purl: str = "") -> set[str]:
    """Return everything by which a name can meet another."""
    from dijkwacht.rooms.advisories.matching.index import keys_of
    from dijkwacht.rooms.advisories.matching.subjects import subject_of

    return set(keys_of(subject_of(vendor, product, cpe, purl)))


def wanted(prepared: "Prepared") -> list[str]:
    """Return the keys by which our names may meet those of the statements."""
    from dijkwacht.rooms.advisories.matching.index import keys_of

    found: set[str] = set()
    for subject in prepared.names.subjects:
        found.update(keys_of(subject))
        found.update(f"w |{word}" for word in subject.words)  # who writes no vendor, or writes it before the product
        found.add(f"s {' '.join(sorted({*subject.maker.split(), *subject.words}))}")
        if products := subject.called | subject.linked:
            found |= prepared.known.keys_of(products)
    return sorted(found)
