"""Precision, recall, CPU and memory of linking three generated registers; and the counts behind the table of weights.

Run: python bench/linkage.py [--scale 1] [--seeds 1 2 3]     each seed is linked in a process of its own
     python bench/linkage.py --weights [--scale 0.5] [--seeds 11 12]
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from itertools import combinations
from pathlib import Path
from random import Random

import duckdb
import polars as pl

from dijkwacht.rooms.linkage.generator.registers import generate
from dijkwacht.rooms.linkage.linking.link import read_registers
from dijkwacht.rooms.linkage.linking.mapping import read_mapping
from dijkwacht.rooms.linkage.linking.measuring import read_truth
from dijkwacht.rooms.linkage.linking.normal import normal_frame, sources
from dijkwacht.rooms.linkage.linking.scoring import CONDITIONS
from dijkwacht.rooms.linkage.linking.weights import Comparison, weights

FILES = ("businesses.csv", "national.csv", "providers.xlsx")
RANDOM_PAIRS = 3_000_000
KINDS = 8  # of dirt, shown: those that cost most recall


def link(folder: Path) -> dict[str, object]:
    """Link the registers of a folder by the command, in a process of its own."""
    command = [sys.executable, "-m", "dijkwacht", "registry", "link", *(str(folder / name) for name in FILES), "--json"]
    command += ["--mapping", str(folder / "mapping.toml"), "--truth", str(folder / "truth.csv")]
    command += ["--out", str(folder / "clusters.csv"), "--review", str(folder / "review.csv")]
    told: dict[str, object] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return told


def show(seed: int, told: dict[str, object]) -> None:
    """Print what one seed gave."""
    print(
        f"seed {seed}: precision {told['precision']:.5f}, recall {told['recall']:.5f},"
        f" {told['merged_pairs']} pairs merged, {told['review']} for review ({told['true_pairs_in_review']} true),"
        f" {told['cpu_seconds']} s CPU, {told['peak_mib']} MiB"
    )
    dirt = told["by_dirt"]
    assert isinstance(dirt, dict)
    lost = sorted(dirt.items(), key=lambda item: item[1]["merged"] - item[1]["true"])[:KINDS]
    for kind, count in lost:
        merged, asked = count["merged"] / count["true"], count["review"] / count["true"]
        print(f"  {kind:16} {count['true']:6} true pairs, {merged:.1%} merged, {asked:.1%} in review")


def levels(connection: duckdb.DuckDBPyConnection, comparison: Comparison) -> dict[str, float]:
    """How often each level comes out over the table `pairs`, as a share of those where nothing is missing."""
    conditions = CONDITIONS[comparison.name]
    cases = " ".join(f"when {sql} then '{name}'" for name, sql in conditions.items())
    rows = connection.execute(
        f"select case {cases} else 'other' end as level, count(*) from pairs group by 1"
    ).fetchall()
    counts = {name: count for name, count in rows if name != "missing"}
    return {level.name: counts.get(level.name, 0) / max(1, sum(counts.values())) for level in comparison.levels}


def paired(frame: pl.DataFrame, pairs: list[tuple[int, int]]) -> pl.DataFrame:
    """Both records of each pair in one row, with the endings that the conditions use."""
    keys = pl.DataFrame(pairs, schema=["l", "r"], orient="row")
    left = frame.rename({name: f"{name}_l" for name in frame.columns})
    right = frame.rename({name: f"{name}_r" for name in frame.columns})
    return keys.join(left, left_on="l", right_on="unique_id_l").join(right, left_on="r", right_on="unique_id_r")


def count(folder: Path, seed: int) -> None:
    """Print m over the true pairs and u over pairs taken at random, beside the table that is shipped."""
    registers = read_registers([folder / name for name in FILES], read_mapping((folder / "mapping.toml").read_bytes()))
    frame = normal_frame(registers)
    truth = read_truth(folder / "truth.csv", sources(registers))
    together = defaultdict(list)
    for at, key in enumerate(frame.select("source", "row").iter_rows()):
        together[truth.entity[key]].append(at)
    true = [pair for group in together.values() for pair in combinations(group, 2)]
    random = Random(seed)
    some = [(random.randrange(frame.height), random.randrange(frame.height)) for _ in range(RANDOM_PAIRS)]
    shares = {}
    for name, pairs in (("m", true), ("u", [pair for pair in some if pair[0] != pair[1]])):
        with duckdb.connect(":memory:") as connection:
            connection.register("pairs", paired(frame, pairs).to_arrow())
            shares[name] = {one.name: levels(connection, one) for one in weights().comparisons}
    for one in weights().comparisons:
        for level in one.levels:
            m, u = (shares[name][one.name][level.name] for name in ("m", "u"))
            print(f"  {one.name:8} {level.name:8} m {m:.4f} (table {level.m:.4f})   u {u:.2e} (table {level.u:.2e})")


def main() -> None:
    """Generate, then link or count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--weights", action="store_true", help="count m and u instead")
    asked = parser.parse_args()
    for seed in asked.seeds:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            made = generate(folder, scale=asked.scale, seed=seed)
            print(f"{sum(made.records.values())} records of {made.entities} organisations")
            if asked.weights:
                count(folder, seed)
            else:
                show(seed, link(folder))


if __name__ == "__main__":
    main()
