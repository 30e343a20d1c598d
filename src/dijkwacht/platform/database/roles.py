"""The two roles of the database and what each may do. Repeated after every migration; safe to repeat."""

import os
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from dijkwacht.platform.crypto import secrets
from dijkwacht.platform.database.urls import APP_ROLE, DATABASE, OWNER_ROLE, connection, socket_folder

# Tables the application may add to and read, never change: what is recorded there stays.
APPEND_ONLY = ("audit_event", "audit_leaf", "audit_checkpoint")
# Tables that only triggers and functions of the owner write, about what the application changes elsewhere.
READ_ONLY = ("registry_change",)


def prepare_embedded(home: Path, database: str = DATABASE) -> None:
    """Make the owner, the application role and the database in the embedded server."""
    with psycopg.connect(host=str(socket_folder(home)), user="postgres", dbname="postgres", autocommit=True) as server:
        for role in (OWNER_ROLE, APP_ROLE):
            if not server.execute("select 1 from pg_roles where rolname = %s", [role]).fetchone():
                server.execute(sql.SQL("create role {} login nosuperuser nobypassrls").format(sql.Identifier(role)))
        if not server.execute("select 1 from pg_database where datname = %s", [database]).fetchone():
            server.execute(
                sql.SQL("create database {} owner {}").format(sql.Identifier(database), sql.Identifier(OWNER_ROLE))
            )


def ensure_app_role(owner: "psycopg.Connection[Any]", home: Path) -> None:
    """Make the application role on another server; `DATABASE_APP_URL` says that somebody else did.

    Raises psycopg.errors.InsufficientPrivilege when the owner may not create roles.
    """
    if os.environ.get("DATABASE_APP_URL") or not os.environ.get("DATABASE_URL"):
        return
    known = owner.execute("select 1 from pg_roles where rolname = %s", [APP_ROLE]).fetchone()
    # Only a superuser may name these attributes of a role that exists, even to take them away; `web` looks at them.
    statement = (
        "alter role {} login password {}" if known else "create role {} login nosuperuser nobypassrls password {}"
    )
    password = secrets.text(home, "database-app-password")
    owner.execute(sql.SQL(statement).format(sql.Identifier(APP_ROLE), password))


def grant(home: Path) -> None:
    """Give the application role its rights on what the migrations made."""
    with psycopg.connect(**libpq(connection(home, owner=True)), autocommit=True) as owner:
        role = sql.Identifier(APP_ROLE)
        for statement in (
            "grant usage on schema public to {}",
            "grant select, insert, update, delete on all tables in schema public to {}",
            "grant usage, select on all sequences in schema public to {}",
            "grant execute on all functions in schema public to {}",
        ):
            owner.execute(sql.SQL(statement).format(role))
        for table in APPEND_ONLY:
            owner.execute(sql.SQL("revoke update, delete, truncate on {} from {}").format(sql.Identifier(table), role))
        for table in READ_ONLY:
            statement = "revoke insert, update, delete, truncate on {} from {}"
            owner.execute(sql.SQL(statement).format(sql.Identifier(table), role))


def libpq(settings: dict[str, Any]) -> dict[str, Any]:
    """Django's connection settings as psycopg's keyword arguments."""
    names = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    named = {names[key]: value for key, value in settings.items() if key in names and value}
    return {**named, **settings.get("OPTIONS", {})}
