"""A real PostgreSQL for every test: the embedded server, or the one that DATABASE_URL names.

The schema is made once in a template database by its owner; each test process gets a copy and connects to it as
`dijkwacht_app`, so that row-level security holds in every test.
"""

import contextlib
import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import psycopg
import pytest
from psycopg import sql

hypothesis.settings.register_profile("untimed", deadline=None)  # how fast this machine is today proves nothing
hypothesis.settings.load_profile("untimed")
HOME = Path(os.environ["DIJKWACHT_HOME"])  # made by tests/settings.py
TEMPLATE = "dijkwacht"


@contextlib.contextmanager
def _one_at_a_time() -> Iterator[None]:
    HOME.mkdir(parents=True, exist_ok=True)
    with (HOME / "test.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def superuser() -> "psycopg.Connection[tuple[object, ...]]":
    from dijkwacht.platform.database import roles, urls

    if url := os.environ.get("TEST_SUPERUSER_URL"):  # where the owner that DATABASE_URL names is none
        return psycopg.connect(url, autocommit=True)
    if os.environ.get("DATABASE_URL"):
        settings = urls.connection(HOME, owner=True) | {"NAME": "postgres"}
        return psycopg.connect(**roles.libpq(settings), autocommit=True)
    return psycopg.connect(host=str(urls.socket_folder(HOME)), user="postgres", dbname="postgres", autocommit=True)


def copy_of_template(name: str) -> None:
    """Make database `name` a fresh copy of the migrated template."""
    with superuser() as server:
        server.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))
        server.execute(sql.SQL("create database {} template {}").format(sql.Identifier(name), sql.Identifier(TEMPLATE)))


@pytest.fixture(scope="session")
def database_server() -> None:
    """The server with the migrated template; started once, stopped by the process that started the session."""
    with _one_at_a_time():
        if not (HOME / "migrated").exists():
            subprocess.run([sys.executable, "-m", "dijkwacht", "migrate"], check=True)
            (HOME / "migrated").touch()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Stop the embedded server when the process that started the session ends."""
    if "PYTEST_XDIST_WORKER" not in os.environ and (HOME / "migrated").exists() and not os.environ.get("DATABASE_URL"):
        from dijkwacht.platform.database.embedded import EmbeddedServer

        EmbeddedServer(HOME / "postgres").stop()


@pytest.fixture(scope="session")
def django_db_setup(database_server: None, django_db_blocker: object) -> Iterator[None]:
    """Give this process its own copy of the template (pytest-django asks for this fixture by name)."""
    from django.db import connection

    name = f"test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    with _one_at_a_time():
        copy_of_template(name)
    connection.settings_dict["NAME"] = name
    with django_db_blocker.unblock():
        yield
        connection.close()


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    """Each test begins with the limits of the API as a new web process has them, whatever others asked before."""
    if limits := sys.modules.get("dijkwacht.api.limits"):
        for buckets in limits.Buckets.made:
            buckets.clear()
