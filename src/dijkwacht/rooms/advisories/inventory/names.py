"""By what a name of a product can be found: a run looks at names that share one of these with a statement. Pure."""

from collections.abc import Iterable

from dijkwacht.rooms.advisories.catalogue.naming import (
    cpe_key,
    model_key,
    models_in,
    product_words,
    purl_key,
    vendor_key,
)


def keys(vendor: str, product: str, cpe: str = "", purl: str = "", models: Iterable[str] = ()) -> set[str]:
    """Return the words, CPE, purl and model numbers of a name, each marked with its kind.

    The vendor's words stand among them: a name without a vendor often begins with it.
    """
    words = {*product_words(vendor, product), *product_words("", product), *vendor_key(vendor).split()}
    found = {f"w {word}" for word in words}
    found |= {f"m {number}" for number in (*map(model_key, models), *models_in(product)) if number}
    if key := cpe_key(cpe):
        found.add(f"c {key}")
    if key := purl_key(purl):
        found.add(f"p {key}")
    return found


def asked(vendor: str, product: str, cpe: str = "", purl: str = "", models: Iterable[str] = ()) -> set[str]:
    """Return what a statement looks names up by: as `keys`, without the words of the vendor, which many share."""
    words = product_words(vendor, product) or product_words("", product)
    return {key for key in keys("", product, cpe, purl, models) if key[0] != "w" or key[2:] in words}
