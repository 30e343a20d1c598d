"""The product tree of a CSAF document: vendor, product and version of each product id. Source: CSAF 2.0, 3.2.2."""

from dataclasses import dataclass, replace
from typing import Any, Final

from dijkwacht.feeds.advisories.bounds import clean, listed, one_line, table

DEEPEST: Final = 30  # branches; the standard's own bound
MOST: Final = 100_000
VERSIONS: Final = ("product_version", "product_version_range")
NAMES: Final = ("product_name", "product_family", "host_name", "architecture", "language", "platform", "specification")


@dataclass(frozen=True, slots=True)
class Product:
    """What a product id stands for. `name`: the path of names; `version`: as the source writes it."""

    vendor: str
    name: str
    version: str
    full: str
    cpe: str = ""
    purl: str = ""
    models: tuple[str, ...] = ()


def products(tree: dict[str, Any]) -> dict[str, Product]:
    """Give every product by its id: leaves of branches, full names, and relationships."""
    found: dict[str, Product] = {}
    waiting: list[tuple[dict[str, Any], dict[str, str], int]] = [
        (table(one), {}, 0) for one in reversed(listed(tree.get("branches")))
    ]
    while waiting and len(found) < MOST:
        branch, path, depth = waiting.pop()
        path = _longer(path, branch)
        if "product" in branch:
            key, product = _product(table(branch["product"]), path)
            found[key] = product
        if depth < DEEPEST:
            waiting += [(table(one), path, depth + 1) for one in reversed(listed(branch.get("branches")))]
    for one in listed(tree.get("full_product_names")):
        key, product = _product(table(one), {})
        found[key] = product
    for one in map(table, [*listed(tree.get("relationships")), *listed(tree.get("product_paths"))]):
        key, product = _related(one, found)
        found[key] = product
    return found


def groups(tree: dict[str, Any]) -> dict[str, list[str]]:
    """Give the product ids of each product group."""
    return {
        str(one.get("group_id")): [str(key) for key in listed(one.get("product_ids"))]
        for one in map(table, listed(tree.get("product_groups")))
    }


def _longer(path: dict[str, str], branch: dict[str, Any]) -> dict[str, str]:
    kind, name = str(branch.get("category")), clean(branch.get("name"), 2_000)
    if kind == "vendor":
        return path | {"vendor": one_line(name, 200)}
    if kind in VERSIONS:
        return path | {"version": name}
    if kind in ("patch_level", "service_pack"):  # part of the version, as a person would say it
        return path | {"version": f"{path.get('version', '')} {name}".strip()}
    if kind in ("product_name", "legacy"):
        return path | {"name": one_line(name)}
    if kind == "product_family":
        return path | {"family": one_line(name)}
    return path | {"more": f"{path.get('more', '')} {one_line(name, 100)}".strip()} if kind in NAMES else path


def _product(entry: dict[str, Any], path: dict[str, str]) -> tuple[str, Product]:
    full, helped = one_line(entry.get("name"), 500), table(entry.get("product_identification_helper"))
    name = path.get("name") or path.get("family") or full
    more = path.get("more", "")
    models = [one for which in ("model_numbers", "skus") for one in listed(helped.get(which)) if isinstance(one, str)]
    purls = [helped.get("purl"), *listed(helped.get("purls"))]
    return str(entry.get("product_id")), Product(
        vendor=path.get("vendor", ""),
        name=one_line(f"{name} {more}".strip()),
        version=path.get("version", ""),
        full=full,
        cpe=one_line(helped.get("cpe"), 500),
        purl=next((one_line(one, 500) for one in purls if one), ""),
        models=tuple(one_line(one, 100) for one in models)[:50],
    )


def _related(entry: dict[str, Any], known: dict[str, Product]) -> tuple[str, Product]:
    """A product as part of another: it is the component that the statement is about, named in full."""
    whole = table(entry.get("full_product_name"))
    key, made = _product(whole, {})
    part = known.get(str(entry.get("product_reference") or entry.get("beginning_product_reference")))
    if part is None:
        return key, made
    return key, replace(part, full=made.full, cpe=made.cpe or part.cpe, purl=made.purl or part.purl,
                        models=made.models or part.models)  # fmt: skip
