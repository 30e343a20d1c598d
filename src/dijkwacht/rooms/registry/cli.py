"""`dijkwacht registry import FILE` and `dijkwacht registry export FILE`."""

import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

import click
from django.db import DatabaseError

from dijkwacht.kernel.errors import Problem
from dijkwacht.platform import tenancy
from dijkwacht.platform.command_line import fail, operator, private
from dijkwacht.rooms.registry import actions, cli_comparing, cli_extracts
from dijkwacht.rooms.registry.exchange.report import Refusal, Report

SHOWN = 50  # refused rows printed; --json lists them all


@click.group()
def registry() -> None:
    """Take organisations, contacts, assets and mandates in from a file, or out to one."""


@registry.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--evidence", default="", help="Counts for rows that say verified without evidence of their own.")
@click.option("--try", "try_only", is_flag=True, help="Report what would happen; change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def import_command(*, file: Path, evidence: str, try_only: bool, as_json: bool) -> None:
    """Store what is right in FILE (.csv or .json) and report what is not. Exit code 1 when a row was refused."""
    actor = operator()
    try:
        with tenancy.acting(actor), file.open("rb") as stream:
            report = actions.import_file(actor=actor, file=stream, name=file.name, evidence=evidence, try_only=try_only)
    except Problem as problem:
        fail(problem, as_json=as_json)
        return
    except DatabaseError as error:
        raise click.ClickException(f"The database refused: {error}") from error
    click.echo(json.dumps(report.as_dict(), ensure_ascii=False) if as_json else "\n".join(lines(report)))
    sys.exit(1 if report.refused else 0)


def lines(report: Report) -> list[str]:
    """Return the report for a person."""
    stored = ", ".join(f"{count} {record}" for record, count in report.stored.items())
    verb = "Would store" if report.tried_only else "Stored"
    told = [f"{report.rows} rows read. {verb}: {stored}. Conflicts: {report.conflicts}."]
    told += [f"note: {_line(row)}" for row in report.notes[:SHOWN]]
    told += [f"refused: {_line(row)}" for row in report.refusals[:SHOWN]]
    if report.refused:
        told.append(f"{report.refused} refused; {report.organisations_left_out} organisations left out as a whole.")
    return told


def _line(row: Refusal) -> str:
    return f"row {row.line} {row.record} {row.column} {row.value!r}: {row.reason_en}"


@registry.command("export")
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def export_command(*, file: Path, as_json: bool) -> None:
    """Write the registry to FILE (.csv or .json); what is there is replaced when all is written."""
    actor, draft = operator(), file.with_name(f".{file.name}.part")
    try:
        with tenancy.acting(actor):
            pieces = actions.export_file(actor=actor, name=file.name)
            with os.fdopen(private(draft), "wb") as stream:
                size = _write(stream, pieces)
        draft.replace(file)
    except Problem as problem:
        fail(problem, as_json=as_json)
        return
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise click.ClickException(f"{file} cannot be written: {error.strerror}") from error
    click.echo(json.dumps({"file": str(file), "bytes": size}) if as_json else f"{size} bytes written to {file}.")


def _write(stream: BinaryIO, pieces: Iterable[bytes]) -> int:
    return sum(stream.write(piece) for piece in pieces)


for command in (*cli_extracts.COMMANDS, cli_comparing.compare):
    registry.add_command(command)
