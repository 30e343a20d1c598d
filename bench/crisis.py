"""A national crisis: thousands of reporters at once on this machine's cores. `python bench/crisis.py --reporters 2000`.

Starts the real system (embedded PostgreSQL, web server, sender, scheduler, demo mailbox); a third of the reporters come
by page with an account, a third without account, a third by the API. The load driver is a process of its own, whose
processor time is counted apart; it takes its share of the same cores.
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import psutil

from system import System, system

HERE = Path(__file__).parent
UNAVAILABLE = 503
ROLES = ("mailbox", "web --port {port}", "sender: worker --queue=outbox", "scheduler")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reporters", type=int, default=2000)
    parser.add_argument("--organisations", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=0, help="In which they all arrive; 0: at the same moment.")
    asked = parser.parse_args()
    with system(asked.organisations, *ROLES) as running:
        people = program("crisis_people.py", "people", str(asked.reporters))
        before = running.cpu()
        began = time.monotonic()
        said = program("crisis_reporters.py", str(running.port), str(asked.seconds), given=people)
        seconds = time.monotonic() - began
        after = running.cpu()
        told = [json.loads(line) for line in said.splitlines()]
        print(f"{asked.reporters} reporters, all answered in {seconds:.1f} s")
        pages(told)
        kept(told)
        why(told)
        spent(running, before, after, len([one for one in told if one["acknowledged"]]))


def program(name: str, *arguments: str, given: str = "") -> str:
    done = subprocess.run(
        [sys.executable, str(HERE / name), *arguments], input=given, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    return done.stdout


def pages(told: list[dict]) -> None:
    """Print how long each page took: first try and later ones, answers and refusals alike."""
    took: dict[tuple[str, str], list[float]] = {}
    statuses: Counter[int] = Counter()
    for one in told:
        for page, seconds, status in one["seen"]:
            statuses[status] += 1
            word = "shed" if status == UNAVAILABLE else "none" if status == 0 else "answered"
            took.setdefault((word, f"{one['kind']} {page}" if word == "answered" else ""), []).append(seconds)
            took.setdefault((word, "all"), []).append(seconds) if word == "answered" else None
    print(f"{'page':<28}{'times':>8}{'p50 s':>8}{'p95 s':>8}{'max s':>8}")
    for (word, page), times in sorted(took.items()):
        times.sort()
        middle, high = times[len(times) // 2], times[int(len(times) * 0.95)]
        print(f"{f'{word} {page}':<28}{len(times):>8}{middle:>8.2f}{high:>8.2f}{times[-1]:>8.2f}")
    print("statuses:", dict(sorted(statuses.items())))


def kept(told: list[dict]) -> None:
    """Print what was acknowledged, lost and double."""
    rows = [json.loads(line) for line in program("crisis_people.py", "told").splitlines()]
    numbers = {number for row in rows for number in row["reports"]}
    titles = Counter(row["title"] for row in rows)
    acknowledged = [one for one in told if one["acknowledged"]]
    lost = [
        one
        for one in acknowledged
        if titles[one["title"]] == 0 or (one["kind"] != "page" and not set(one["acknowledged"]) <= numbers)
    ]
    double = sum(count - 1 for count in titles.values())
    unheard = len(told) - len(acknowledged)
    print(f"acknowledged {len(acknowledged)}, lost {len(lost)}, double {double}, gave up {unheard}")


def why(told: list[dict]) -> None:
    """Print why requests had no answer, and what the last answer was of whoever gave up."""
    print("without answer:", dict(Counter(one for reporter in told for one in reporter["broken"]).most_common()))
    last = Counter(
        f"{one['kind']} {one['seen'][-1][0]} {one['seen'][-1][2]}" for one in told if not one["acknowledged"]
    )
    print("last answer of whoever gave up:", dict(last.most_common()))


def spent(running: System, before: dict, after: dict, reports: int) -> None:
    each = {name: after[name] - before[name] for name in after}
    print("CPU s:", ", ".join(f"{name} {seconds:.1f}" for name, seconds in each.items()))
    print(f"CPU per report: web {each['web'] / max(1, reports) * 1000:.0f} ms,", end=" ")
    print(f"database {each['database'] / max(1, reports) * 1000:.0f} ms")
    driver = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"load driver and set-up: {driver.ru_utime + driver.ru_stime:.1f} s")
    web = psutil.Process(running.children["web"].pid)
    held = sum(one.memory_info().rss for one in [web, *web.children(recursive=True)])
    print(f"memory of web: {held / 2**20:.0f} MiB")


if __name__ == "__main__":
    main()
