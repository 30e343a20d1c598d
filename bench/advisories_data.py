"""Advisories and inventories for the bench: of real CVE records where a folder of them is given, else invented."""

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl

from dijkwacht.rooms.advisories.matching.rules import INVENTORY
from dijkwacht.rooms.advisories.statements import COLUMNS

SEED: Final = 20261126
FORMS: Final = ("", " Inc.", " GmbH", " Corporation", " B.V.")
SCHEMA: Final = {name: pl.List(pl.String) if name == "models" else pl.String for name in COLUMNS}
PRODUCTS: Final = 5_000
VERSIONS: Final = 24  # that a product is run in


def real_statements(folder: Path, advisories: int) -> pl.DataFrame:
    """Statements of that many CVE records, at random: as their `affected` entries say."""
    files = sorted(folder.rglob("CVE-*.json"))
    rng = random.Random(SEED)
    rows: list[tuple[Any, ...]] = []
    taken: set[str] = set()
    for file in rng.sample(files, len(files)):
        record = json.loads(file.read_bytes())
        name = record["cveMetadata"]["cveId"]
        found = list(_affected(record))
        if not found:
            continue
        taken.add(name)
        for entry in found:
            said = {key: entry[key] for key in ("defaultStatus", "versions") if key in entry}
            cpe = next(iter(entry.get("cpes", [])), "")
            rows.append(("cve", name, name, entry.get("vendor", ""), entry.get("product", ""), json.dumps(said), "cve",
                         "affected", cpe, "", [], ""))  # fmt: skip
        if len(taken) == advisories:
            break
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _affected(record: dict[str, Any]) -> Iterator[dict[str, Any]]:
    containers = record.get("containers", {})
    for container in [containers.get("cna", {}), *containers.get("adp", [])]:
        for entry in container.get("affected", []):
            if entry.get("versions") and entry.get("product", "n/a") != "n/a":
                yield entry


def invented_statements(advisories: int) -> pl.DataFrame:
    """Each advisory names one to twelve products, in the notations that sources use."""
    rng = random.Random(SEED)
    rows = []
    for number in range(advisories):
        for product in rng.sample(range(PRODUCTS), rng.randint(1, 12)):
            low, high = rng.randint(1, 4), rng.randint(5, 9)
            text = rng.choice(
                (f"< V{high}.{rng.randint(0, 20)} SP{rng.randint(1, 3)}", f">={low}.0|<{high}.{rng.randint(0, 20)}.1",
                 f"vers:all/<{high}.2.{rng.randint(0, 30)}", f"{high}.1 and earlier", f"All versions < V{high}.4")
            )  # fmt: skip
            vendor, name = _named(product)
            cpe = f"cpe:2.3:a:{vendor}:{name}:*:*:*:*:*:*:*:*" if rng.random() < 0.4 else ""
            rows.append(
                ("csaf", f"A-{number}", f"CVE-2026-{number}", vendor, name, text, "text", "affected", cpe, "", [], "")
            )
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _named(product: int) -> tuple[str, str]:
    return f"vendor{product % 400}", f"product_{product:04d}_{('server', 'client', 'controller')[product % 3]}"


class World:
    """Products as organisations call them, some of which the statements name; and lines at random among them."""

    def __init__(self, statements: pl.DataFrame) -> None:
        rng = random.Random(SEED)
        named = statements.select("vendor", "product", "cpe").unique(["vendor", "product"], maintain_order=True).rows()
        others = [(*_named(number), "") for number in range(PRODUCTS)]
        names = [*rng.sample(named, min(len(named), PRODUCTS // 2)), *others][:PRODUCTS]
        rng.shuffle(names)
        rows = []
        for vendor, product, cpe in names:
            for _ in range(VERSIONS):
                spelt = product.replace("_", " ").title() if rng.random() < 0.5 else product
                version = f"{rng.randint(0, 10)}.{rng.randint(0, 20)}" + (
                    f".{rng.randint(0, 30)}" if rng.random() < 0.7 else ""
                )
                rows.append((vendor + rng.choice(FORMS), spelt, version, cpe if rng.random() < 0.3 else "", ""))
        self.table = pl.DataFrame(rows, schema=dict.fromkeys(INVENTORY[2:], pl.String), orient="row")
        weight = 1 / np.arange(1, len(names) + 1) ** 0.7  # few products are everywhere
        self.weight = np.cumsum(weight / weight.sum())

    def lines(self, first: int, organisations: int, products: int) -> pl.DataFrame:
        """Lines of organisations numbered from `first`, each with that many products."""
        rng = np.random.default_rng(SEED + first)
        count = organisations * products
        product = np.searchsorted(self.weight, rng.random(count))
        chosen = self.table[product * VERSIONS + rng.integers(0, VERSIONS, count)]
        owner = np.repeat(np.arange(first, first + organisations), products)
        ids = pl.DataFrame({"organisation": owner, "line": np.arange(count) + first * products}).cast(pl.String)
        return pl.concat([ids, chosen], how="horizontal")
