"""`dijkwacht attribute`: the data path alone, without database or law."""

import json
import os
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import click

from .index import Index, build_index
from .measure import cpu_seconds, peak_bytes
from .reading import REASONS, ReportRefused
from .registry_file import RegistryFile, RegistryFileError, read_registry
from .results import ResultWriter
from .run import Options, RunReport, attribute_file

SHOWN: Final = 20  # refused registry rows and lines set aside that are shown one by one
EXISTING: Final = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)


@click.command("attribute")
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=EXISTING)
@click.option("--registry", "registry", required=True, type=EXISTING, help="CSV: organisation,kind,value.")
@click.option(
    "--out", "out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="RESULT.csv to write."
)
@click.option("--feed", default="", metavar="SLUG", help="The feed of the files; without it they are recognised.")
@click.option("--scheduler", default="", metavar="DASK_URL", help="Spread the work over the workers of this scheduler.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def attribute_command(
    files: tuple[Path, ...], registry: Path, out: Path, feed: str, scheduler: str, *, as_json: bool
) -> None:
    """Attribute the rows of FILEs to the organisations of a registry.

    REGISTRY has the header organisation,kind,value; kind is prefix, asn or domain. RESULT gets the header
    file,line,organisation,kind,value,how and one row per attributed pair; line counts data rows from 1.
    """
    if twice := sorted({_shown(path) for path in files if files.count(path) > 1}):
        raise click.UsageError(f"given twice: {', '.join(twice)}")
    if not out.parent.is_dir():
        raise click.UsageError(f"there is no folder {out.parent}")
    if out.exists() and any(out.samefile(path) for path in (registry, *files)):
        raise click.UsageError(f"{out} is read as well: the result would replace it")
    _check_feed(feed)
    try:
        table = read_registry(registry)
    except RegistryFileError as error:
        raise click.ClickException(str(error)) from error
    index = build_index(table.rows)
    try:
        reports, refused = _run(sorted(files, key=str), index, out, Options(feed=feed), scheduler)
    except OSError as error:
        raise click.ClickException(f"{out} cannot be written: {error.strerror or error}") from error
    summary = _summary(reports, refused, table, index)
    click.echo(json.dumps(summary, indent=2) if as_json else _table(summary))
    _complain(summary, reports, as_json=as_json)
    sys.exit(1 if refused else 0)


def _check_feed(feed: str) -> None:
    from dijkwacht.feeds import catalogue

    if feed and feed not in catalogue():
        raise click.UsageError(f"there is no feed {feed!r}; there are: {', '.join(sorted(catalogue()))}")


def _run(
    files: list[Path], index: Index, out: Path, options: Options, scheduler: str
) -> tuple[list[RunReport], dict[str, str]]:
    """Attribute all files; gives the reports, and the reason for each file that could not be used."""
    if scheduler:
        return _run_on(scheduler, files, index, out, options)
    reports: list[RunReport] = []
    refused: dict[str, str] = {}
    with ResultWriter(out, index) as writer:
        for path in files:
            before = writer.position()
            try:
                reports.append(attribute_file(path, index, options, source=_shown(Path(path.name)), sink=writer.write))
            except (ReportRefused, OSError) as error:
                writer.back_to(before)  # nothing of a refused file is used
                refused[_shown(path)] = str(error)
    return reports, refused


def _run_on(
    scheduler: str, files: list[Path], index: Index, out: Path, options: Options
) -> tuple[list[RunReport], dict[str, str]]:
    """The same on the workers of a scheduler, which find the index beside the result."""
    from .distributed import SchedulerUnreachableError, SharedIndex, attribute_files, connect

    with tempfile.TemporaryDirectory(prefix=".index-", dir=out.absolute().parent) as folder:
        index.save(Path(folder))
        shared = SharedIndex(Path(folder), index.version)
        try:
            with connect(scheduler) as client, ResultWriter(out, index) as writer:
                return attribute_files(client, files, shared, options, writer)
        except SchedulerUnreachableError as error:
            raise click.ClickException(str(error)) from error


def _summary(reports: list[RunReport], refused: dict[str, str], table: RegistryFile, index: Index) -> dict[str, Any]:
    rows = [(table.lines[row], detail) for row, detail in index.refused.select("row", "detail").iter_rows()]
    counts = [asdict(report.counts) | {"unattributed": report.counts.unattributed} for report in reports]
    names = ("read", "set_aside", "attributed", "unattributed", "pairs")
    return {
        "files": [
            {"file": _shown(report.path), "feeds": report.feeds, **each}
            for report, each in zip(reports, counts, strict=True)
        ],
        "refused_files": refused,
        "registry": {
            "rows": table.rows.height + len(table.refused),
            "refused": [{"line": line, "reason": reason} for line, reason in sorted(rows + table.refused)],
        },
        **{name: sum(each[name] for each in counts) for name in names},
        "findings": sum(report.findings.height for report in reports),
        "cpu_seconds": round(cpu_seconds() + sum(report.worker_cpu_seconds for report in reports), 3),
        "peak_bytes": max([peak_bytes(), *(report.peak_bytes for report in reports)]),
    }


def _table(summary: dict[str, Any]) -> str:
    rows = [
        ("rows read", f"{summary['read']:,}"),
        ("set aside", f"{summary['set_aside']:,}"),
        ("attributed", f"{summary['attributed']:,}"),
        ("unattributed", f"{summary['unattributed']:,}"),
        ("pairs", f"{summary['pairs']:,}"),
        ("registry rows refused", f"{len(summary['registry']['refused']):,}"),
        ("seconds of CPU", f"{summary['cpu_seconds']:,.2f}"),
        ("peak memory", f"{summary['peak_bytes'] / 2**20:,.0f} MiB"),
    ]
    return "\n".join(f"{name:<22} {value:>14}" for name, value in rows)


def _complain(summary: dict[str, Any], reports: list[RunReport], *, as_json: bool) -> None:
    """Name on standard error what was not used. JSON holds it already, but for the lines."""
    if not as_json:
        bad = summary["registry"]["refused"]
        _list([f"registry line {row['line']}: {row['reason']}" for row in bad])
        _list([f"{path}: {reason}" for path, reason in summary["refused_files"].items()])
    for report in reports:
        lines = report.set_aside.select("line", "column", "reason", "detail").iter_rows()
        name = _shown(report.path)
        _list(
            [
                f"{name}, data row {line}, {column or 'whole line'}: {REASONS[reason].en} {detail}".rstrip()
                for line, column, reason, detail in lines
            ]
        )


def _shown(path: Path) -> str:
    """A path as text that any terminal and file can take, also when its name is not UTF-8."""
    return os.fsencode(path).decode(errors="replace")


def _list(lines: list[str]) -> None:
    for line in lines[:SHOWN]:
        click.echo(line, err=True)
    if len(lines) > SHOWN:
        click.echo(f"… and {len(lines) - SHOWN} more", err=True)


if __name__ == "__main__":
    attribute_command()
