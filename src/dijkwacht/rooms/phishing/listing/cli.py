"""`dijkwacht phishing block`, `unblock`, `list`. The group runs without Django: each command makes it ready."""

import getpass
import json
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import click

from dijkwacht.__main__ import set_up_django
from dijkwacht.kernel.actor import Actor, system
from dijkwacht.kernel.errors import Problem

KINDS = ("url", "host", "name", "domain")
FORMATS = ("rpz", "rpz-hot", "hosts", "ublock", "txt", "csv", "json", "stix", "misp", "suricata")


def operator() -> Actor:
    """Give the person at this machine's command line, as the audit log will name it."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # a container's user need not have a name
        name = "unknown"
    return system(f"command-line:{name}")


def fail(problem: Problem, *, as_json: bool) -> None:
    """Print a problem and end with exit code 1."""
    click.echo(json.dumps(problem.as_problem()) if as_json else problem.text("en"), err=not as_json)
    sys.exit(1)


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
    from dijkwacht.rooms.phishing.listing import actions

    actor = operator()
    lease = timedelta(hours=hours) if hours else None
    try:
        with tenancy.acting(actor):
            kind = kind or ("url" if "://" in name else "host")
            entry = actions.block(actor=actor, kind=kind, name=name, reason=reason, lease=lease)
    except Problem as problem:
        return fail(problem, as_json=as_json)
    return _told(
        entry, as_json=as_json, said=f"{entry.kind} {entry.name} is on the list until {entry.lease_until:%F %R}."
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
        for piece in publishing.written(KNOWN["json" if as_json else form], publishing.about()):
            file.write(piece)
    file.flush()
    if out:
        file.close()


@click.command("zones")
@click.option("--host", help="Default: DIJKWACHT_ZONES_HOST.")
@click.option("--port", type=click.IntRange(1, 65535), help="Default: DIJKWACHT_ZONES_PORT.")
def zones_command(*, host: str | None, port: int | None) -> None:
    """Serve the list to resolvers as DNS zones (AXFR, IXFR, NOTIFY, TSIG) until Ctrl-C."""
    set_up_django()
    import signal
    import threading

    from django.conf import settings

    from dijkwacht.rooms.phishing.listing.zones.process import Zones

    number = port or settings.ZONES_PORT
    if not number:
        raise click.UsageError("Say --port, or set DIJKWACHT_ZONES_PORT.")
    stop = threading.Event()
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, lambda *_: stop.set())
    try:
        zones = Zones(host or settings.ZONES_HOST, number)
    except OSError as error:
        raise click.ClickException(f"Port {number} cannot be used: {error.strerror}") from error
    zones.run(stop)


@click.command("consumer")
@click.argument("what", type=click.Choice(["add", "revoke", "list"]))
@click.argument("name", default="")
@click.option("--notify", default="", help="Address#port that hears NOTIFY.")
@click.option("--from", "networks", default="", help="Prefixes that may ask without a signature, with commas.")
@click.option("--push", default="", help="https URL to which changes are posted, signed.")
@click.option("--json", "as_json", is_flag=True)
def consumer_command(*, what: str, name: str, notify: str, networks: str, push: str, as_json: bool) -> None:
    """Add, revoke or list who follows the list with a key of its own. A key is shown once, when it is made."""
    set_up_django()
    from dijkwacht.platform import tenancy
    from dijkwacht.rooms.phishing.listing import consumers, errors
    from dijkwacht.rooms.phishing.listing.models import Consumer

    actor = operator()
    try:
        with tenancy.acting(actor):
            if what == "list":
                found = [_consumer(row) for row in Consumer.objects.all()]
            elif what == "add":
                made = consumers.add(actor=actor, name=name, notify=notify, from_networks=networks, push_url=push)
                found = [_consumer(made.row) | {"algorithm": "hmac-sha256", "secret": made.secret}]
            else:
                row = Consumer.objects.filter(name=name).first()
                if row is None:
                    raise errors.ConsumerUnknown
                found = [_consumer(consumers.revoke(actor=actor, consumer=row.id))]
    except Problem as problem:
        fail(problem, as_json=as_json)
        return
    for one in found:
        click.echo(json.dumps(one) if as_json else "  ".join(f"{key}={value}" for key, value in one.items() if value))


def _consumer(row: Any) -> dict[str, Any]:
    revoked = row.revoked_at.isoformat() if row.revoked_at else None
    return {
        "name": row.name,
        "key": row.key_name,
        "notify": row.notify,
        "networks": row.networks,
        "revoked_at": revoked,
    }
