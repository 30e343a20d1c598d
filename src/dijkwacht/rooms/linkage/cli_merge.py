"""`dijkwacht registry merge`: hand registers to the running system, see the dry run, and apply it."""

import json
import sys
import time
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import click

from dijkwacht.kernel.actor import Actor
from dijkwacht.kernel.errors import Problem
from dijkwacht.platform import tenancy
from dijkwacht.platform.command_line import fail, operator
from dijkwacht.platform.storage import read_chunks
from dijkwacht.rooms.linkage import actions, reads
from dijkwacht.rooms.linkage.models import Merge

EXISTING: Final = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
UNDER_WAY: Final = {Merge.State.LINKING, Merge.State.APPLYING}


@click.command("merge")
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=EXISTING)
@click.option("--mapping", required=True, type=EXISTING, help="TOML: which column of which file holds what.")
@click.option("--title", default="", help="What people see it under.")
@click.option("--apply", "apply", is_flag=True, help="Apply the dry run; without it nothing changes.")
@click.option("--wait", default=3600, show_default=True, help="Seconds to wait for a worker.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def merge_command(*, files: tuple[Path, ...], mapping: Path, title: str, apply: bool, wait: int, as_json: bool) -> None:
    """Hand registers to the running system, which links them with the registry in a dry run."""
    actor, until = operator(), time.monotonic() + wait
    try:
        with tenancy.acting(actor):
            contents = [(path.name, read_chunks(path)) for path in files]
            made = actions.hand_in(actor=actor, title=title, mapping=mapping.read_bytes(), files=contents).id
        row = _settled(actor, made, until)
        if apply and row.state == Merge.State.READY:
            with tenancy.acting(actor):
                actions.apply_merge(actor=actor, merge=made)
            row = _settled(actor, made, until)
    except Problem as problem:
        fail(problem, as_json=as_json)
        return
    told = {"id": str(row.id), "state": row.state, "fault": row.fault_en, **row.report}
    click.echo(json.dumps(told, ensure_ascii=False) if as_json else "\n".join(_lines(told)))
    sys.exit(1 if row.state in UNDER_WAY | {Merge.State.FAILED} else 0)


def _settled(actor: Actor, merge: UUID, until: float) -> Merge:
    """Wait until a worker did the job, or the time is over."""
    while True:
        with tenancy.acting(actor):
            row = reads.access_merge(actor, merge)
        if row.state not in UNDER_WAY or time.monotonic() > until:
            return row
        time.sleep(0.5)


def _lines(told: dict[str, Any]) -> list[str]:
    counts = told.get("counts")
    lines = [f"{told['id']}: {told['state']}. {told['fault']}".strip()]
    if counts:
        lines.append(
            f"{counts['records']} records: {counts['new']} new organisations, {counts['joined']} join known ones;"
            f" {counts['review']} pairs for a person."
        )
    return lines
