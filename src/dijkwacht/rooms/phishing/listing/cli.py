"""`dijkwacht phishing block`, `unblock`, `list`. The group runs without Django: each command makes it ready."""

import json
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import click

from dijkwacht.__main__ import set_up_django
from dijkwacht.kernel.errors import Problem
from dijkwacht.platform.command_line import fail, operator

KINDS = ("url", "host", "name", "domain")
WAITS = 3  # exit code: it is a proposal, and nobody is warned yet
FORMATS = ("rpz", "rpz-hot", "hosts", "ublock", "txt", "csv", "json", "stix", "misp", "suricata")


def _told(entry: Any, *, as_json: bool, said: str) -> None:
    found = {
        "id": str(entry.id),
        "kind": entry.kind,
        "name": entry.name,
        "lease_until": entry.lease_until.isoformat(),
        "removed_at": entry.removed_at.isoformat() if entry.removed_at else None,
    }
    click.echo(json.dumps(found) if as_json else said)


@click.command("block")
@click.argument("name")
@click.option("--reason", required=True, help="Why, in words that whoever is warned may read.")
@click.option("--kind", type=click.Choice(KINDS), help="Default: url when it has ://, else host.")
@click.option("--hours", type=click.FloatRange(min=0.01, max=720), help="Length of the lease.")
@click.option("--json", "as_json", is_flag=True)
def block_command(*, name: str, reason: str, kind: str | None, hours: float | None, as_json: bool) -> None:
    """Put NAME (a host or a URL) on the phishing list, or renew its lease."""
    set_up_django()
    from dijkwacht.platform import tenancy
    from dijkwacht.rooms.phishing.deciding import own
    from dijkwacht.rooms.phishing.deciding.models import Proposal

    actor = operator()
    lease = timedelta(hours=hours) if hours else None
    try:
        with tenancy.acting(actor):
            kind = kind or ("url" if "://" in name else "host")
            made = own.block(actor=actor, kind=kind, name=name, reason=reason, lease=lease)
    except Problem as problem:
        return fail(problem, as_json=as_json)
    if isinstance(made, Proposal):
        told = {"proposal": str(made.id), "kind": made.kind, "name": made.name}
        said = f"{made.kind} {made.name} takes two people: nobody is warned until somebody confirms it at the queue."
        click.echo(json.dumps(told) if as_json else said)
        sys.exit(WAITS)
    entry = made
    return _told(
        entry, as_json=as_json, said=f"{entry.kind} {entry.name} is on the list until {entry.lease_until:%F %R} UTC."
    )


@click.command("unblock")
@click.argument("name")
@click.option("--reason", required=True, help="Why, in words.")
@click.option("--kind", type=click.Choice(KINDS), help="Only the entry of this kind; default: all of the name.")
@click.option("--json", "as_json", is_flag=True)
def unblock_command(*, name: str, reason: str, kind: str | None, as_json: bool) -> None:
    """Take NAME off the phishing list, at once for all who follow it."""
    set_up_django()
    from dijkwacht.platform import tenancy
    from dijkwacht.rooms.phishing.listing import actions

    actor = operator()
    try:
        with tenancy.acting(actor):
            entry = actions.unblock(actor=actor, name=name, reason=reason, kind=kind)
    except Problem as problem:
        return fail(problem, as_json=as_json)
    return _told(entry, as_json=as_json, said=f"{entry.kind} {entry.name} is off the list.")


@click.command("list")
@click.option("--format", "form", type=click.Choice(FORMATS), default="txt", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="A file instead of standard output.")
def list_command(*, form: str, as_json: bool, out: Path | None) -> None:
    """Write the list as it stands now, in one of its formats."""
    set_up_django()
    from dijkwacht.platform import tenancy
    from dijkwacht.rooms.phishing.listing import publishing
    from dijkwacht.rooms.phishing.listing.formats import FORMATS as KNOWN

    try:
        file = out.open("wb") if out else sys.stdout.buffer
    except OSError as error:
        raise click.ClickException(f"{out}: {error.strerror}") from error
    with tenancy.acting(operator()):
        chosen = KNOWN["json" if as_json else form]
        for piece in publishing.written(chosen, publishing.about(leases=chosen.gone)):
            file.write(piece)
    file.flush()
    if out:
        file.close()
