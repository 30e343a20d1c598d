"""`dijkwacht look-back`: attributes kept observations again, without database or law, here or on a scheduler."""

import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import click
import polars as pl

from .index import Index, build_index
from .measure import cpu_seconds, peak_bytes
from .partitions import Partitions
from .registry_file import RegistryFileError, read_registry
from .retro import attribute_partitions
from .schema import HOW

EXISTING: Final = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
FOLDER: Final = click.Path(exists=True, file_okay=False, readable=True, path_type=Path)
DAY: Final = click.DateTime(["%Y-%m-%d"])


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked: the files, the assets that count (all when None), and where the work is done."""

    paths: list[Path]
    assets: Sequence[int] | None
    scheduler: str


@click.command("look-back")
@click.argument("observations", type=FOLDER)
@click.option("--registry", required=True, type=EXISTING, help="CSV: organisation,kind,value.")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="Parquet file to write.")
@click.option("--organisation", "organisations", multiple=True, help="Only what is this organisation's; repeatable.")
@click.option("--first", type=DAY, default=None, help="First day of receipt.")
@click.option("--last", type=DAY, default=None, help="Last day of receipt.")
@click.option("--scheduler", default="", metavar="DASK_URL", help="Spread the work over the workers of this scheduler.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def look_back_command(
    observations: Path,
    registry: Path,
    out: Path,
    organisations: tuple[str, ...],
    first: datetime | None,
    last: datetime | None,
    scheduler: str,
    *,
    as_json: bool,
) -> None:
    """Attribute the Parquet files under OBSERVATIONS again, against a registry as it is now.

    The result has one row per finding: organisation, asset, kind, key, first and last seen, count, severity and where
    a sample stands. The same rows in the same order, however many workers there are.
    """
    index = _index(registry)
    paths = Partitions(observations).paths(first and first.date(), last and last.date())
    try:
        findings = _attributed(_Question(paths, _assets(index, organisations), scheduler), index, out)
        draft = out.with_name(f".{out.name}.draft")
        named(findings, index).write_parquet(draft)
        draft.replace(out)
    except OSError as error:
        raise click.ClickException(f"{error.filename or out}: {error.strerror or error}") from error
    said = {
        "files": len(paths),
        "findings": findings.height,
        "pairs": int(findings["count"].sum()),
        "registry_refused": index.refused.height,
        "cpu_seconds": round(cpu_seconds(), 3),  # of this process: the workers' own is for the scheduler to say
        "peak_bytes": peak_bytes(),
    }
    click.echo(json.dumps(said) if as_json else "\n".join(f"{name:<22} {value:>14,}" for name, value in said.items()))
    sys.exit(0)


def named(findings: pl.DataFrame, index: Index) -> pl.DataFrame:
    """Give FINDING with the registry's text for each asset in place of its number; without the ids, which are keyed."""
    assets = index.registry.select("organisation", asset_kind="kind", value="value")[findings["asset"]]
    how = findings["how"].replace_strict(range(len(HOW)), HOW, return_dtype=pl.String)
    rest = findings.drop("id_high", "id_low", "asset", "how").with_columns(
        pl.col("kind", "key", "sample_source").cast(pl.String)
    )
    return pl.concat([assets, how.to_frame(), rest], how="horizontal").sort(
        "organisation", "asset_kind", "value", "kind", "key", "sample_source", "sample_line"
    )


def _index(registry: Path) -> Index:
    try:
        return build_index(read_registry(registry).rows)
    except RegistryFileError as error:
        raise click.ClickException(str(error)) from error


def _assets(index: Index, organisations: tuple[str, ...]) -> list[int] | None:
    """Give the assets of the organisations that are asked for; an unknown one is wrong use."""
    if not organisations:
        return None
    known = index.registry.with_row_index("row").filter(pl.col("organisation").is_in(organisations))
    if missing := sorted(set(organisations) - set(known["organisation"])):
        raise click.UsageError(f"not in the registry: {', '.join(missing)}")
    return known["row"].to_list()


def _attributed(question: _Question, index: Index, out: Path) -> pl.DataFrame:
    if not question.scheduler:
        return attribute_partitions(question.paths, index, only_assets=question.assets)
    from .distributed import SchedulerUnreachableError, SharedIndex, attribute_partitions_on, connect

    with tempfile.TemporaryDirectory(prefix=".index-", dir=out.absolute().parent) as folder:
        index.save(Path(folder))
        shared = SharedIndex(Path(folder), index.version)
        try:
            with connect(question.scheduler) as client:
                return attribute_partitions_on(client, question.paths, shared, only_assets=question.assets)
        except SchedulerUnreachableError as error:
            raise click.ClickException(str(error)) from error
