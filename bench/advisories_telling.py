"""From a published urgent advisory to rows in the outbox: 10,000 organisations that run the product, among others.

`python bench/advisories_telling.py [ORGANISATIONS] [CONCERNED] [LINES]` fills an own home with invented organisations,
publishes one advisory of an invented product on a shelf in memory and prints wall and CPU seconds of each step. A home
that was filled before is measured as it is. Remove it with `rm -r $DIJKWACHT_HOME` afterwards.
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
    import psycopg
    from tests.delivery.shelf import Shelf

    from advisories_telling_filling import fill
    from dijkwacht.platform.database.urls import DATABASE, socket_folder
    from dijkwacht.rooms.advisories.delivery import dispatching, published, running, telling

    with psycopg.connect(host=str(socket_folder(HOME)), user="postgres", dbname=DATABASE, autocommit=True) as database:
        if not database.execute("select 1 from registry_organisation where source = 'bench' limit 1").fetchone():
            begun = time.perf_counter()
            made = fill(database, organisations, concerned, lines)
            print(f"{organisations:,} organisations, {made:,} lines, filled in {time.perf_counter() - begun:.0f} s")
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
