"""Invented organisations that run invented products, for `advisories_telling.py`: millions of lines in minutes.

The superuser of the embedded server fills them in without triggers (foreign keys, the register's search and history)
and without indexes but primary keys; the indexes are made over them, and that nothing dangles is looked up at the end.
"""

from typing import Any

import psycopg

KINDS = 2_000  # products
TABLES = ("registry_organisation", "registry_contact", "advisories_inventory", "advisories_intake", "advisories_line")
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
select gen_random_uuid(), r.inventory_id, r.organisation_id, p.vendor, p.product, '7.' || (r.n %% 10), '', '',
    md5(r.n::text || p.product), p.editions[r.n %% 10 + 1], 'csv', now(), 'bench', r.id, now(), ''
from (select id, inventory_id, organisation_id, row_number() over (order by id) as n from advisories_intake) r
cross join lateral (
    -- the product of the advisory, of those concerned; and others in their turn
    select 0::bigint as place where r.n <= %(concerned)s
    union all
    select place from (select ((i - r.n * 7) %% %(kinds)s + %(kinds)s) %% %(kinds)s as place
                       from generate_series(0, %(lines)s - 1) i) o where place > 0
) k
join (select array_agg(e.digest order by e.version) as editions, min(e.vendor) as vendor, e.product,
    min(x.place) as place
    from advisories_edition e join unnest(%(names)s::text[], %(places)s::int[]) as x (name, place) on x.name = e.name
    group by e.product) as p
  on p.place = k.place
"""
INDEXES = """
select indexrelid::regclass::text, pg_get_indexdef(indexrelid) from pg_index
where indrelid = any (%s::regclass[]) and not indisprimary
"""
DANGLING = """
select (select count(*) from registry_contact c left join registry_organisation o on o.id = c.organisation_id
        where o.id is null)
     + (select count(*) from advisories_inventory i left join registry_organisation o on o.id = i.organisation_id
        where o.id is null)
     + (select count(*) from advisories_intake t left join advisories_inventory i on i.id = t.inventory_id
        where i.id is null)
     + (select count(*) from advisories_line l left join advisories_inventory i on i.id = l.inventory_id
        left join advisories_intake t on t.id = l.added_in_id where i.id is null or t.id is null)
"""


def fill(database: "psycopg.Connection[Any]", organisations: int, concerned: int, lines: int) -> int:
    """Fill an empty system; gives the number of lines. `database`: of the superuser, autocommit."""
    digests = products()
    indexes = database.execute(INDEXES, [list(TABLES)]).fetchall()
    database.execute("set synchronous_commit = off")
    database.execute("set session_replication_role = replica")  # no triggers, so no foreign keys looked up row by row
    for name, _ in indexes:
        database.execute(f"drop index {name}")
    with psycopg.ClientCursor(database) as cursor:
        cursor.execute(FILL, {"organisations": organisations})
    database.execute("analyze advisories_intake, advisories_edition")
    how = {"places": list(range(KINDS)), "concerned": concerned, "kinds": KINDS, "lines": lines}
    made = database.execute(LINES, {"names": digests, **how}).rowcount
    database.execute("set session_replication_role = origin")
    database.execute("set maintenance_work_mem = '1GB'")
    for _, definition in indexes:
        database.execute(definition)
    if dangling := database.execute(DANGLING).fetchone()[0]:
        raise SystemExit(f"{dangling} rows dangle")
    database.execute("vacuum analyze")
    database.execute("checkpoint")  # else the first steps pay for writing down what was filled in
    return made


def products() -> list[str]:
    """Make the products in ten versions each; gives the digests of their names, that of the advisory first."""
    from dijkwacht.kernel.actor import system
    from dijkwacht.platform import tenancy
    from dijkwacht.rooms.advisories.inventory import names, rules
    from dijkwacht.rooms.advisories.inventory.models import Edition, Name

    called = [("Kievit", "Kievit Poort")] + [(f"Maker {n % 300}", f"Product {n} Suite") for n in range(1, KINDS)]
    digests = [rules.name_digest(rules.Entry(product, vendor=vendor)) for vendor, product in called]
    with tenancy.acting(system("bench")):
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
    return digests
