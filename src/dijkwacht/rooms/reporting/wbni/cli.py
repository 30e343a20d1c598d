"""`dijkwacht report import-wbni FILE`: open reports from before the Cbw, as early warnings."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click
from django.db import DatabaseError, transaction

from dijkwacht.platform import tenancy
from dijkwacht.platform.command_line import operator
from dijkwacht.rooms.reporting.errors import InvalidValue
from dijkwacht.rooms.reporting.wbni import actions, shape


@click.command(name="import-wbni")
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--try", "try_only", is_flag=True, help="Say what would become of each row; store nothing.")
@click.option("--schema", is_flag=True, help="Print the JSON Schema of the file.")
@click.option("--json", "as_json", is_flag=True, help="JSON instead of text.")
def import_wbni(*, file: Path | None, try_only: bool, schema: bool, as_json: bool) -> None:
    """Import open Wbni reports from before 15-08-2026 (JSON or CSV) as early warnings (Cbw 95(2)), each once.

    Exit code 0: every row was imported, known, or stays history; 1: rows were refused; 2: the file cannot be used.
    """
    if schema:
        click.echo(json.dumps(shape.json_schema(), indent=2))
        return
    if file is None:
        raise click.UsageError("Give a file, or --schema.")
    try:
        rows = shape.read(file)
    except InvalidValue as problem:
        raise click.UsageError(problem.text("en")) from problem
    try:
        with transaction.atomic():
            with tenancy.acting(operator()) as actor:
                found = actions.import_reports(actor=actor, rows=rows)
            transaction.set_rollback(try_only)
    except DatabaseError as error:
        raise click.ClickException(f"The database refused: {error}") from error
    _say(found, as_json=as_json, try_only=try_only)
    sys.exit(1 if any(one.what == "refused" for one in found) else 0)


def _say(found: list[actions.Outcome], *, as_json: bool, try_only: bool) -> None:
    counts = {what: sum(one.what == what for one in found) for what in ("imported", "known", "history", "refused")}
    if as_json:
        told = {"tried": try_only, **counts, "rows": [asdict(one) for one in found]}
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    for one in found:
        words = " ".join(filter(None, (one.incident, one.because_en)))
        click.echo(f"{one.place}: {one.number} {one.what} {words}".rstrip())
    click.echo(("Would be: " if try_only else "") + ", ".join(f"{number} {what}" for what, number in counts.items()))
