"""`dijkwacht phishing zones`, `consumer`, `warning`: who serves the list, to whom, and the page behind it."""

import json
from typing import Any

import click

from dijkwacht.__main__ import set_up_django
from dijkwacht.kernel.errors import Problem
from dijkwacht.platform.command_line import fail, operator


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


@click.command("warning")
@click.option("--host", help="Default: DIJKWACHT_WARNING_HOST.")
@click.option("--port", type=click.IntRange(1, 65535), help="Default: DIJKWACHT_WARNING_PORT.")
def warning_command(*, host: str | None, port: int | None) -> None:
    """Serve the page that warned people see, for whatever host they asked, until Ctrl-C."""
    set_up_django()
    from django.conf import settings

    from dijkwacht.rooms.phishing.warning import process

    number = port or settings.WARNING_PORT
    if not number:
        raise click.UsageError("Say --port, or set DIJKWACHT_WARNING_PORT.")
    try:
        process.serve(host or settings.WARNING_HOST, number)
    except OSError as error:
        raise click.ClickException(f"Port {number} cannot be used: {error.strerror}") from error
