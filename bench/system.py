"""What the benches of the whole system share: a home of its own, a filled registry, the processes."""

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
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import psycopg

ORGANISATIONS = """
insert into registry_organisation (id, name, country, kind, classification, sectors, language, demo, active, source,
    created_at, updated_at, addresses, arrangements, declaration, emails, entity_types, foreign_number,
    foreign_register, member_states, phones)
select md5('o' || n)::uuid, 'Organisation ' || n, 'NL', 'organisation', 'important', '["1.8"]', 'nl', true, true,
    'bench', now(), now(), '[]', '[]', 'none', '[]', '[]', '', '', '[]', '[]' from generate_series(1, {count}) n
"""
CONTACTS = """
insert into registry_contact (id, organisation_id, role, name, email, phone, "order", language, channel, webhook_url,
    openpgp_key, smime_certificate, minimum_severity, rhythm, status, status_reason, optional_kinds, created_at)
select md5('c' || n)::uuid, md5('o' || n)::uuid, 'security', '', 'security@o' || n || '.example', '', 0, 'nl', 'mail',
    '', '', '', 0, 'run', 'working', '', '[]', now() from generate_series(1, {count}) n
"""
# Each organisation holds ten assets: nine consecutive /28 (256 addresses lie between two organisations) and a domain.
ASSETS = """
insert into registry_asset (uid, organisation_id, kind, value, fallback, status, method, evidence, claimed_at,
    verified_at)
select gen_random_uuid(), md5('o' || n)::uuid, kind, value, false, 'verified', 'bench', '', now(), now()
from generate_series(1, {count}) n,
lateral (
    select 'prefix' as kind, host('11.0.0.0'::inet + n::bigint * 256 + part * 16) || '/28' as value
        from generate_series(0, 8) part
    union all select 'domain', 'o' || n || '.example'
) assets
"""


@dataclass
class System:
    """The running system: where it lives, the port of its web server, its processes by role."""

    home: Path
    port: int
    children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def superuser(self) -> "psycopg.Connection[tuple]":
        from dijkwacht.platform.database.urls import socket_folder

        return psycopg.connect(host=str(socket_folder(self.home)), user="postgres", dbname="dijkwacht", autocommit=True)

    def cpu(self) -> dict[str, float]:
        """User and system seconds so far of each role and of the database, with all that they started."""
        found = {name: seconds_of(child.pid) for name, child in self.children.items()}
        return found | {"database": self.database_cpu()}

    def database_cpu(self) -> float:
        postmaster = int((self.home / "postgres" / "postmaster.pid").read_text().split()[0])
        return seconds_of(postmaster)


def seconds_of(pid: int) -> float:
    """User and system seconds of a process, its living descendants, and those that ended and were waited for."""
    process = psutil.Process(pid)
    own = process.cpu_times()
    total = own.user + own.system + own.children_user + own.children_system
    for child in process.children(recursive=True):
        with contextlib.suppress(psutil.Error):
            times = child.cpu_times()
            total += times.user + times.system
    return total


@contextlib.contextmanager
def system(organisations: int, *roles: str) -> Iterator[System]:
    """Start the system with that many organisations.

    A role is a command of `dijkwacht`, with its name before it where it runs twice; `{port}` is the web server's port.
    """
    home = Path(tempfile.mkdtemp(prefix="dijkwacht-bench-"))
    made = System(home, free_port())
    os.environ |= {
        "DIJKWACHT_HOME": str(home),
        "DIJKWACHT_DEMO": "1",
        "DIJKWACHT_BASE_URL": f"http://127.0.0.1:{made.port}",
        "DIJKWACHT_MAILBOX_PORT": str(free_port()),
        "DIJKWACHT_PHISHING_PORT": str(free_port()),
    }
    laid_out = Path(__file__).parents[1] / "var" / "assets"
    shutil.copytree(laid_out, home / "assets") if laid_out.is_dir() else (home / "assets").mkdir()
    try:
        run("migrate")
        fill(made, organisations)
        for role in roles:
            name, _, command = role.rpartition(": ")
            words = command.format(port=made.port).split()
            made.children[name or words[0]] = subprocess.Popen([sys.executable, "-m", "dijkwacht", *words])
        if "web" in made.children:
            wait_for(made.port)
        yield made
    finally:
        stop(made)


def stop(made: System) -> None:
    from dijkwacht.platform.database.embedded import EmbeddedServer

    for child in made.children.values():
        child.send_signal(signal.SIGTERM)
    for child in made.children.values():
        child.wait(30)
    EmbeddedServer(made.home / "postgres").stop()
    shutil.rmtree(made.home, ignore_errors=True)


def run(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "dijkwacht", *arguments], check=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int) -> None:
    for _ in range(1800):
        with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1):
            return
        time.sleep(0.1)
    raise SystemExit("the web server did not start")


def fill(made: System, organisations: int) -> None:
    with made.superuser() as connection:
        for statement in (ORGANISATIONS, CONTACTS, ASSETS):
            connection.execute(statement.format(count=organisations))
        connection.execute("vacuum analyze")
