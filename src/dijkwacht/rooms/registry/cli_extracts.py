"""`dijkwacht registry enisa` and `dijkwacht registry numbers`: what the register gives to others as of a date."""

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

import click
from django.db import DatabaseError

from dijkwacht.kernel.errors import Problem
from dijkwacht.platform import tenancy
from dijkwacht.platform.command_line import fail, operator, private
from dijkwacht.rooms.registry import actions, history
from dijkwacht.rooms.registry.extracts.files import File

AS_OF = click.option(
    "--as-of", "as_of", required=True, help="A date (its end) such as 2026-12-31, or a moment with its time zone."
)
OUT = click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Where to; .csv or .json. Without it: printed."
)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="JSON instead of CSV.")


@click.command("numbers")
@AS_OF
@OUT
@AS_JSON
@click.option("--public", is_flag=True, help="Rounded, for publication: small numbers point at single entities.")
def numbers(*, as_of: str, out: Path | None, as_json: bool, public: bool) -> None:
    """Count essential and important entities per sector and subsector (NIS2 article 3(5)(a)) as they stood."""
    hand_out(partial(actions.extract_numbers, public=public), as_of, out, as_json=as_json)


@click.command("identified")
@AS_OF
@OUT
@AS_JSON
def identified(*, as_of: str, out: Path | None, as_json: bool) -> None:
    """Count the entities that a minister identified, by provision, sector and service (NIS2 article 3(5)(b))."""
    hand_out(actions.extract_identified, as_of, out, as_json=as_json)


@click.command("enisa")
@AS_OF
@OUT
@AS_JSON
def enisa(*, as_of: str, out: Path | None, as_json: bool) -> None:
    """Write the entities of Cbw article 47 for the register of ENISA, without IP ranges, as they stood."""
    hand_out(actions.extract_enisa, as_of, out, as_json=as_json)


COMMANDS = (enisa, identified, numbers)


def hand_out(extract: Callable[..., File], as_of: str, out: Path | None, *, as_json: bool) -> None:
    """Make a file and print it or put it at `out`; what is no part of it goes to the error stream."""
    if out is not None and out.suffix not in {".csv", ".json"}:
        raise click.BadParameter("call it .csv or .json", param_hint="--out")
    if out is not None and as_json and out.suffix == ".csv":
        raise click.BadParameter("--json does not write a .csv", param_hint="--out")
    ending = "json" if as_json or (out is not None and out.suffix == ".json") else "csv"
    try:
        wanted, actor = history.parse(as_of), operator()
        with tenancy.acting(actor):
            made = extract(actor=actor, as_of=wanted, ending=ending)
    except Problem as problem:
        fail(problem, as_json=as_json)
        return
    except DatabaseError as error:
        raise click.ClickException(f"The database refused: {error}") from error
    if not wanted.over:
        click.echo(f"This day is not over: more may follow. The same file again: --as-of {wanted.text}", err=True)
    _give(made, out)


def _give(made: File, out: Path | None) -> None:
    if out is None:
        click.echo(made.content, nl=False)
        return
    draft = out.with_name(f".{out.name}.part")
    try:
        with os.fdopen(private(draft), "wb") as stream:
            stream.write(made.content)
        draft.replace(out)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise click.ClickException(f"{out} cannot be written: {error.strerror}") from error
    click.echo(f"{made.rows} rows written to {out}; SHA-256 {made.sha256}.", err=True)
