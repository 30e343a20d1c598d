"""`dijkwacht spoc quarterly --as-of DATE`: what the single point of contact gives to ENISA."""

import click
from django.db import DatabaseError

from dijkwacht.kernel.errors import Problem
from dijkwacht.platform import tenancy
from dijkwacht.platform.command_line import fail, operator
from dijkwacht.rooms.registry import history
from dijkwacht.rooms.registry.errors import InvalidField
from dijkwacht.rooms.reporting import actions
from dijkwacht.rooms.reporting.errors import InvalidValue
from dijkwacht.rooms.reporting.quarter import Quarterly


@click.group()
def spoc() -> None:
    """The single point of contact: what goes to ENISA."""


@spoc.command()
@click.option("--as-of", "as_of", required=True, help="A date (its end) such as 2026-12-31, or a moment with its zone.")
@click.option("--json", "as_json", is_flag=True, help="JSON instead of text.")
def quarterly(*, as_of: str, as_json: bool) -> None:
    """Count the incidents of the whole quarter before a day, as they stood on it (Cbw 39(5), NIS2 23(9)).

    Nobody is named, and small numbers are suppressed. The same day gives the same bytes, whatever was filed since.
    """
    try:
        day = history.parse(as_of)  # before the database is asked for anything
        with tenancy.acting(operator()) as actor:
            made = actions.extract_quarter(actor=actor, as_of=day)
    except (InvalidField, InvalidValue) as problem:
        raise click.BadParameter(problem.text("en"), param_hint="--as-of") from problem
    except Problem as problem:
        fail(problem, as_json=as_json)
        return
    except DatabaseError as error:
        raise click.ClickException(f"The database refused: {error}") from error
    if not made.as_of.over:
        click.echo(f"This day is not over: more may follow. The same again: --as-of {made.as_of.text}", err=True)
    click.echo(made.content() if as_json else _as_text(made), nl=not as_json)


def _as_text(made: Quarterly) -> str:
    told = made.summary
    lines = [f"{told.first} to {told.last}: {_shown(told.total)}"]
    for name, table in told.tables.items():
        lines.append(f"{name}{': withheld' if name in told.withheld else ''}")
        lines += [f"  {key}: {_shown(number)}" for key, number in table.items()]
    return "\n".join(lines)


def _shown(number: int | None) -> str:
    return "not shown" if number is None else str(number)
