"""`dijkwacht ingest` and `dijkwacht law`: the room's commands."""

import json
import os
import sys
import time
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import click
from django.utils import timezone

from dijkwacht import feeds
from dijkwacht.kernel.actor import system
from dijkwacht.kernel.errors import Problem
from dijkwacht.law.cli import law_command
from dijkwacht.law.facts import Facts
from dijkwacht.platform import tenancy
from dijkwacht.platform.storage import read_chunks
from dijkwacht.rooms.notification import deciding, intake, receivers
from dijkwacht.rooms.notification.models import Batch

OPERATOR: Final = system("cli")
ENDED: Final = {Batch.State.DONE, Batch.State.REFUSED, Batch.State.QUARANTINED}
REPORT: Final = (
    "id", "filename", "feed", "report", "state", "problem", "read", "set_aside", "attributed", "findings_new",
    "findings_changed", "findings_repeated", "notices", "cpu_seconds",
)  # fmt: skip


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--feed", default="", help="The feed's slug, where name and header do not say it.")
@click.option("--wait/--no-wait", default=True, help="Wait for the report of each batch.")
@click.option("--timeout", default=3600.0, show_default=True, help="Seconds to wait for all of it.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document instead of text.")
def ingest(*, files: tuple[Path, ...], feed: str, wait: bool, timeout: float, as_json: bool) -> None:
    """Hand FILES to the running system, show progress, print the report of each batch."""
    if feed and feed not in feeds.catalogue():
        raise click.UsageError(f"there is no feed {feed!r}; there are: {', '.join(sorted(feeds.catalogue()))}")
    deadline = time.monotonic() + timeout
    reports = [_handed_in(file, feed, deadline if wait else None, quiet=as_json) for file in files]
    if as_json:
        click.echo(json.dumps(reports, indent=2, default=str))
    else:
        for report in reports:
            click.echo("\n".join(f"{name:>18}  {value}" for name, value in report.items() if value not in {"", None}))
            click.echo()
    if any(report["state"] in {"refused", "quarantined"} or (wait and report["state"] != "done") for report in reports):
        sys.exit(1)


def _handed_in(file: Path, feed: str, deadline: float | None, *, quiet: bool) -> dict[str, Any]:
    """The report of one file. A file that is not taken in does not stop those after it."""
    name = os.fsencode(file.name).decode(errors="replace")
    try:
        with tenancy.acting(OPERATOR):
            receipt = intake.accept(
                actor=OPERATOR, chunks=read_chunks(file), filename=file.name, channel="cli", feed=feed
            )
    except (Problem, OSError) as problem:
        return {"filename": name, "state": "refused", "problem": str(problem)}
    if receipt.known and not quiet:
        click.echo(f"{name}: these very bytes were handed in before, as {receipt.batch.filename}", err=True)
    if deadline is not None:
        _follow(receipt.batch.id, deadline, quiet=quiet)
    return _report(receipt.batch.id)


def _follow(batch: UUID, deadline: float, *, quiet: bool) -> None:
    shown = ""
    while time.monotonic() < deadline:
        with tenancy.acting(OPERATOR):
            row = Batch.objects.get(pk=batch)
        line = f"{row.filename}: {row.state}, {row.lines_done:,} lines"
        if not quiet and line != shown:
            click.echo(line, err=True)
            shown = line
        if row.state in ENDED:
            return
        time.sleep(0.2)


def _report(batch: UUID) -> dict[str, Any]:
    with tenancy.acting(OPERATOR):
        return dict(Batch.objects.filter(pk=batch).values(*REPORT)[0])


def facts_for(organisation: str, feed: str, kind: str) -> Facts:
    """The facts of a disclosure today, as the registry has the organisation now. Raises click.UsageError."""
    try:
        identifier = UUID(organisation)
    except ValueError as error:
        raise click.UsageError(f"{organisation} is not the identifier of an organisation (a UUID).") from error
    known = feeds.catalogue().get(feed)
    if known is None or kind not in known.kinds:
        wrong = f"a kind of {feed}; it has {', '.join(sorted(known.kinds))[:300]}" if known else "a feed"
        raise click.UsageError(f"{kind if known else feed} is not {wrong}.")
    with tenancy.acting(OPERATOR):
        today = timezone.localdate()
        receiver = receivers.load([identifier], today).get(identifier)
        if receiver is None:
            raise click.ClickException(f"There is no organisation {organisation}.")
        return deciding.facts_of(deciding.Matter(identifier, feed, kind, "prefix"), receiver, today)[0][1]


law = law_command(facts_for, lambda: deciding.court().policies)
