"""How long a search takes with many documents: run beside a system that is up, with the same DIJKWACHT_HOME.

Documents are made of sentences of the measures in chance order, half Dutch, half English; they go again afterwards.
    DIJKWACHT_HOME=/tmp/x python bench/knowledge_search.py 20000
"""

import os
import random
import statistics
import sys
import time
from collections.abc import Iterator

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dijkwacht.settings")

import django

django.setup()

from django.utils import timezone  # noqa: E402

from dijkwacht.kernel.actor import ANONYMOUS, system  # noqa: E402
from dijkwacht.platform import tenancy  # noqa: E402
from dijkwacht.rooms.knowledge import library, markdown  # noqa: E402
from dijkwacht.rooms.knowledge.searching import actions, reads  # noqa: E402
from dijkwacht.rooms.knowledge.searching.sources import Found  # noqa: E402

BENCH = system("bench")
ROUNDS = 20
QUESTIONS = (
    "mfa",
    "update",
    "multifator",
    "wachtwoordmanger",
    "back-up terugzetten",
    "ransomware leverancier",
    "how do I stop phishing",
    "CVE-2026-01234",
    "kwetsbarheid waterkoker",
    "netwerk",
    "nothing like this exists",
)


def documents(count: int) -> Iterator[Found]:
    chance = random.Random(6)
    known = [library.measure(slug, text) for slug, text in library.texts(library.MEASURES).items()]
    lines = {
        code: [
            line
            for one in known
            for text in [one.text(code)]
            for line in markdown.plain("\n\n".join([text.body, *dict.fromkeys(text.steps.values())])).split("\n")
        ]
        for code in ("nl", "en")
    }
    for number in range(count):
        code = "nl" if number % 2 else "en"
        body = " ".join(chance.choices(lines[code], k=25))
        yield Found(
            key=f"bench-{number}",
            language=code,
            title=f"{chance.choice(lines[code])[:80]} {number}",
            summary=body[:200],
            body=body,
            url="/x",
            published_at=timezone.now(),
            keywords=f"CVE-2026-{number:05}",
        )


def main(count: int) -> None:
    begun = time.perf_counter()
    with tenancy.acting(BENCH):
        actions.keep_up(actor=BENCH, room="bench", documents=documents(count))
    print(f"{count} documents put in: {time.perf_counter() - begun:.1f} s")
    print(f"{'question':28} {'hits':>4} {'median ms':>10} {'worst ms':>9}")
    whole = []
    for words in QUESTIONS:
        took = []
        for _ in range(ROUNDS):
            with tenancy.acting(ANONYMOUS):
                begun = time.perf_counter()
                answer = reads.search(words, language="nl")
                took.append((time.perf_counter() - begun) * 1000)
        whole += took
        print(f"{words:28} {len(answer.hits):4} {statistics.median(took):10.1f} {max(took):9.1f}")
    whole.sort()
    print(f"all: median {statistics.median(whole):.1f} ms, 95 % under {whole[int(len(whole) * 0.95)]:.1f} ms")
    with tenancy.acting(BENCH):
        actions.keep_up(actor=BENCH, room="bench", documents=[])


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
