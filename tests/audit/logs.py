"""A log of its own for each test: a fresh database and folder, and a superuser who can do what an intruder would."""

import functools
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import connection
from tests.conftest import copy_of_template, superuser

from dijkwacht.kernel.actor import Actor, Kind, system
from dijkwacht.platform import tenancy
from dijkwacht.platform.audit import files
from dijkwacht.platform.audit.findings import Report
from dijkwacht.platform.audit.note import Checkpoint
from dijkwacht.platform.audit.record import record
from dijkwacht.platform.audit.verify import verify

TABLES = ["audit_event", "audit_personal", "audit_pending", "audit_leaf", "audit_checkpoint", "accounts_user"]
ACTOR = Actor(kind=Kind.PERSON, id="6f9e1c1e-0000-4000-8000-000000000001", origin="192.0.2.7")


@dataclass
class Log:
    """The log under test."""

    database: str
    home: Path

    @property
    def folder(self) -> Path:
        return self.home / "audit"

    def write(self, count: int = 1, **fields: Any) -> list[UUID]:
        """Record `count` events, as the application does."""
        return [
            record(
                **{
                    "actor": ACTOR,
                    "action": "test:thing:change",
                    "target": ("thing", number),
                    "detail": {"number": number, "share": 0.1, "words": ["één", None, True]},
                    **fields,
                }
            )
            for number in range(count)
        ]

    def sequence(self) -> int:
        return files.sequencer().run()

    def verify(self, database: Any = None, earlier: Checkpoint | None = None) -> Report:
        verifier = files.signer().verifier
        if database is not None:
            return verify(database, files.tiles(), verifier, earlier=earlier)
        with tenancy.acting(system("audit:verify")):
            return verify(connection.connection, files.tiles(), verifier, earlier=earlier)

    def intruder(self) -> "psycopg.Connection[Any]":
        """Connect as the superuser of the server."""
        with superuser() as server:
            parameters = server.info.get_parameters() | {"dbname": self.database, "password": server.info.password}
        return psycopg.connect(**parameters)

    def events(self) -> list[str]:
        """The identifiers of the events by their place."""
        with connection.cursor() as cursor:
            cursor.execute("select event_id::text from audit_leaf order by index")
            return [event for (event,) in cursor.fetchall()]


@functools.cache
def database_of_this_process() -> str:
    """Make the database of the logs under test, once; copying it for each test would take most of the time."""
    name = f"audit_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    copy_of_template(name)
    return name


@pytest.fixture(name="log")
def fresh_log(django_db_setup: None, django_db_blocker: Any, tmp_path: Path, settings: Any) -> Iterator[Log]:
    """An empty log. What is written to it is committed, as in real use."""
    before = connection.settings_dict["NAME"]
    settings.HOME = tmp_path
    with django_db_blocker.unblock():
        connection.close()
        log = Log(database_of_this_process(), tmp_path)
        with log.intruder() as server:
            server.execute(f"truncate {', '.join(TABLES)} cascade")
        connection.settings_dict["NAME"] = log.database
        try:
            yield log
        finally:
            connection.close()
            connection.settings_dict["NAME"] = before
