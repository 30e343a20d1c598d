"""Real sets through the sourcing of advisories: how many come in, why others do not, what it costs.

    python bench/advisories_sourcing.py CSAF_FOLDER CVE_FOLDER KEV_FILE     with DIJKWACHT_HOME of a running system

Sets: github.com/cisagov/CSAF, github.com/cisagov/vulnrichment (CC0), github.com/cisagov/kev-data. CPU is that of this
process; PostgreSQL's own is measured apart, from its processes.
"""

import os
import sys
import time
from collections import Counter
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dijkwacht.settings")

import django

django.setup()

from django.db.models import Count  # noqa: E402

from dijkwacht.kernel.actor import system  # noqa: E402
from dijkwacht.platform import tenancy  # noqa: E402
from dijkwacht.rooms.advisories.sourcing import actions, models, reads  # noqa: E402
from dijkwacht.rooms.advisories.sourcing.files import files_of  # noqa: E402

ACTOR = system("bench")
LOOKS = {
    "the list, what matters most": (reads.Wanted(), "-weight"),
    "the list, last changed": (reads.Wanted(), "-last_changed"),
    "words": (reads.Wanted(words="siemens scalance", state=""), "-weight"),
    "a CVE": (reads.Wanted(words="CVE-2021-44228", state=""), "-weight"),
    "exploited only": (reads.Wanted(exploited=True), "-weight"),
    "one source": (reads.Wanted(source="cisa-csaf", state=""), "-weight"),
}


def take(name: str, path: Path) -> None:
    cpu, wall = time.process_time(), time.perf_counter()
    report = actions.ingest(actor=ACTOR, files=files_of(path))
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    print(f"{name:<14} {report.files:>7,} files {report.new:>7,} new {report.same:>7,} same {report.aside:>4,} aside "
          f"{report.matters:>7,} matters {report.joined:>4,} joined {cpu:7.1f} s CPU {wall:7.1f} s wall")  # fmt: skip
    tests = Counter(part.split(" ")[0] for one in report.findings for part in [one.split(": ", 1)[1]])
    if tests:
        print("  set aside by test:", ", ".join(f"{test} {count}" for test, count in tests.most_common()))


def counts() -> None:
    with tenancy.acting(ACTOR):
        notations = models.Statement.objects.order_by().values_list("notation").annotate(number=Count("id"))
        sizes = Counter(models.Matter.objects.exclude(state="joined").values_list("names", flat=True))
        print("statements by notation:", dict(notations))
        print("matters:", sum(sizes.values()), "of one vulnerability:", sizes[1], "largest:", max(sizes))


def pages() -> None:
    for name, (wanted, order) in LOOKS.items():
        times = []
        for _ in range(7):
            with tenancy.acting(ACTOR):
                wall = time.perf_counter()
                rows = list(reads.matters(ACTOR, wanted).order_by(order, "-id")[:51])
                times.append(time.perf_counter() - wall)
        print(f"{name:<28} {len(rows):>3} rows {sorted(times)[3] * 1000:8.1f} ms (median of 7)")
    with tenancy.acting(ACTOR):
        largest = models.Matter.objects.order_by("-names").first()
        wall = time.perf_counter()
        facts = reads.matter_facts(ACTOR, largest.id)
        print(f"facts of the largest matter ({len(facts.vulnerabilities)} names, {len(facts.statements)} statements) "
              f"{(time.perf_counter() - wall) * 1000:.1f} ms")  # fmt: skip
        cpu = time.process_time()
        frame = reads.statement_frame(ACTOR)
        print(f"frame of {frame.height:,} statements {time.process_time() - cpu:.2f} s CPU")


if __name__ == "__main__":
    for name, path in zip(("CSAF", "CVE", "KEV"), sys.argv[1:4], strict=True):
        take(name, Path(path))
    for name, path in zip(("CSAF again", "CVE again", "KEV again"), sys.argv[1:4], strict=True):
        take(name, Path(path))
    counts()
    pages()
