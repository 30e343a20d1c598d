"""A register of before is taken along: each old line has its edition, and what was not affected stands apart."""

import os
import subprocess
import sys

import pytest
from psycopg import sql
from tests.conftest import TEMPLATE, copy_of_template, superuser

from dijkwacht.rooms.advisories.inventory import names, rules

BEFORE = ("advisories", "0006_named_without_products")
STEP = """
import sys
import django
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
django.setup()
connection.settings_dict["NAME"] = sys.argv[1]
executor = MigrationExecutor(connection)
executor.migrate([tuple(one.split(".")) for one in sys.argv[2:]] or executor.loader.graph.leaf_nodes())
"""
OLD = [
    rules.Entry("FortiOS", "7.2.1", "Fortinet"),
    rules.Entry("FortiOS", "7.4.0", "Fortinet"),
    rules.Entry("fortios", "7.2.1", "fortinet"),  # told apart to the letter
    rules.Entry("Größe “x”", "", ""),
    rules.Entry("left-pad", "1.3.0", "", "", "pkg:npm/left-pad@1.3.0"),
    rules.Entry("Poort", "8.0", "Kievit", "cpe:2.3:a:kievit:poort:8.0:*:*:*:*:*:*:*"),
]


@pytest.fixture
def old_database(database_server):
    """A database as it stood before, with one list of an organisation that holds OLD, twice the first line."""
    name = f"test_old_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    copy_of_template(name)
    with superuser() as server:  # a copy is of whoever makes it; the tables are of the owner of the schema
        asked = server.execute("select pg_get_userbyid(datdba) from pg_database where datname = %s", [TEMPLATE])
        given = sql.SQL("alter database {} owner to {}")
        server.execute(given.format(sql.Identifier(name), sql.Identifier(asked.fetchone()[0])))
    migrate(name, ".".join(BEFORE))
    with superuser() as server:
        where = dict(server.info.get_parameters()) | {"dbname": name, "host": server.info.host}
    import psycopg

    with psycopg.connect(**where, autocommit=True) as old:
        fill(old)
        yield name, old
    with superuser() as server:
        server.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def migrate(name, *to):
    """Migrate as the owner of the schema does, for whom row-level security holds too."""
    environment = {**os.environ, "DIJKWACHT_AS_OWNER": "1", "DJANGO_SETTINGS_MODULE": "tests.settings"}
    done = subprocess.run(
        [sys.executable, "-c", STEP, name, *to], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]


def fill(old):
    def put(table, **values):
        known = old.execute(
            "select column_name, data_type from information_schema.columns where table_name = %s "
            "and is_nullable = 'NO' and column_default is null and is_identity = 'NO'",
            [table],
        ).fetchall()
        empty = {
            "uuid": "00000000-0000-4000-8000-000000000000",
            "timestamp with time zone": "2026-01-01T00:00:00Z",
            "jsonb": "[]",
            "boolean": False,
        }
        row = {
            name: empty.get(kind, "" if kind in {"text", "character varying"} else 0) for name, kind in known
        } | values
        columns = sql.SQL(", ").join(map(sql.Identifier, row))
        signs = sql.SQL(", ").join([sql.Placeholder()] * len(row))
        old.execute(
            sql.SQL("insert into {} ({}) values ({})").format(sql.Identifier(table), columns, signs), [*row.values()]
        )

    one = "00000000-0000-4000-8000-00000000000{}".format
    put("registry_organisation", id=one(1), name="Oud", country="NL", kind="organisation", active=True)
    put("advisories_inventory", id=one(2), organisation_id=one(1), name="Alles")
    put("advisories_intake", id=one(3), inventory_id=one(2), organisation_id=one(1), source="csv")
    for at, entry in enumerate([*OLD, OLD[0]]):
        put(
            "advisories_line",
            id=f"00000000-0000-4000-9000-00000000000{at}",
            inventory_id=one(2),
            organisation_id=one(1),
            added_in_id=one(3),
            source="csv",
            digest=f"{at}",
            removed_at="2026-02-01T00:00:00Z" if at == len(OLD) else None,
            **{name: getattr(entry, name) for name in ("vendor", "product", "version", "cpe", "purl")},
        )
    about = {"organisation_id": one(1), "advisory": one(5)}
    for at, day in ((6, "2026-03-01"), (7, "2026-03-02")):  # settled by the answer below, and marked by hand
        settled = {"status": "done", "status_at": f"{day}T00:00:00Z", "status_by": "link:x"}
        put("advisories_match", id=one(at), line_id=f"00000000-0000-4000-9000-00000000000{at - 6}", **about, **settled)
    put("advisories_exposure", id=one(8), answer="not_affected", at="2026-03-01T00:00:00Z", by="link:x", **about)


@pytest.mark.django_db
def test_old_lines_get_the_editions_and_names_that_a_new_line_would_get(old_database):
    name, old = old_database
    assert old.execute("select count(*) from advisories_line").fetchone() == (len(OLD) + 1,)
    migrate(name)
    statuses = old.execute("select status from advisories_match order by id").fetchall()
    assert statuses == [("not_affected",), ("done",)]
    lines = old.execute("select edition from advisories_line order by id").fetchall()
    assert [row[0] for row in lines] == [rules.edition_digest(one) for one in [*OLD, OLD[0]]]
    editions = dict(old.execute("select digest, name from advisories_edition").fetchall())
    assert editions == {rules.edition_digest(one): rules.name_digest(one) for one in OLD}
    kept = {digest: set(keys) for digest, keys in old.execute("select digest, keys from advisories_name").fetchall()}
    assert kept == {rules.name_digest(one): names.keys(one.vendor, one.product, one.cpe, one.purl) for one in OLD}
