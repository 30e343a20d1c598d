"""`dijkwacht registry compare SNAPSHOT`: a whole business register beside ours."""

import json
from pathlib import Path
from typing import Any, Final

import click
from django.db import DatabaseError

from dijkwacht.kernel.errors import Problem
from dijkwacht.platform import tenancy
from dijkwacht.platform.command_line import fail, operator
from dijkwacht.rooms.registry import actions
from dijkwacht.rooms.registry.actions.comparisons import Compared
from dijkwacht.rooms.registry.comparing.models import Difference
from dijkwacht.rooms.registry.comparing.rules import Effect
from dijkwacht.rooms.registry.exchange.report import plain

SHOWN: Final = 20  # differences with an effect that are printed
LISTED: Final = 1000  # and that stand in the JSON; the page exports all


@click.command("compare")
@click.argument("snapshot", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--fill", is_flag=True, help="Write down legal form, activities and staff where ours knows none.")
@click.option("--part", is_flag=True, help="The snapshot is not whole: a number that it lacks may exist.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def compare(*, snapshot: Path, fill: bool, part: bool, as_json: bool) -> None:
    """Compare the register with SNAPSHOT (.csv or .json) of the business register; decide on the page Comparisons."""
    actor = operator()
    try:
        with tenancy.acting(actor), snapshot.open("rb") as stream:
            found = actions.compare_register(actor=actor, file=stream, name=snapshot.name, fill=fill, whole=not part)
            report = _report(found)
    except Problem as problem:
        fail(problem, as_json=as_json)
        return
    except DatabaseError as error:
        raise click.ClickException(f"The database refused: {error}") from error
    click.echo(json.dumps(report, ensure_ascii=False) if as_json else "\n".join(_lines(report)))


def _report(found: Compared) -> dict[str, Any]:
    rows = Difference.objects.filter(comparison=found.comparison).exclude(effect=Effect.NONE)
    rows = rows.select_related("organisation").order_by("-effect", "organisation__name", "field")
    return {
        "comparison": str(found.comparison.id),
        "sha256": found.comparison.sha256,
        "counts": found.comparison.counts,
        "refusals": plain(found.refusals),
        "effects": [
            {
                "organisation": str(row.organisation_id),
                "name": row.organisation.name,
                "field": row.field,
                "ours": row.ours,
                "theirs": row.theirs,
                "effect": row.effect,
                "would_be": row.would_be,
            }
            for row in rows[:LISTED]
        ],
    }


def _lines(report: dict[str, Any]) -> list[str]:
    counts = report["counts"]
    told = [
        f"{counts['rows']} rows read, {counts['refused']} refused; {counts['known']} organisations of the register.",
        f"Not known here yet: {counts['unknown']}{' (filled in)' if counts['filled'] else ''}.",
    ]
    for name, number in sorted(counts.items()):
        kind, _, word = name.partition(":")
        if word and number:
            told.append(f"{'would change ' if kind == 'effect' else ''}{word}: {number}")
    told += [
        f"refused: row {row['line']} {row['column']} {row['value']!r}: {row['reason_en']}" for row in report["refusals"]
    ]
    for row in report["effects"][:SHOWN]:
        said = f"{row['effect']}: {row['name']}: {row['field']} {row['ours']} -> {row['theirs']} {row['would_be']}"
        told.append(said.rstrip())
    return [*told, f"Decide on the page of comparison {report['comparison']}."]
