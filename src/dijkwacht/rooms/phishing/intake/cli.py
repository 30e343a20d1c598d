"""`dijkwacht phishing receive`: the doors for mail; `requeue`: read again what was set aside."""

import asyncio
import json
import signal
import ssl
from typing import Any
from uuid import UUID

import click


@click.command()
@click.option("--host", default=None, help="Default: DIJKWACHT_PHISHING_HOST, or 127.0.0.1.")
@click.option("--port", default=None, type=int, help="Default: DIJKWACHT_PHISHING_PORT, or 8026.")
@click.option("--json", "as_json", is_flag=True, help="Say as JSON where it listens.")
def receive(*, host: str | None, port: int | None, as_json: bool) -> None:
    """Take in suspicious mails over SMTP and LMTP; each is on disk and in the queue before its sender hears 250."""
    from dijkwacht.__main__ import set_up_django

    set_up_django()
    from django.conf import settings

    from dijkwacht.platform.supervisor.cli import refuse_powerful_role

    refuse_powerful_role()
    place = host or settings.PHISHING_HOST, settings.PHISHING_PORT if port is None else port
    if as_json:
        click.echo(json.dumps({"host": place[0], "port": place[1], "lmtp_port": settings.PHISHING_LMTP_PORT}))
    try:
        asyncio.run(_serve(*place))
    except OSError as error:
        raise click.ClickException(f"The intake of mails cannot listen on {place[0]}:{place[1]}: {error}.") from error


@click.command("requeue")
@click.argument("reports", metavar="[REPORT]...", nargs=-1, type=click.UUID)
@click.option("--all", "every", is_flag=True, help="All that were set aside.")
@click.option("--json", "as_json", is_flag=True)
def requeue_command(*, reports: tuple[UUID, ...], every: bool, as_json: bool) -> None:
    """Let reports be read again that were set aside after five attempts; without a REPORT and --all, say which are.

    Exit code 1: one of them is not set aside; then none is read again.
    """
    if reports and every:
        raise click.UsageError("Name reports, or --all, not both.")
    from dijkwacht.__main__ import set_up_django

    set_up_django()
    from dijkwacht.kernel.errors import Problem
    from dijkwacht.platform import tenancy
    from dijkwacht.platform.command_line import fail, operator
    from dijkwacht.rooms.phishing.intake import actions, reads

    actor = operator()
    try:
        with tenancy.acting(actor):
            rows = [*reads.aside()]
            done = actions.requeue(actor=actor, reports=None if every else reports) if reports or every else []
    except Problem as problem:
        return fail(problem, as_json=as_json)
    told = [_told(row) for row in rows if row.id in done or not (reports or every)]
    if as_json:
        click.echo(json.dumps({"requeued": bool(reports or every), "reports": told}))
    elif told:
        click.echo("\n".join("  ".join(map(str, one.values())) for one in told))
        click.echo(f"{len(told)} will be read again." if done else f"{len(told)} set aside.")
    else:
        click.echo("Nothing is set aside.")
    return None


def _told(row: Any) -> dict[str, Any]:
    came = row.received_at.isoformat(timespec="seconds")
    return {"report": str(row.id), "received_at": came, "door": row.door, "size": row.size, "problem": row.problem}


async def _serve(host: str, port: int) -> None:
    from django.conf import settings

    from dijkwacht.rooms.phishing.intake import smtp

    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    await smtp.serve(
        smtp.desk(),
        host=host,
        port=port,
        lmtp_port=settings.PHISHING_LMTP_PORT,
        tls=_tls(settings.PHISHING_TLS),
        stop=stop,
    )


def _tls(configured: str) -> ssl.SSLContext | None:
    """Read the certificate and key of DIJKWACHT_PHISHING_TLS. Raises click.ClickException when they are not usable."""
    if not configured:
        return None
    certificate, _, key = configured.partition(":")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(certificate, key or None)
    except (OSError, ssl.SSLError) as error:
        raise click.ClickException(f"DIJKWACHT_PHISHING_TLS={configured}: {error}") from error
    return context
