"""How long a snapshot of an internet registry takes to come in: RPSL of generated objects, parsed and written.

Run: .venv/bin/python bench/whois.py [objects]. Prints CPU and wall seconds, the largest memory, and the cost of a look.
"""

import gzip
import os
import random
import resource
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dijkwacht.settings")
os.environ.setdefault("DIJKWACHT_HOME", tempfile.mkdtemp(prefix="dijkwacht-bench-"))

import django

django.setup()

import polars as pl  # noqa: E402 - Django first

from dijkwacht.rooms.proof.whois import matching, rpsl, store  # noqa: E402

NETWORK = """inetnum:        {first} - {last}
netname:        NET-{number}
descr:          Voorbeeld {number} B.V.
descr:          Straat {number}
descr:          1000 AA  Stad
country:        NL
org:            ORG-V{owner}-RIPE
admin-c:        AB{number}-RIPE
tech-c:         AB{number}-RIPE
status:         ASSIGNED PA
mnt-by:         MNT-{owner}
created:        2001-01-01T00:00:00Z
last-modified:  2026-01-01T00:00:00Z
source:         RIPE # Filtered

"""
ORGANISATION = """organisation:   ORG-V{number}-RIPE
org-name:       Voorbeeld {number} B.V.
country:        NL
org-type:       OTHER
address:        Straat {number}
                1000 AA  Stad
e-mail:         noc@v{number}.example
abuse-c:        AR{number}-RIPE
mnt-ref:        MNT-{number}
mnt-by:         MNT-{number}
source:         RIPE # Filtered

"""


def write(path: Path, objects: int) -> None:
    chance = random.Random(1)
    with gzip.open(path, "wt", compresslevel=1) as file:
        for number in range(objects):
            if number % 20 == 0:
                file.write(ORGANISATION.format(number=number // 20))
            else:
                at = (1 << 24) + number * 256
                first, last = (".".join(str(one >> shift & 255) for shift in (24, 16, 8, 0)) for one in (at, at + 255))
                file.write(NETWORK.format(first=first, last=last, number=number, owner=chance.randrange(objects // 20)))


def main() -> None:
    objects = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        path, kept = Path(folder) / "generated.db.gz", Path(folder) / "kept"
        kept.mkdir()
        write(path, objects)
        before, cpu, wall = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time(), time.monotonic()
        read, counts, aside = store._write(path, kept)  # noqa: SLF001 - without the database
        cpu, wall = time.process_time() - cpu, time.monotonic() - wall
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        packed = path.stat().st_size >> 20
        print(f"{read} objects ({packed} MiB gzip): {cpu:.1f} s CPU, {wall:.1f} s wall; {dict(counts)}, {aside} aside")
        print(f"memory: {after >> 10} MiB at most ({(after - before) >> 10} MiB more than before)")
        size = sum(one.stat().st_size for one in kept.iterdir())
        frame = pl.scan_parquet(sorted(kept.glob("networks-*.parquet")))
        begin = time.process_time()
        span = rpsl.span_of("1.2.3.0/24")
        found = frame.filter(
            pl.col("family") == span[0],
            matching._before("first_hi", "first_lo", span[1], span[2]),  # noqa: SLF001
            matching._after("last_hi", "last_lo", span[3], span[4]),  # noqa: SLF001
        ).collect()
        print(f"on disk {size >> 20} MiB; one look: {time.process_time() - begin:.3f} s CPU, {found.height} around")


if __name__ == "__main__":
    main()
