"""Advisories against inventories: 500 for 10,000 organisations with 50 products.

    python bench/advisories.py [--cves FOLDER] [--csaf FOLDER] [--organisations N] [--cpe-python PATH]

`--cves` takes statements from real CVE records (such as cisagov/vulnrichment), else they are invented; `--csaf` reports
how many product leaves of real CSAF documents are understood. Needs no database. See bench/README.md.
"""

import argparse
import json
import resource
import subprocess
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import polars as pl

from advisories_data import World, invented_statements, real_statements
from dijkwacht.rooms.advisories.catalogue.naming import product_key, vendor_key
from dijkwacht.rooms.advisories.matching.rules import ALIASES, match, match_prepared, prepare
from dijkwacht.rooms.advisories.versions.evaluate import judge
from dijkwacht.rooms.advisories.versions.vers import read_vers

T = TypeVar("T")
NONE = pl.DataFrame(schema=ALIASES)


def timed(work: Callable[[], T]) -> tuple[T, float, float]:
    """What the work gives, the CPU seconds and the seconds that it took."""
    cpu, wall = time.process_time(), time.perf_counter()
    done = work()
    return done, time.process_time() - cpu, time.perf_counter() - wall


def floor(statements: pl.DataFrame, inventory: pl.DataFrame) -> int:
    """An inverted index of exact names with versions judged once: the least that any matching by name does."""
    by_name: dict[tuple[str, str], list[tuple[str, str, str]]] = defaultdict(list)
    for vendor, product, text, notation, status in statements.select(
        "vendor", "product", "version", "notation", "status"
    ).rows():
        by_name[vendor_key(vendor), product_key(vendor, product)].append((text, notation, status))
    pairs = 0
    names: dict[tuple[str, str], tuple[str, str]] = {}
    for vendor, product, version in inventory.select("vendor", "product", "version").iter_rows():
        if (vendor, product) not in names:
            names[vendor, product] = vendor_key(vendor), product_key(vendor, product)
        for text, notation, status in by_name.get(names[vendor, product], ()):
            judge(text, notation, status, version)
            pairs += 1
    return pairs


def pairwise(python: str, statements: pl.DataFrame, inventory: pl.DataFrame) -> dict[str, Any] | None:
    """A sample of 300 by 1,000 pairs, by the `cpe` library."""
    theirs = (
        statements.filter(pl.col("cpe").str.starts_with("cpe:2.3:"))["cpe"]
        .unique(maintain_order=True)
        .head(300)
        .to_list()
    )
    ours = inventory.filter(pl.col("cpe").str.starts_with("cpe:2.3:"))["cpe"].head(1_000).to_list()
    if not theirs or not ours:
        return None
    asked = json.dumps({"ours": ours, "theirs": theirs})
    peer = Path(__file__).with_name("advisories_cpe.py")
    done = subprocess.run([python, str(peer)], input=asked, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


def leaves(folder: Path) -> Iterator[str]:
    """Names of the product leaves of every CSAF document under a folder."""

    def walk(branches: list[dict[str, Any]]) -> Iterator[str]:
        for one in branches:
            if "product" in one:
                yield one["name"]
            yield from walk(one.get("branches", []))

    for file in sorted(folder.rglob("*.json")):
        document = json.loads(file.read_bytes())
        yield from walk(document.get("product_tree", {}).get("branches", []))


def coverage(folder: Path) -> None:
    """Print how the versions of real product leaves are understood, by how they are written."""
    counts: Counter[tuple[str, str]] = Counter()
    names = list(leaves(folder))
    started = time.process_time()
    for name in names:
        region = read_vers(name)
        kind = "vers:" if name.startswith("vers:") else "operators" if set(name) & set("<>") else "text"
        if not region.understood:
            how = "not understood"
        elif region.conditional:
            how = "partly: a condition in words"
        elif all(limit.sign == "=" for span in region.spans for limit in span.limits) and not region.everything:
            how = "understood: a list of versions"
        else:
            how = "understood: a range or all"
        counts[kind, how] += 1
    print(f"\n{len(names):,} product leaves, read in {time.process_time() - started:.2f} s of CPU")
    for (kind, how), count in sorted(counts.items()):
        print(f"| {kind:<10} | {how:<30} | {count:>7,} | {count / len(names):6.1%} |")


def many(statements: pl.DataFrame, organisations: int, python: str) -> None:
    """Print the table of all advisories against all inventories."""
    world = World(statements)
    inventory = world.lines(0, organisations, 50)
    size = f"{statements['item'].n_unique():,} advisories, {statements.height:,} statements; {organisations:,}"
    print(f"\n{size} organisations with 50 products, {inventory.height:,} lines")
    print("| way | CPU s | seconds | found |\n|---|---|---|---|")
    found, cpu, wall = timed(lambda: match(statements, inventory, NONE))
    print(f"| rules.match, first time in the process | {cpu:.1f} | {wall:.1f} | {found.height:,} |")
    print(
        "  "
        + ", ".join(f"{verdict} {count:,}" for verdict, count in found["verdict"].value_counts().sort("verdict").rows())
    )
    prepared = prepare(statements, NONE)
    again, cpu, wall = timed(lambda: match_prepared(prepared, inventory))
    print(f"| the same with what was read before | {cpu:.1f} | {wall:.1f} | {again.height:,} |")
    pairs, cpu, wall = timed(lambda: floor(statements, inventory))
    print(f"| inverted index of exact names, no evidence | {cpu:.1f} | {wall:.1f} | {pairs:,} |")
    if python and (peer := pairwise(python, statements, inventory)):
        each = peer["seconds"] / peer["pairs"]
        whole = each * statements.height * inventory.height
        print(
            f"| cpe library, pairwise, extrapolated from {peer['pairs']:,} pairs in {peer['seconds']:.2f} s | "
            f"{whole:,.0f} |  |  |"
        )


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cves", type=Path)
    parser.add_argument("--csaf", type=Path)
    parser.add_argument("--organisations", type=int, default=10_000)
    parser.add_argument("--cpe-python", default="", help="A Python that has the library `cpe`.")
    asked = parser.parse_args()
    if asked.csaf:
        coverage(asked.csaf)
    statements = real_statements(asked.cves, 500) if asked.cves else invented_statements(500)
    many(statements, asked.organisations, asked.cpe_python)
    print(f"\nlargest memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.2f} GiB")


if __name__ == "__main__":
    main()
