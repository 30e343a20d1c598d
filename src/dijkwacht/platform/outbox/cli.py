"""`dijkwacht mailbox`, `dijkwacht bounces` and `dijkwacht outbox`."""

import asyncio
import json
import sys
from typing import Any
from uuid import UUID

import click
from django.conf import settings

from dijkwacht.kernel.actor import system
from dijkwacht.kernel.errors import Problem
from dijkwacht.platform import tenancy
from dijkwacht.platform.outbox import actions, bounce, reads
from dijkwacht.platform.outbox import mailbox as demo
from dijkwacht.platform.outbox.models import Message, State

OPERATOR = system("command-line")


@click.command()
@click.option("--port", default=None, type=int, help="Default: DIJKWACHT_MAILBOX_PORT, or 8025.")
@click.option("--json", "as_json", is_flag=True, help="Print the address as JSON.")
def mailbox(*, port: int | None, as_json: bool) -> None:
    """Serve the demo mailbox on loopback: it keeps every mail, and nothing leaves this machine."""
    box = demo.Mailbox(settings.HOME / "mailbox")
    number = settings.MAILBOX_PORT if port is None else port
    if as_json:
        click.echo(json.dumps({"host": "127.0.0.1", "port": number, "folder": str(box.folder)}))
    try:
        asyncio.run(demo.serve(box, host="127.0.0.1", port=number))
    except OSError as error:
        raise click.ClickException(f"The demo mailbox cannot listen on port {number}: {error.strerror}.") from error


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8024, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print the address as JSON.")
def bounces(*, host: str, port: int, as_json: bool) -> None:
    """Take bounces from our relay over LMTP, for the address DIJKWACHT_BOUNCE_ADDRESS with its plus signs."""
    if as_json:
        click.echo(json.dumps({"host": host, "port": port, "address": settings.BOUNCE_ADDRESS}))
    try:
        asyncio.run(bounce.serve(host=host, port=port))
    except OSError as error:
        raise click.ClickException(f"The bounce intake cannot listen on {host}:{port}: {error.strerror}.") from error


@click.group()
def outbox() -> None:
    """What leaves the building: look, try again, and the DNS record that vouches for our mails."""


@outbox.command("list")
@click.option("--state", type=click.Choice([state.value for state in State]), default=None)
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 10_000))
@click.option("--json", "as_json", is_flag=True)
def list_messages(*, state: str | None, limit: int, as_json: bool) -> None:
    """List messages, newest first."""
    with tenancy.acting(OPERATOR):
        found = reads.messages_for(OPERATOR)
        rows = [shown(row) for row in (found.filter(state=state) if state else found)[:limit]]
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    for row in rows:
        click.echo(f"{row['id']}  {row['state']:9}  {row['channel']:7}  {row['recipient']}  {row['last_error']}")


def shown(message: Message) -> dict[str, Any]:
    """A message as the command line and scripts see it, without its body."""
    return {
        "id": str(message.id),
        "state": message.state,
        "channel": message.channel,
        "recipient": message.recipient,
        "message_id": message.message_id,
        "reference": message.reference,
        "attempts": message.attempts,
        "possible_duplicate": message.possible_duplicate,
        "created_at": message.created_at.isoformat(),
        "sent_at": message.sent_at.isoformat() if message.sent_at else None,
        "last_error": message.last_error,
    }


@outbox.command()
@click.argument("message", type=click.UUID)
@click.option("--json", "as_json", is_flag=True)
def retry(*, message: UUID, as_json: bool) -> None:
    """Try a failed, bounced or waiting message again now."""
    try:
        with tenancy.acting(OPERATOR):
            row = actions.retry(actor=OPERATOR, message_id=message)
    except Problem as problem:
        raise click.ClickException(str(problem)) from problem
    click.echo(json.dumps(shown(row)) if as_json else f"{row.id} will be tried again now.")


@outbox.command("bounce")
@click.argument("recipient")
@click.option("--json", "as_json", is_flag=True)
def take_bounce(*, recipient: str, as_json: bool) -> None:
    """Take one bounce from standard input. RECIPIENT: the address it was sent to."""
    taken = bounce.take(recipient, sys.stdin.buffer.read(bounce.LARGEST + 1))
    if as_json:
        click.echo(json.dumps({"message": str(taken) if taken else None}))
    if taken is None:
        raise click.ClickException("This is not a bounce of one of our messages.")


@outbox.command("dkim-record")
@click.option("--json", "as_json", is_flag=True)
def dkim_record(*, as_json: bool) -> None:
    """Print the DNS record that lets receivers check our DKIM signatures; makes the key when it is new."""
    from dijkwacht.platform.outbox import dkim_signing

    if not settings.DKIM_SELECTOR:
        raise click.UsageError("Set DIJKWACHT_DKIM_SELECTOR first, for example to dijkwacht1.")
    name, value = dkim_signing.record()
    click.echo(json.dumps({"name": name, "type": "TXT", "value": value}) if as_json else f'{name}. TXT "{value}"')
