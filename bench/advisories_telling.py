"""From a published urgent advisory to rows in the outbox: 10,000 organisations that run the product, among others.

`python bench/advisories_telling.py [ORGANISATIONS] [CONCERNED] [LINES]` fills an own home with invented organisations,
publishes one advisory of an invented product on a shelf in memory and prints wall and CPU seconds of each step.
Remove the home with `rm -r $DIJKWACHT_HOME` afterwards.
"""

import os
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

HOME = Path(os.environ.setdefault("DIJKWACHT_HOME", tempfile.mkdtemp(prefix="bench-telling-")))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dijkwacht.settings")
FILL = """
insert into registry_organisation (id, name, country, kind, classification, sectors, declaration, entity_types,
    member_states, emails, phones, addresses, arrangements, language, demo, active, source, created_at, updated_at,
    foreign_register, foreign_number)
select gen_random_uuid(), 'Bench ' || n, 'NL', 'organisation', 'other', '[]', 'none', '[]', '[]', '[]', '[]', '[]',
    '[]', 'nl', true, true, 'bench', now(), now(), '', '' from generate_series(1, %(organisations)s) n;
insert into registry_contact (id, organisation_id, role, name, email, phone, "order", language, channel, webhook_url,
    openpgp_key, smime_certificate, minimum_severity, rhythm, status, status_reason, optional_kinds, created_at)
select gen_random_uuid(), id, 'security', '', 'ciso@b' || substr(id::text, 1, 8) || '.example', '', 0, 'nl', 'mail', '',
    '', '', 0, 'run', 'working', '', '[]', now() from registry_organisation where source = 'bench';
insert into advisories_inventory (id, organisation_id, name, created_at, created_by, removed_by)
select gen_random_uuid(), id, 'Alles', now(), 'bench', '' from registry_organisation where source = 'bench';
insert into advisories_intake (id, inventory_id, organisation_id, at, by, source, filename, sha256, replaced, added,
    kept, removed, refused)
select gen_random_uuid(), id, organisation_id, now(), 'bench', 'csv', '', '', false, 0, 0, 0, 0
from advisories_inventory;
"""
LINES = """
insert into advisories_line (id, inventory_id, organisation_id, vendor, product, version, cpe, purl, digest, edition,
    source, added_at, added_by, added_in_id, seen_at, removed_by)
select gen_random_uuid(), i.id, i.organisation_id, p.vendor, p.product, '7.' || (r.n %% 10), '', '',
    md5(r.n::text || p.product), p.editions[r.n %% 10 + 1], 'csv', now(), 'bench', t.id, now(), ''
from (select id, organisation_id, row_number() over (order by id) as n from advisories_inventory) r
cross join lateral (
    -- the product of the advisory, of those concerned; and others in their turn
    select 0::bigint as place where r.n <= %(concerned)s
    union all
    select place from (select ((i - r.n * 7) %% %(kinds)s + %(kinds)s) %% %(kinds)s as place
                       from generate_series(0, %(lines)s - 1) i) o where place > 0
) k
join advisories_inventory i on i.id = r.id
join advisories_intake t on t.inventory_id = i.id
join (select array_agg(e.digest order by e.version) as editions, min(e.vendor) as vendor, e.product,
    min(x.place) as place
    from advisories_edition e join unnest(%(names)s::text[], %(places)s::int[]) as x (name, place) on x.name = e.name
    group by e.product) as p
  on p.place = k.place
"""


def fill(organisations: int, concerned: int, lines: int) -> None:
    from django.db import connection

    from dijkwacht.kernel.actor import system
    from dijkwacht.platform import tenancy
    from dijkwacht.rooms.advisories.inventory import names, rules
    from dijkwacht.rooms.advisories.inventory.models import Edition, Name

    kinds = 2_000
    called = [("Kievit", "Kievit Poort")] + [(f"Maker {n % 300}", f"Product {n} Suite") for n in range(1, kinds)]
    digests = [rules.name_digest(rules.Entry(product, vendor=vendor)) for vendor, product in called]
    with tenancy.acting(system("bench")), connection.cursor() as cursor:
        Name.objects.bulk_create(
            Name(digest=digest, vendor=vendor, product=product, keys=sorted(names.keys(vendor, product)))
            for digest, (vendor, product) in zip(digests, called, strict=True)
        )
        Edition.objects.bulk_create(
            Edition(digest=rules.edition_digest(one), name=digest, vendor=one.vendor, product=one.product,
                    version=one.version)
            for digest, (vendor, product) in zip(digests, called, strict=True)
            for one in (rules.Entry(product, f"7.{n}", vendor) for n in range(10))
        )  # fmt: skip
        cursor.execute(FILL, {"organisations": organisations})
        how = {"places": list(range(kinds)), "concerned": concerned, "kinds": kinds, "lines": lines}
        cursor.execute(LINES, {"names": digests, **how})
        print(f"{organisations:,} organisations, {cursor.rowcount:,} lines")
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze")


def find(key: tuple[uuid.UUID, int]) -> int:
    """Find the recipients of a version, as a run does before it writes anything; gives how many."""
    from dijkwacht.platform import tenancy
    from dijkwacht.rooms.advisories.catalogue.reads import aliases
    from dijkwacht.rooms.advisories.delivery import finding, published, running
    from dijkwacht.rooms.advisories.matching.rules import prepare

    with tenancy.acting(running.RUNNER):
        return finding.whom(finding.verdicts(prepare(published.library().statements([key]), aliases()))).height


def main() -> None:
    organisations, concerned, lines = (int(one) for one in (*sys.argv[1:], "20000", "10000", "50")[:3])
    subprocess.run([sys.executable, "-m", "dijkwacht", "migrate"], check=True, stdout=subprocess.DEVNULL)
    import django

    django.setup()
    sys.path.insert(0, str(Path(__file__).parents[1]))
    from tests.delivery.shelf import Shelf

    from dijkwacht.rooms.advisories.delivery import dispatching, published, running, telling

    fill(organisations, concerned, lines)
    shelf = Shelf()
    published.register(shelf)
    shelf.publish("8.0", product=("Kievit", "Kievit Poort"), number="DW-2026-0000")  # warms what is imported late
    key = shelf.publish("8.0", product=("Kievit", "Kievit Poort"), urgent=True, advisory=uuid.uuid4())
    steps = {
        "whom (finding alone)": lambda: find(key),
        "again": lambda: find(key),
        "match, concerns": lambda: running.run(*key),
        "tellings": lambda: telling.tell(*key),
        "letters, outbox": dispatching.dispatch_due,
        "again (nothing new)": lambda: running.run(*key) + telling.tell(*key) + dispatching.dispatch_due(),
    }
    for name, step in steps.items():
        wall, cpu = time.perf_counter(), time.process_time()
        done = step()
        print(f"{name:22} {done:8,} {time.perf_counter() - wall:8.2f} s wall {time.process_time() - cpu:8.2f} s CPU")


if __name__ == "__main__":
    main()
