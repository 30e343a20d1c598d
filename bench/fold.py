"""A day of a million findings is folded into many millions that are known: how many CPU seconds does it cost?

    python bench/fold.py [--known 50000000] [--rows 1000000]

Fills the table of findings, as migrated, with `known` rows in random order of their ids. Then folds `rows` findings, of
which nine of ten are known already, and after that the same day once more. Counts the CPU seconds of this process and
of every process of the database together, the checkpoint and the log writer included. The aim is less than 60 s for
the first day with 50 million known, and less for the second.
"""

import argparse
import hashlib
import os
import random
import time
import uuid
from datetime import datetime

import polars as pl

from system import System, system

ORGANISATIONS = 100_000
FILL = """
insert into notification_finding (id, organisation_id, asset_id, asset, how, feed, kind, key, address, host, port,
    protocol, severity, count, first_seen, last_seen, state, state_changed_at, version, created_at, evidence)
select md5('f' || n)::uuid, md5('o' || n % {organisations})::uuid, n, '192.0.2.0/28', 'prefix', 'shadowserver',
    'scan-http', '192.0.2.1|80', '192.0.2.1', '', 80, 'tcp', 2, 3, '2026-10-01', '2026-11-20', 'open', '2026-10-01', 1,
    '2026-10-01', '{{"tag": "http", "http_code": "200", "server": "nginx"}}'
from generate_series({first}, {last}) n
"""
INDEXES = """
select indexrelid::regclass::text, pg_get_indexdef(indexrelid) from pg_index
where indrelid = 'notification_finding'::regclass and not indisprimary
"""
STEP = 5_000_000


def fill(running: System, known: int) -> None:
    """Insert the known findings; the indexes are made anew over them, as a table that grew has them."""
    with running.superuser() as database:
        indexes = database.execute(INDEXES).fetchall()
        for name, _ in indexes:
            database.execute(f"drop index {name}")
        database.execute("alter table notification_finding drop constraint notification_finding_pkey")
        database.execute("set synchronous_commit = off")
        for first in range(1, known + 1, STEP):
            last = min(first + STEP - 1, known)
            database.execute(FILL.format(organisations=ORGANISATIONS, first=first, last=last))
        database.execute("set maintenance_work_mem = '2GB'")
        database.execute("alter table notification_finding add primary key (id)")
        for _, definition in indexes:
            database.execute(definition)
        database.execute("vacuum (freeze, analyze) notification_finding")
        database.execute("checkpoint")


def digest(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def day(rows: int, known: int) -> pl.DataFrame:
    """The findings of one day, nine of ten known, in random order (schema fold.FOLD)."""
    from dijkwacht.rooms.notification.fold import FOLD

    chance = random.Random(1)
    old = chance.sample(range(1, known + 1), rows * 9 // 10)
    numbers = [*old, *range(known + 1, known + 1 + rows - len(old))]
    organisations = [str(uuid.UUID(digest(f"o{n}"))) for n in range(ORGANISATIONS)]
    moment = datetime(2026, 11, 21, 3)  # noqa: DTZ001 - the frame is in UTC without saying so
    frame = pl.DataFrame(
        {
            "id": [digest(f"f{n}") for n in numbers],
            "organisation_id": [organisations[n % ORGANISATIONS] for n in numbers],
            "asset_id": numbers,
        }
    )
    constants = {
        "asset": "192.0.2.0/28", "how": "prefix", "feed": "shadowserver", "kind": "scan-http", "key": "192.0.2.1|80",
        "address": "192.0.2.1", "host": None, "port": 80, "protocol": "tcp", "severity": 2, "count": 1,
        "first_seen": moment, "last_seen": moment,
        "evidence": '{"tag": "http", "http_code": "200", "server": "nginx"}',
    }  # fmt: skip
    filled = frame.with_columns(pl.lit(value).alias(name) for name, value in constants.items())
    return filled.sample(fraction=1, shuffle=True, seed=2).select(FOLD.names()).cast(FOLD)  # type: ignore[arg-type]


def fold_once(running: System, findings: pl.DataFrame) -> str:
    """Fold, wait for what the database does behind it, and say what it cost."""
    from dijkwacht.kernel.actor import system as actor
    from dijkwacht.platform import tenancy
    from dijkwacht.rooms.notification.fold import fold

    server, client, start = running.database_cpu(), time.process_time(), time.perf_counter()
    with tenancy.acting(actor("bench")):
        counts = fold(findings, batch=uuid.uuid4(), actor="bench")
    seconds, client = time.perf_counter() - start, time.process_time() - client
    with running.superuser() as database:
        database.execute("checkpoint")
        hot, updates = database.execute(
            "select n_tup_hot_upd, n_tup_upd from pg_stat_user_tables where relname = 'notification_finding'"
        ).fetchone()
    server = running.database_cpu() - server
    return (
        f"{seconds:>8.1f} {client:>7.1f} {server:>7.1f} {client + server:>7.1f}  new {counts.new:,}"
        f" changed {counts.changed:,} repeated {counts.repeated:,}; {hot:,} of {updates:,} updates in place"
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--known", type=int, default=50_000_000)
    options.add_argument("--rows", type=int, default=1_000_000)
    given = options.parse_args()
    with system(0) as running:
        import django

        os.environ["DJANGO_SETTINGS_MODULE"] = "dijkwacht.settings"
        django.setup()
        fill(running, given.known)
        findings = day(given.rows, given.known)
        print(f"{given.rows:,} findings into {given.known:,}")
        print(f"{'':>8} {'seconds':>8} {'client':>7} {'server':>7} {'CPU s':>7}")
        for name in ("first", "repeat"):
            print(f"{name:>8} {fold_once(running, findings)}")


if __name__ == "__main__":
    main()
