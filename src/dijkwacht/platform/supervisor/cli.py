"""`dijkwacht up`, `web`, `worker`, `scheduler`, `migrate`: the processes of the system."""

import os
import subprocess
import sys
import time
from collections.abc import Callable

import click
from django.conf import settings

from dijkwacht.platform.database import roles
from dijkwacht.platform.database.embedded import EmbeddedServer, EmbeddedServerError
from dijkwacht.platform.supervisor.processes import Child, ProcessGroup

TURNING_AWAY = 8  # threads of the web server beyond those that work or wait: they say at once that it is too busy
CONNECTIONS = 8192  # that a web process holds open; what is not accepted hears nothing at all
SLOW = ("advisories", "knowledge", "registers")  # long jobs that nobody waits for, together in one process
ALONE = frozenset({"ingest", "mails", "outbox", "pages", *SLOW})  # not beside what somebody waits for
DEMO_MARK = settings.HOME / "demo"  # settings.DEMO looks for it
REAL_MARK = settings.HOME / "real-use"
QUEUES = (
    "advisories",
    "answers",
    "ingest",
    "knowledge",
    "lists",
    "mails",
    "notices",
    "outbox",
    "pages",
    "phishing",
    "proof",
    "registers",
)  # all that any task uses; a test holds them equal


def embedded() -> EmbeddedServer | None:
    """The embedded server, or None where `DATABASE_URL` names another."""
    return None if os.environ.get("DATABASE_URL") else EmbeddedServer(settings.HOME / "postgres")


def run(*arguments: str) -> None:
    """Run one of our own commands and stop when it fails."""
    result = subprocess.run([sys.executable, "-m", "dijkwacht", *arguments], check=False)  # noqa: S603
    if result.returncode:
        raise click.ClickException(f"`dijkwacht {' '.join(arguments)}` failed with exit code {result.returncode}.")


@click.command()
@click.option(
    "--demo/--no-demo",
    default=None,
    help="With invented organisations and reports (as a new installation is), or empty for real use.",
)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
def up(*, demo: bool | None, host: str, port: int) -> None:
    """Prepare the database and serve everything on this machine until Ctrl-C."""
    demo = purpose(wanted=demo)
    os.environ["DIJKWACHT_DEMO"] = "1" if demo else "0"
    os.environ.setdefault("DIJKWACHT_BASE_URL", f"http://{host}:{port}")
    server, loaded_before = embedded(), DEMO_MARK.exists()
    group = ProcessGroup(children(host, port), os.environ, look_after=database_keeper(server))
    try:
        if not (settings.HOME / "assets").is_dir():
            run("assets")
        run("migrate")
        if loaded_before:
            group.begin()  # the web server takes the longest to make itself ready
        if demo:
            run("demo", "load")
        click.echo(f"Dijkwacht serves {os.environ['DIJKWACHT_BASE_URL']} (Ctrl-C stops it)")
        group.run()
    finally:
        group.stop_all()
        if server is not None:
            server.stop()


def purpose(*, wanted: bool | None) -> bool:
    """Whether this installation is a demo. It never turns from one into the other: the demo's accounts have a published
    password, and mails of a system for real use leave the machine. Raises click.UsageError for the other wish.
    """
    if DEMO_MARK.exists() and wanted is False:
        raise click.UsageError(f"{settings.HOME} holds a demo. For real use, give DIJKWACHT_HOME a folder of its own.")
    if REAL_MARK.exists() and wanted:
        raise click.UsageError(f"{settings.HOME} is for real use. For a demo, give DIJKWACHT_HOME a folder of its own.")
    return DEMO_MARK.exists() or (not REAL_MARK.exists() and wanted is not False)


def leave_mark() -> None:
    """Mark the home of a new installation as what it is, so that every command knows."""
    settings.HOME.mkdir(parents=True, exist_ok=True)
    if not (DEMO_MARK.exists() or REAL_MARK.exists()):
        (DEMO_MARK if settings.DEMO else REAL_MARK).touch()


def database_keeper(server: EmbeddedServer | None) -> Callable[[], None]:
    """Start the embedded server again when its process is gone. It recovers by itself what was committed."""

    def keep() -> None:
        if server is None or server.alive():
            return
        try:
            server.start()
        except EmbeddedServerError as error:  # what is left of the old server may still be leaving
            click.echo(f"The database stopped and does not start yet: {error}", err=True)
            time.sleep(1)

    return keep


def children(host: str, port: int) -> list[Child]:
    """The web server first, which people wait for; the mailbox before the sender, which finds it open."""
    return [
        Child("web", ["web", "--host", host, "--port", str(port)]),
        *([] if settings.SMTP_URL else [Child("mailbox", ["mailbox"])]),
        # Reading, telling, delivery and linking each have a process of their own: neither thousands of mails that leave
        # nor minutes of linking slow the batch that comes in; a large batch is told by the first two, each on its core.
        Child("reader", ["worker", "--queue=ingest"]),
        Child("worker", ["worker", *(f"--queue={name}" for name in QUEUES if name not in ALONE)]),
        Child("sender", ["worker", "--queue=outbox"]),
        # A flood of suspicious mails is taken in by one process and read by another.
        Child("receiver", ["phishing", "receive"]),
        Child("mails", ["worker", "--queue=mails"]),
        Child("merger", ["worker", *(f"--queue={name}" for name in SLOW)]),
        Child("looker", ["phishing", "fetch-pages"]),
        Child("scheduler", ["scheduler"]),
        *([Child("zones", ["phishing", "zones"])] if settings.ZONES_PORT else []),
        *([Child("warning", ["phishing", "warning"])] if settings.WARNING_PORT else []),
    ]


@click.command()
def migrate() -> None:
    """Bring the database to this version: server, roles, tables, row-level security, rights."""
    from django.core.management import call_command
    from django.db import connection

    from dijkwacht.platform import tenancy

    leave_mark()
    server = embedded()
    if server is not None:
        server.start()
        roles.prepare_embedded(settings.HOME, settings.DATABASES["default"]["NAME"])
    else:
        connection.ensure_connection()
        roles.ensure_app_role(connection.connection, settings.HOME)
    call_command("migrate", interactive=False, verbosity=0)
    tenancy.install()
    roles.grant(settings.HOME)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", default=1, show_default=True)
def web(*, host: str, port: int, workers: int) -> None:
    """Serve the pages and the API."""
    from granian.constants import Interfaces
    from granian.server import Server

    from dijkwacht.platform.supervisor import static

    refuse_powerful_role()
    try:
        static.collect()
    except FileNotFoundError as error:
        raise click.ClickException(str(error)) from error
    Server(
        "dijkwacht.portal.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=settings.WEB_AT_ONCE + settings.WEB_WAITING + TURNING_AWAY,
        backlog=4096,
        backpressure=CONNECTIONS,
        log_access=False,
        respawn_failed_workers=True,
    ).serve()


@click.command()
@click.option("--concurrency", default=2, show_default=True, help="Jobs at the same time.")
@click.option("--queue", "queues", multiple=True, help="Only these queues.")
def worker(*, concurrency: int, queues: tuple[str, ...]) -> None:
    """Do the jobs: ingest, decide, send."""
    # A machine has a worker for each core: threads inside one would only take turns. Read when Polars is imported.
    os.environ.setdefault("POLARS_MAX_THREADS", "1")
    from dijkwacht.platform.supervisor import jobs

    refuse_powerful_role()
    jobs.work(concurrency=concurrency, queues=list(queues))


@click.command()
def scheduler() -> None:
    """Do what must be done each second: the audit log's checkpoint, the watched folder."""
    from dijkwacht.platform.supervisor import ticks

    refuse_powerful_role()
    ticks.run()


def refuse_powerful_role() -> None:
    """Stop when the database role could bypass row-level security. Raises click.ClickException."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("select current_user, rolsuper or rolbypassrls from pg_roles where rolname = current_user")
        name, powerful = cursor.fetchone()
    connection.close()
    if powerful:
        raise click.ClickException(
            f"The database role {name} can bypass row-level security. Set DATABASE_APP_URL to one that cannot."
        )
