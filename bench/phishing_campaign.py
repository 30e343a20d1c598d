"""What a campaign of 100,000 mails costs: one analysis, and so many links to it, against a real database.

    python bench/phishing_campaign.py [--mails 100000]

Mails that were read already are put with their campaign, a hundred in a transaction as the worker does, each with a
reporter of its own, half of them verified. First mails that are equal but for who got them, all of one exact key; then
mails that are only alike (another few words and another link on the same site each), all of different keys. Prints the
CPU milliseconds of a mail, ours and the database's, for the first and the last tenth; then what judging costs with all
of them, telling a verdict, and letting the reputation of all reporters hear of it.
"""

import argparse
import os
import random
import sys
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.system import System, system

HOST = "pakket-betaalt.example"


def read_of(number: int, *, alike: bool) -> Any:
    """Give a mail as it is after reading and scrubbing, with its report."""
    from django.utils import timezone

    from dijkwacht.mails.reading import Link, Mail
    from dijkwacht.mails.sketch import key_of, sketch_of
    from dijkwacht.rooms.phishing.campaigns.gathering import Read
    from dijkwacht.rooms.phishing.campaigns.models import Report

    words, path = [f"woord{place}" for place in random.Random(1).sample(range(10_000), 200)], "nl"
    if alike:
        chance = random.Random(number)
        start = chance.randrange(180)
        words[start : start + 10] = [f"ander{chance.randrange(10**6)}" for _ in range(10)]
        path = f"p/x{chance.randrange(26**4)}"
    url = f"https://{'anders' if alike else 'gelijk'}.{HOST}/{path}"
    link = Link(url, f"{'anders' if alike else 'gelijk'}.{HOST}", url, url, "link", 0, "Betaal")
    mail = Mail(
        "fast",
        subject="Uw pakket wacht",
        senders=["PostNL <info@pakket.example>"],
        links=[link],
        words=len(words),
        text_key=key_of(words),
        sketch=sketch_of(words),
    )
    report = Report(
        id=uuid.uuid4(),
        vault=f"{number:064x}",
        door="smtp",
        source=f"source-{alike}-{number}",
        verified=number % 2 == 0,
        network=f"network-{number % 5_000}",
        received_at=timezone.now(),
    )
    return Read(mail, report)


class Spent:
    """CPU seconds of this process and of the database since it was made."""

    def __init__(self, running: System) -> None:
        self.running = running
        self.own, self.theirs, self.wall = time.process_time(), running.database_cpu(), time.perf_counter()

    def so_far(self) -> tuple[float, float, float]:
        """Give ours, the database's, and the wall's."""
        return (
            time.process_time() - self.own,
            self.running.database_cpu() - self.theirs,
            time.perf_counter() - self.wall,
        )


def taken(running: System, mails: int, *, alike: bool) -> None:
    """Put mails with their campaign; say what one costs at the beginning and at the end."""
    from dijkwacht.platform import tenancy
    from dijkwacht.rooms.phishing.answers import awaiting
    from dijkwacht.rooms.phishing.campaigns import gathering
    from dijkwacht.rooms.phishing.intake.reading import READER

    tenth, lines = mails // 10, []
    for part in range(10):
        batches = [
            [read_of(number, alike=alike) for number in range(start, start + 100)]
            for start in range(part * tenth, (part + 1) * tenth, 100)
        ]
        spent = Spent(running)
        for batch in batches:
            with tenancy.acting(READER):
                gathering.take(actor=READER, read=batch)
                awaiting.keep(
                    [
                        awaiting.Waiting(
                            one.report,
                            f"b{number}@x.example",
                            "b@x.example",
                            b"",
                            proven=True,
                            forwarded=True,
                            language="nl",
                        )
                        for number, one in enumerate(batch)
                    ]
                )
        lines.append([seconds / tenth * 1000 for seconds in spent.so_far()])
    for name, (own, theirs, wall) in (("first tenth", lines[0]), ("last tenth", lines[-1])):
        what = "alike" if alike else "equal"
        print(f"{what:<6} {name:<12} {own:>6.2f} ms ours, {theirs:>6.2f} ms database, {wall:>6.2f} ms wall, a mail")


def told(running: System, name: str, do: Callable[[], Any]) -> None:
    spent = Spent(running)
    found = do()
    own, theirs, wall = spent.so_far()
    print(f"{name:<44} {own:>6.2f} s ours, {theirs:>6.2f} s database, {wall:>6.2f} s wall  {found or ''}")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--mails", type=int, default=100_000)
    given = options.parse_args()
    with system(1) as running:
        os.environ["DJANGO_SETTINGS_MODULE"] = "dijkwacht.settings"
        import django

        django.setup()
        from django.utils import timezone

        from dijkwacht.platform import tenancy
        from dijkwacht.rooms.phishing.answers import actions as answers
        from dijkwacht.rooms.phishing.campaigns.models import Campaign
        from dijkwacht.rooms.phishing.deciding import actions as deciding
        from dijkwacht.rooms.phishing.deciding import reputations
        from dijkwacht.rooms.phishing.deciding.tasks import MACHINE

        print(f"load {Path('/proc/loadavg').read_text().split()[0]}; {given.mails:,} mails each")
        for alike in (False, True):
            taken(running, given.mails, alike=alike)
        with tenancy.acting(MACHINE):
            found = [*Campaign.objects.order_by("-mails")]
            print(f"campaigns, each one analysis: {[(one.mails, one.variants.count()) for one in found]}")
            one = found[0]
            told(running, "judge", lambda: deciding.judge(actor=MACHINE, campaign=one.id).verdict)
            told(running, "judge again", lambda: deciding.judge(actor=MACHINE, campaign=one.id).verdict)
        with tenancy.acting(answers.POSTMAN) as actor:
            told(
                running,
                "a verdict came",
                lambda: answers.verdict_came(actor=actor, campaign=one.id, after="phishing"),
            )
        with tenancy.acting(MACHINE):
            told(running, "reputation", lambda: reputations.tell(one, timezone.now(), confirmed=1, refuted=0))
        with tenancy.acting(answers.POSTMAN) as actor:
            told(running, "answers, the first 500", lambda: answers.tell_due(actor=actor))


if __name__ == "__main__":
    main()
