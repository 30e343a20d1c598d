"""What the daily job of retention costs on two million changes of the register, and how long it holds anything.

Run: `python bench/retention.py [--contacts 500000] [--keep FOLDER]`, in a database of its own that is thrown away. Each
contact has an organisation and was changed twice; they are between no and seven years old, so about a fifth of the
values is over. Then the job runs again, as on any other day, with nothing to do. Figures: `bench/README.md`.
"""

import argparse
import os
import resource
import shutil
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from registry import server_cpu

YEARS = 7
FILL = """
select set_config('dijkwacht.scope', 'centre', false);
alter table registry_organisation disable trigger user;
alter table registry_contact disable trigger user;
create temporary table person as
  select n, gen_random_uuid() as organisation, gen_random_uuid() as contact,
         now() - make_interval(secs => {years} * 31557600.0 * n / {contacts}) as born
    from generate_series(1, {contacts}) n;
insert into registry_organisation (id, name, country, kind, classification, sectors, kvk, language, demo, active,
  source, created_at, declaration, entity_types, member_states, emails, phones, addresses, arrangements,
  foreign_register, foreign_number, updated_at)
select organisation, 'Bakkerij ' || n, 'NL', 'organisation', 'other', '[]', lpad(n::text, 8, '1'), 'nl', false, true,
  'bench', born, 'none', '[]', '[]', '[]', '[]', '[]', '[]', '', '', born from person;
insert into registry_contact (id, organisation_id, role, name, email, phone, "order", language, channel, webhook_url,
  openpgp_key, smime_certificate, minimum_severity, rhythm, status, status_reason, optional_kinds, created_at)
select contact, organisation, 'security', 'Jan ' || n, 'c' || n || '@bench.example', '+31201234567', 0, 'nl', 'mail',
  '', '', '', 0, 'run', 'working', '', '[]', born from person;
insert into registry_change (organisation_id, record, row, verb, values, at, actor, source, ground, erased)
select organisation, record, row, verb, values, at, actor, 'organisation', '', '{{}}' from (
  select organisation, 'organisation' as record, organisation as row, 'add' as verb,
         jsonb_build_object('name', 'Bakkerij ' || n, 'kvk', lpad(n::text, 8, '1'), 'country', 'NL') as values,
         born as at, 'person-' || n % 5000 as actor from person
  union all
  select organisation, 'contact', contact, 'add', jsonb_build_object('name', 'Piet ' || n, 'email', 'a' || n ||
         '@bench.example', 'phone', '+31201234567', 'role', 'security'), born, 'person-' || n % 5000 from person
  union all
  select organisation, 'contact', contact, 'change', jsonb_build_object('email', 'b' || n || '@bench.example'),
         born + (now() - born) / 20, 'person-' || n % 5000 from person
  union all
  select organisation, 'contact', contact, 'change', jsonb_build_object('name', 'Jan ' || n, 'email',
         'c' || n || '@bench.example'), born + (now() - born) / 10, 'person-' || n % 5000 from person
) every order by at;
alter table registry_organisation enable trigger user;
alter table registry_contact enable trigger user;
"""


def fill(contacts: int) -> None:
    """Fill the register and its history as its owner, the history with the times of long ago."""
    with _owner() as owner:
        for statement in FILL.format(contacts=contacts, years=YEARS).strip().split(";\n"):
            owner.execute(statement)
        owner.execute("vacuum analyze")


def _owner() -> Any:
    import psycopg
    from django.conf import settings

    from dijkwacht.platform.database import roles, urls

    return psycopg.connect(**roles.libpq(urls.connection(settings.HOME, owner=True)), autocommit=True)


class Watch(threading.Thread):
    """Looks ten times a second how long the oldest transactions of the application run: those that write hold locks."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.longest, self.writing, self.over = 0.0, 0.0, threading.Event()

    def run(self) -> None:
        """Keep the longest age that was seen, in seconds."""
        import psycopg
        from django.conf import settings

        from dijkwacht.platform.database.urls import DATABASE, socket_folder

        host = str(socket_folder(settings.HOME))
        with psycopg.connect(host=host, user="postgres", dbname=DATABASE, autocommit=True) as owner:
            while not self.over.wait(0.1):
                ages = owner.execute(
                    "select extract(epoch from clock_timestamp() - xact_start), backend_xid is not null"
                    " from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()"
                    " and xact_start is not null"
                ).fetchall()
                for age, writes in ages:
                    self.longest = max(self.longest, float(age))
                    self.writing = max(self.writing, float(age) if writes else 0.0)


def measure(what: str) -> None:
    """Run the job once, as the scheduler does."""
    from dijkwacht.rooms.registry import ticks

    watch = Watch()
    watch.start()
    before = _left()
    cpu, server, wall = time.process_time(), server_cpu(), time.perf_counter()
    ticks.keep_no_longer()
    cpu, server, wall = time.process_time() - cpu, server_cpu() - server, time.perf_counter() - wall
    watch.over.set()
    watch.join()
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    gone = " ".join(f"{name} {was - now:,}" for (name, was), now in zip(before.items(), _left().values(), strict=True))
    print(
        f"{what}: {wall:.0f} s wall, {cpu + server:.0f} s CPU ({cpu:.0f} client), longest transaction"
        f" {watch.longest:.1f} s, of those that write {watch.writing:.1f} s, client at most {most:.0f} MB;"
        f" gone: {gone}",
        flush=True,
    )


def _left() -> dict[str, int]:
    with _owner() as owner:
        owner.execute("select set_config('dijkwacht.scope', 'centre', false)")
        row = owner.execute(
            "select (select count(*) from registry_contact where email <> ''), (select count(*) from registry_change"
            " where values ? 'email'), (select count(*) from registry_change where left(actor, 1) <> '~')"
        ).fetchone()
    return dict(zip(("contacts", "history", "actors"), row, strict=True))


def main(contacts: int) -> None:
    """Make the database, fill it, measure."""
    from dijkwacht.__main__ import set_up_django

    set_up_django()
    from dijkwacht.platform.supervisor.cli import embedded, run

    run("migrate")
    try:
        if not sum(_left().values()):
            began = time.perf_counter()
            fill(contacts)
            print(
                f"{contacts:,} contacts, {4 * contacts:,} changes filled in: {time.perf_counter() - began:.0f} s",
                flush=True,
            )
        measure("the first day")
        measure("the next day")
    finally:
        server = embedded()
        if server is not None:
            server.stop()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contacts", type=int, default=500_000)
    parser.add_argument("--keep", type=Path, help="Keep the database here, and use it again.")
    chosen = parser.parse_args()
    folder = chosen.keep or Path(tempfile.mkdtemp(prefix="dijkwacht-bench-"))
    os.environ["DIJKWACHT_HOME"] = str(folder)
    try:
        main(chosen.contacts)
    finally:
        if chosen.keep is None:
            shutil.rmtree(folder, ignore_errors=True)
