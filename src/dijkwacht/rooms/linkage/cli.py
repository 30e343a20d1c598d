"""`dijkwacht registry link`, `generate-registers` and `merge`; they hang under the registry's command."""

import csv
import json
import os
import resource
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from dijkwacht.kernel.errors import Problem

if TYPE_CHECKING:
    from dijkwacht.rooms.linkage.linking.link import Linked
    from dijkwacht.rooms.linkage.linking.measuring import Measure, Truth

HEADER: Final = ("source", "row", "cluster", "probability")
REVIEW_HEADER: Final = (
    "first_source", "first_row", "second_source", "second_row", "probability", "weight", "against",
)  # fmt: skip
EXISTING: Final = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
NEW: Final = click.Path(dir_okay=False, path_type=Path)
SHOWN: Final = 20  # notes that are printed


def fail(problem: Problem, *, as_json: bool) -> None:
    """Print a problem and end with exit code 1."""
    click.echo(json.dumps(problem.as_problem()) if as_json else f"Error: {problem.text('en')}", err=not as_json)
    sys.exit(1)


@click.command("link")
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=EXISTING)
@click.option("--mapping", required=True, type=EXISTING, help="TOML: which column of which file holds what.")
@click.option("--out", required=True, type=NEW, help="CLUSTERS.csv to write: source,row,cluster,probability.")
@click.option("--review", type=NEW, help="CSV to write: the pairs that a person should look at.")
@click.option("--truth", type=EXISTING, help="CSV source,row,entity: print precision and recall.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def link_command(
    *, files: tuple[Path, ...], mapping: Path, out: Path, review: Path | None, truth: Path | None, as_json: bool
) -> None:
    """Find which records of registers (.csv, .xlsx, .json) are one organisation. Needs no database."""
    if twice := sorted({str(path) for path in files if files.count(path) > 1}):
        raise click.UsageError(f"given twice: {', '.join(twice)}")
    for target in filter(None, (out, review)):
        if not target.parent.is_dir():
            raise click.UsageError(f"there is no folder {target.parent}")
        if target.exists() and any(target.samefile(path) for path in (*files, mapping, *filter(None, [truth]))):
            raise click.UsageError(f"{target} is read as well: the result would replace it")
    if review is not None and review.resolve() == out.resolve():
        raise click.UsageError("--out and --review name one file")
    try:
        linked, known = _linked(files, mapping, truth)
        _write(out, HEADER, ((*row[:3], f"{row[3]:.6f}") for row in linked.rows()))
        if review is not None:
            _write(review, REVIEW_HEADER, _review_rows(linked))
    except Problem as problem:
        fail(problem, as_json=as_json)
        return
    except OSError as error:
        raise click.ClickException(f"{error.filename} cannot be read or written: {error.strerror}") from error
    report = _report(linked, linked.measured(known) if known else None)
    click.echo(json.dumps(report, ensure_ascii=False) if as_json else "\n".join(_lines(report)))


def _linked(files: tuple[Path, ...], mapping: Path, truth: Path | None) -> "tuple[Linked, Truth | None]":
    from dijkwacht.rooms.linkage.linking.link import link, read_registers
    from dijkwacht.rooms.linkage.linking.mapping import read_mapping
    from dijkwacht.rooms.linkage.linking.measuring import read_truth
    from dijkwacht.rooms.linkage.linking.normal import sources

    registers = read_registers(files, read_mapping(mapping.read_bytes()))
    aliases = {register.file: register.layout.source for register in registers}
    known = read_truth(truth, sources(registers), aliases) if truth else None  # before the work, not after it
    return link(registers), known


def _write(path: Path, header: Iterable[str], rows: Iterable[Iterable[Any]]) -> None:
    """Write a CSV that is whole or not there."""
    draft = path.with_name(f".{path.name}.part")
    with os.fdopen(
        os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8", newline=""
    ) as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
    draft.replace(path)


def _review_rows(linked: "Linked") -> Iterable[tuple[Any, ...]]:
    judged = linked.review.select("match_probability", "match_weight", "against").iter_rows()
    for (first, second), (probability, weight, against) in zip(linked.review_pairs(), judged, strict=True):
        yield *first, *second, f"{probability:.6f}", f"{weight:.1f}", against or ""


def _report(linked: "Linked", measured: "Measure | None") -> dict[str, Any]:
    used = resource.getrusage(resource.RUSAGE_SELF)
    rows = linked.rows()
    sizes: dict[int, int] = {}
    for _, _, number, _ in rows:
        sizes[number] = sizes.get(number, 0) + 1
    report: dict[str, Any] = {
        "records": {register.layout.source: len(register.rows) for register in linked.registers},
        "clusters": len(sizes),
        "merged": sum(size for size in sizes.values() if size > 1),
        "review": linked.review.height,
        "notes": [
            {"source": note.source, "row": note.row, "column": note.column, "reason": note.reason_en}
            for register in linked.registers
            for note in register.notes
        ],
        "cpu_seconds": round(used.ru_utime + used.ru_stime, 1),
        "peak_mib": used.ru_maxrss >> 10,
    }
    if measured is not None:
        report |= {
            "precision": round(measured.precision, 6),
            "recall": round(measured.recall, 6),
            "true_pairs": measured.true,
            "merged_pairs": measured.merged,
            "right_pairs": measured.right,
            "true_pairs_in_review": measured.asked,
            "by_dirt": {
                kind: dict(zip(("true", "merged", "review"), count, strict=True))
                for kind, count in measured.by_dirt.items()
            },
        }
    return report


def _lines(report: dict[str, Any]) -> list[str]:
    """Return the report for a person."""
    read = ", ".join(f"{count} of {source}" for source, count in report["records"].items())
    lines = [
        f"Read {read}. {report['clusters']} organisations; {report['merged']} records share one with another.",
        f"{report['review']} pairs for review. {report['cpu_seconds']} s CPU, {report['peak_mib']} MiB.",
        *(
            f"note: {one['source']} row {one['row']} {one['column']}: {one['reason']}"
            for one in report["notes"][:SHOWN]
        ),
    ]
    if len(report["notes"]) > SHOWN:
        lines.append(f"and {len(report['notes']) - SHOWN} notes more; --json lists them")
    return lines + (_measured_lines(report) if "precision" in report else [])


def _measured_lines(report: dict[str, Any]) -> list[str]:
    right, merged, true = report["right_pairs"], report["merged_pairs"], report["true_pairs"]
    asked = report["true_pairs_in_review"]
    return [
        f"precision {report['precision']:.6f} ({right} of {merged} merged pairs are right)",
        f"recall {report['recall']:.6f} ({right} of {true} true pairs; {asked} more wait for a person)",
        *(
            f"  {kind:18} {count['true']:7} true pairs, {count['merged'] / count['true']:7.2%} merged,"
            f" {count['review'] / count['true']:6.2%} in review"
            for kind, count in report["by_dirt"].items()
        ),
    ]


@click.command("generate-registers")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--scale", default=1.0, show_default=True, type=click.FloatRange(0.0001, 10), help="Of 161,500 records.")
@click.option("--seed", default=1, show_default=True, help="The same one makes the same registers.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def generate_command(*, folder: Path, scale: float, seed: int, as_json: bool) -> None:
    """Write three invented registers that overlap into FOLDER, with mapping.toml and truth.csv."""
    from dijkwacht.rooms.linkage.generator.registers import generate

    try:
        made = generate(folder, scale=scale, seed=seed)
    except OSError as error:
        raise click.ClickException(f"{folder} cannot be written: {error.strerror}") from error
    told = {"files": [str(path) for path in made.files], "records": made.records, "entities": made.entities}
    read = ", ".join(f"{count} {name}" for name, count in made.records.items())
    text = f"{read}: {made.entities} organisations, {made.repeated} of them more than once. See {folder}/truth.csv."
    click.echo(json.dumps(told) if as_json else text)
