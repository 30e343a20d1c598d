"""What the benches of the whole system share: a home of its own, a migrated database, a filled registry, its processes."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

ORGANISATIONS = """
insert into registry_organisation (id, name, country, kind, classification, sectors, language, demo, active, source,
    created_at, updated_at)
select md5('o' || n)::uuid, 'Organisation ' || n, 'NL', 'organisation', 'important', '["1.8"]', 'nl', true, true,
    'bench', now(), now() from generate_series(1, {count}) n
"""
CONTACTS = """
insert into registry_contact (id, organisation_id, role, name, email, phone, "order", language, channel, webhook_url,
    webhook_secret, openpgp_key, smime_certificate, minimum_severity, rhythm, status, status_reason, optional_kinds,
    created_at)
select md5('c' || n)::uuid, md5('o' || n)::uuid, 'security', '', 'security@o' || n || '.example', '', 0, 'nl', 'mail',
    '', {secret}, '', '', 0, 'run', 'working', '', '[]', now() from generate_series(1, {count}) n
"""
# Each organisation holds a /28 of 10.0.0.0/8-like benchmarking space written as consecutive prefixes, and a domain.
ASSETS = """
insert into registry_asset (uid, organisation_id, kind, value, fallback, status, method, evidence, claimed_at, verified_at)
select gen_random_uuid(), md5('o' || n)::uuid, kind, value, false, 'verified', 'bench', '', now(), now()
from generate_series(1, {count}) n,
lateral (values ('prefix', ('11.0.0.0'::inet + n::bigint * 16)::text || '/28'), ('domain', 'o' || n || '.example')) a(kind, value)
"""


@contextlib.contextmanager
def system(organisations: int, *roles: str) -> Iterator[tuple[Path, int]]:
    """Start the system with that many organisations; give its home and the port of its web server."""
    home = Path(tempfile.mkdtemp(prefix="dijkwacht-bench-"))
    port = free_port()
    mailbox = free_port()
    os.environ |= {
        "DIJKWACHT_HOME": str(home),
        "DIJKWACHT_DEMO": "1",
        "DIJKWACHT_BASE_URL": f"http://127.0.0.1:{port}",
        "DIJKWACHT_MAILBOX_PORT": str(mailbox),
    }
    shutil.copytree(Path("var/assets"), home / "assets")
    run("migrate")
    fill(home, organisations)
    children = [subprocess.Popen([sys.executable, "-m", "dijkwacht", *role.format(port=port).split()]) for role in roles]
    try:
        if any(role.startswith("web") for role in roles):
            wait_for(port)
        yield home, port
    finally:
        for child in children:
            child.send_signal(signal.SIGTERM)
        for child in children:
            child.wait(30)
        stop_database(home)
        shutil.rmtree(home, ignore_errors=True)


def run(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "dijkwacht", *arguments], check=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int) -> None:
    for _ in range(600):
        with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1):
            return
        time.sleep(0.1)
    raise SystemExit("the web server did not start")


def superuser(home: Path, database: str = "dijkwacht"):  # noqa: ANN201 - psycopg.Connection
    import psycopg

    from dijkwacht.platform.database.urls import socket_folder

    return psycopg.connect(host=str(socket_folder(home)), user="postgres", dbname=database, autocommit=True)


def fill(home: Path, organisations: int) -> None:
    secret = "''"
    with superuser(home) as connection:
        kind = connection.execute(
            "select data_type from information_schema.columns"
            " where table_name = 'registry_contact' and column_name = 'webhook_secret'"
        ).fetchone()
        if kind and kind[0] == "bytea":
            secret = "''::bytea"
        for statement in (ORGANISATIONS, CONTACTS, ASSETS):
            connection.execute(statement.format(count=organisations, secret=secret))
        connection.execute("analyze")


def stop_database(home: Path) -> None:
    from dijkwacht.platform.database.embedded import EmbeddedServer

    EmbeddedServer(home / "postgres").stop()


def cpu_of(pids: list[int]) -> float:
    """User and system seconds of these processes and their living children."""
    import psutil

    total = 0.0
    for pid in pids:
        process = psutil.Process(pid)
        for one in (process, *process.children(recursive=True)):
            with contextlib.suppress(psutil.Error):
                times = one.cpu_times()
                total += times.user + times.system
    return total
