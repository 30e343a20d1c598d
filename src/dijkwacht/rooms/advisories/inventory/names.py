"""By what a name of a product can be found: a run looks at names that share one of these with a statement. Pure.

The keys of `matching.keys`, in a column that PostgreSQL searches: so that what an
organisation told a second ago counts at once, in every process.
"""


def keys(vendor: str, product: str, cpe: str = "", purl: str = "") -> set[str]:
    """Return everything by which a name can meet another."""
    from dijkwacht.rooms.advisories.matching.keys import keys_of
    from dijkwacht.rooms.advisories.matching.subjects import subject_of

    return set(keys_of(subject_of(vendor, product, cpe, purl)))
