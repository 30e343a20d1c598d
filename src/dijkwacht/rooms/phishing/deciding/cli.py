"""`dijkwacht phishing import-list` and `replay`: each makes Django ready by itself."""

import json
import sys
from pathlib import Path
from uuid import UUID

import click

from dijkwacht.__main__ import set_up_django
from dijkwacht.kernel.errors import Problem
from dijkwacht.platform.command_line import fail, operator


@click.command("import-list")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--slug", required=True, help="Short name of the list; the list of that name is replaced.")
@click.option("--kind", type=click.Choice(["top", "phishing"]), required=True)
@click.option("--licence", required=True, help="Licence of the data, as its publisher states it.")
@click.option("--source", required=True, help="Where the file comes from.")
@click.option("--json", "as_json", is_flag=True)
def import_command(*, file: Path, slug: str, kind: str, licence: str, source: str, as_json: bool) -> None:
    """Take in a list from elsewhere: of much visited hosts, or of phishing."""
    set_up_django()
    from dijkwacht.platform import tenancy
    from dijkwacht.rooms.phishing.deciding import importing

    actor = operator()
    try:
        with tenancy.acting(actor):
            known, left = importing.take(actor=actor, slug=slug, kind=kind, path=file, licence=licence, source=source)
    except Problem as problem:
        fail(problem, as_json=as_json)
        return
    told = {"slug": known.slug, "rows": known.rows, "not_understood": left}
    click.echo(json.dumps(told) if as_json else f"{slug}: {known.rows} names; {left} lines were not understood.")


@click.command("replay")
@click.argument("decision", type=click.UUID)
@click.option("--json", "as_json", is_flag=True)
def replay_command(*, decision: UUID, as_json: bool) -> None:
    """Play a decision again from what was stored of it. Exit code 1 when the rules of now say something else."""
    set_up_django()
    from dijkwacht.platform import tenancy
    from dijkwacht.rooms.phishing.deciding import reads

    actor = operator()
    try:
        with tenancy.acting(actor):
            row = reads.access_decision(actor, decision)
            again = reads.replay(row)
    except Problem as problem:
        fail(problem, as_json=as_json)
        return
    if again is None:
        raise click.ClickException("This decision holds no facts of its own: it answers another, or ended a warning.")
    told = {"same": again.same, "rules_then": row.rules, "rules_now": again.rules}
    told |= {"route_then": again.then.route, "route_now": again.now.route}
    same = "the same" if again.same else f"{again.now.route} instead of {again.then.route}"
    click.echo(json.dumps(told) if as_json else f"{decision}: {same} (rules {row.rules}, now {again.rules})")
    sys.exit(0 if again.same else 1)
