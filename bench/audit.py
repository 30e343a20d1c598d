"""What the audit log costs: recording, sequencing, proving, and checking everything again.

Run: `python bench/audit.py [ENTRIES]` (200,000 unless said otherwise), in a database and a folder of its own.
"""

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HOME = Path(tempfile.mkdtemp(prefix="dijkwacht-bench-"))
os.environ.setdefault("DIJKWACHT_HOME", str(HOME))

RECORDED = 2_000
PROOFS = 500
BULK = """insert into audit_event
(id, at, action, object_type, object_id, organisation, result, actor_kind, actor_id, origin, detail)
select gen_random_uuid(), now() + n * interval '1 ms', 'notification:notice:send', 'notice', n::text, gen_random_uuid(),
  'ok', 'system', 'system:outbox', '', jsonb_build_object('number', n, 'grounds', array['cbw-16'], 'channel', 'mail')
from generate_series(1, %s) n"""


@contextmanager
def measured(what: str, count: int) -> Iterator[None]:
    wall, cpu = time.perf_counter(), time.process_time()
    yield
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(f"{what:<44}{count:>10,}{wall:>9.2f} s{cpu:>9.2f} s CPU{wall / count * 1e6:>10.1f} µs each")


def main(entries: int) -> None:
    from dijkwacht.__main__ import set_up_django
    from dijkwacht.platform.supervisor.cli import embedded, run

    run("migrate")
    set_up_django()
    try:
        measure(entries)
    finally:
        server = embedded()
        if server is not None:
            server.stop()


def measure(entries: int) -> None:
    from django.db import connection, transaction

    from dijkwacht.kernel.actor import system
    from dijkwacht.platform import tenancy
    from dijkwacht.platform.audit import files, leaf, merkle
    from dijkwacht.platform.audit.record import record
    from dijkwacht.platform.audit.tiles import Tiles
    from dijkwacht.platform.audit.verify import verify

    actor, detail = system("bench"), {"number": 1, "channel": "mail"}
    with measured("record, in one transaction", RECORDED), transaction.atomic():
        for number in range(RECORDED):
            record(actor=actor, action="bench:thing:change", target=("thing", number), detail=detail)
    with measured("record with a personal value", RECORDED), transaction.atomic():
        for number in range(RECORDED):
            person = {"email": "iris@example.org"}
            record(actor=actor, action="bench:thing:change", target=("thing", number), personal=person)
    with connection.cursor() as cursor:
        cursor.execute(BULK, [entries - 2 * RECORDED])
        cursor.execute("analyze")
    with measured("sequence everything", entries):
        files.sequencer().run()
    with measured("sequence when nothing waits", 1):
        files.sequencer().run()
    row = ("0" * 36, "2026-11-22 08:00:00+00", "a:b:c", "x", "1", None, "ok", "system", "x", "", '{"number": 1}')
    with measured("encode and hash one entry", entries):
        for _ in range(entries):
            merkle.leaf_hash(leaf.entry(row))
    with tempfile.TemporaryDirectory() as folder, measured("append to the tiles, durable, 10,000 a time", entries):
        tiles = Tiles(Path(folder))
        for start in range(0, entries, 10_000):
            tiles.append(start, [leaf.entry(row)] * min(10_000, entries - start))
    tiles = files.tiles()
    with measured("inclusion proof from the tiles", PROOFS):
        for number in range(PROOFS):
            merkle.inclusion_path(number * (entries // PROOFS), entries, tiles.range_hash(entries))
    with tenancy.acting(actor), measured("verify: rows, files, signature", entries):
        report = verify(connection.connection, tiles, files.signer().verifier)
    assert report.ok, report.findings[:3]


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000)
