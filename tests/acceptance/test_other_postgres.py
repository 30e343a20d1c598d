"""The rooms' own tests once more, on the distribution's PostgreSQL through DATABASE_URL.

As an installation with a database server of its own has it: an owner without superuser rights, passwords, TCP.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from tests.ports import free_port

pytestmark = pytest.mark.slow
FOLDERS = (
    *("accounts", "api", "audit", "enrolment", "linkage", "notification", "outbox", "proof", "registry"),
    "house/test_row_level_security.py",
)
INITDB = ("--auth-local=trust", "--auth-host=scram-sha-256", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8")
OWNER = ("create role centre login password 'secret' createdb createrole", "create database dijkwacht owner centre")


def server_programs() -> Path:
    """The newest server of the distribution; `make test` installs one."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not found:
        pytest.fail("No PostgreSQL server of the distribution is installed: run `make test`, or install postgresql.")
    return found[-1].parent


def as_postgres(*command: str) -> None:
    """Run one of the server's programs as the user it insists on: never root."""
    prefix = ("runuser", "-u", "postgres", "--") if os.geteuid() == 0 else ()
    subprocess.run([*prefix, *command], check=True, capture_output=True, cwd="/")


@pytest.fixture
def environment() -> Iterator[dict[str, str]]:
    """A server with passwords over TCP; the owner may make roles and databases, and is no superuser."""
    programs, port = server_programs(), free_port()
    folder = Path(tempfile.mkdtemp(prefix="dijkwacht-postgres-"))
    data = folder / "data"
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    as_postgres(f"{programs}/initdb", "-D", f"{data}", "-U", "postgres", *INITDB)
    as_postgres(
        f"{programs}/pg_ctl", "-D", f"{data}", "-l", f"{folder}/log", "-w", "-o", f"-p {port} -k {folder}", "start"
    )
    try:
        with psycopg.connect(host=str(folder), port=port, user="postgres", autocommit=True) as server:
            for statement in OWNER:
                server.execute(statement)
        yield {
            "DATABASE_URL": f"postgresql://centre:secret@127.0.0.1:{port}/dijkwacht",
            "TEST_SUPERUSER_URL": f"postgresql:///postgres?host={folder}&port={port}&user=postgres",
        }
    finally:
        as_postgres(f"{programs}/pg_ctl", "-D", f"{data}", "-m", "immediate", "stop")
        shutil.rmtree(folder)


def test_the_rooms_work_on_the_server_of_the_distribution(environment, tmp_path):
    # A base folder of its own: by default pytest closes the common one to others, the users of running databases too.
    command = [sys.executable, "-m", "pytest", f"--basetemp={tmp_path}/nested", *(f"tests/{one}" for one in FOLDERS)]
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("DIJKWACHT_", "PYTEST_"))}
    ran = subprocess.run(command, env=inherited | environment, capture_output=True, text=True, check=False)
    print(ran.stdout[-200:])
    assert ran.returncode == 0, ran.stdout[-10_000:]
