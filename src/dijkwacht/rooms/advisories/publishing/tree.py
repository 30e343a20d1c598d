"""The product tree of a document: vendor, product, version or range; and who has which status. No Django."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final

from dijkwacht.rooms.advisories.publishing.ranges import Named, names
from dijkwacht.rooms.advisories.statements import Status
from dijkwacht.rooms.advisories.writing.content import Line, Vulnerability

CATEGORY: Final = {"version": "product_version", "range": "product_version_range"}
UNKNOWN_VENDOR: Final = "unknown vendor"
STATUS_KEYS: Final = {
    Status.AFFECTED: "known_affected",
    Status.NOT_AFFECTED: "known_not_affected",
    Status.FIXED: "fixed",
    Status.UNDER_INVESTIGATION: "under_investigation",
}


@dataclass
class Leaf:
    """A product of the tree."""

    vendor: str
    product: str
    named: Named
    line: Line

    @property
    def id(self) -> str:
        """The same in every version of the advisory, and in every advisory: made of what the product is called.

        Not of how a CSAF version writes its versions: a reader of 2.0 and one of 2.1 speak of the same.
        """
        told = f"{self.vendor}\n{self.product}\n{self.line.version}\n{self.line.notation}\n{self.told}"
        return f"CSAFPID-{sha256(told.encode()).hexdigest()[:16]}"

    told: str = ""  # which of the leaves of one line: its name in CSAF 2.0

    @property
    def name(self) -> str:
        parts = [self.vendor, self.product]
        if self.named.where == "words":
            parts.append(f"({self.named.name})")
        elif self.named.name:
            parts.append(self.named.name)
        return " ".join(parts)

    def as_product(self) -> dict[str, Any]:
        """Give the full product name, CSAF 2.0 3.1.3. A range has no helper: that names a product completely."""
        made: dict[str, Any] = {"name": self.name, "product_id": self.id}
        helper: dict[str, Any] = {}
        if self.line.cpe and self.named.where != "range":
            helper["cpe"] = self.line.cpe
        if self.line.purl and self.named.where == "version":
            helper["purl"] = self.line.purl
        if self.line.models:
            helper["model_numbers"] = sorted(set(self.line.models))
        if helper:
            made["product_identification_helper"] = helper
        return made


@dataclass
class Tree:
    """The leaves, and per vulnerability the status of each."""

    leaves: dict[str, Leaf] = field(default_factory=dict)
    statuses: list[dict[str, list[str]]] = field(default_factory=list)

    def as_json(self, csaf: str) -> dict[str, Any]:
        """Give `product_tree`; in 2.1 a helper for purls is a list."""
        vendors: dict[str, dict[str, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
        beside = []
        for leaf in self.leaves.values():
            product = leaf.as_product()
            helper = product.get("product_identification_helper", {})
            if csaf == "2.1" and "purl" in helper:
                helper["purls"] = [helper.pop("purl")]
            if leaf.named.where == "words":
                beside.append(product)
            else:
                vendors[leaf.vendor][leaf.product].append(_branch(leaf, product))
        made: dict[str, Any] = {}
        if vendors:
            made["branches"] = [_vendor(name, held) for name, held in vendors.items()]
        if beside:
            made["full_product_names"] = beside
        return made


def _branch(leaf: Leaf, product: dict[str, Any]) -> dict[str, Any]:
    if leaf.named.where == "product":
        return {"category": "product_name", "name": leaf.product, "product": product}
    return {"category": CATEGORY[leaf.named.where], "name": leaf.named.name, "product": product}


def _vendor(name: str, held: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    branches = []
    for product, leaves in held.items():
        # A product without a version has no branches below it: it is one itself.
        branches += [one for one in leaves if one["category"] == "product_name"]
        below = [one for one in leaves if one["category"] != "product_name"]
        if below:
            branches.append({"branches": below, "category": "product_name", "name": product})
    return {"branches": branches, "category": "vendor", "name": name}


def build(vulnerabilities: Iterable[Vulnerability], csaf: str) -> Tree:
    """Give the tree of all lines. A product that is affected by one source and not by another is affected."""
    tree = Tree()
    for one in vulnerabilities:
        said: dict[str, Status] = {}
        for leaf in (leaf for line in one.lines for leaf in _leaves(line, csaf)):
            tree.leaves.setdefault(leaf.id, leaf)
            said[leaf.id] = _stronger(said.get(leaf.id), leaf.named.status)
        groups: dict[str, list[str]] = defaultdict(list)
        for product, status in said.items():
            groups[STATUS_KEYS[status]].append(product)
        tree.statuses.append(dict(sorted(groups.items())))
    return tree


ORDER: Final = (Status.AFFECTED, Status.UNDER_INVESTIGATION, Status.FIXED, Status.NOT_AFFECTED)


def _stronger(before: Status | None, now: Status) -> Status:
    """Two statuses of one product contradict each other (test 6.1.6): the one that asks most of the reader stays."""
    return now if before is None or ORDER.index(now) < ORDER.index(before) else before


def _leaves(line: Line, csaf: str) -> list[Leaf]:
    vendor, product = line.vendor.strip() or UNKNOWN_VENDOR, line.product.strip()
    plain = names(line.version, line.notation, line.status, "2.0")
    fitted = names(line.version, line.notation, line.status, csaf)
    return [Leaf(vendor, product, one, line, told=told.name) for one, told in zip(fitted, plain, strict=True)]
