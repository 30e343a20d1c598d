"""`dijkwacht phishing receive`: the doors for mail."""

import asyncio
import json
import signal
import ssl

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
