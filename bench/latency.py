"""A batch of 1,000 rows arrives by API: how long until its notices are in the outbox?

    python bench/latency.py [--organisations 100000] [--rows 1000] [--rounds 5]

Prints per round the seconds from the first byte sent to the batch's end, when its last notice is in the outbox, and the
CPU seconds that web, worker and database spent meanwhile. Every organisation holds ten assets; the rows of a round go
to as many different organisations as there are rows. The aim is 2 s on a machine of two cores that does nothing else.
"""

import argparse
import json
import os
import random
import time
import urllib.request
from datetime import timedelta

from system import System, system

HEADER = "timestamp,severity,ip,protocol,port,hostname,tag,asn,geo,region,city,naics,hostname_source,sector"
SUMMED = (("web",), ("worker", "teller"), ("database",))
ROLES = (
    "web --port {port}",
    "worker --queue=ingest",
    "teller: worker --queue=notices",
    "sender: worker --queue=outbox",
    "scheduler",
    "mailbox",
)


def report(rows: int, organisations: int, seed: int) -> bytes:
    chance = random.Random(seed)
    lines = [HEADER]
    for member in chance.sample(range(1, organisations + 1), rows):
        number = 11 * 2**24 + member * 256 + chance.randrange(144)
        ip = ".".join(str(number >> shift & 255) for shift in (24, 16, 8, 0))
        port = chance.randrange(1, 65535)
        lines.append(f'"2026-11-21 03:00:00","high","{ip}","tcp","{port}","","http","64500","NL","","","","",""')
    return "\n".join(lines).encode() + b"\n"


def token() -> str:
    """A token of the centre with the scope to hand files in."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "dijkwacht.settings"
    django.setup()
    from dijkwacht.kernel import actor as actors
    from dijkwacht.platform import tenancy
    from dijkwacht.platform.accounts import tokens
    from dijkwacht.platform.accounts.models import User

    with tenancy.acting(actors.system("bench")) as actor:
        user = User.objects.create_user("bench@centre.example")
        return tokens.create(
            actor=actor,
            name="bench",
            scopes=["ingest:write"],
            lifetime=timedelta(days=1),
            created_by=user.id,
            centre_role=actors.CentreRole.OFFICER,
        )[1]


def hand_in(running: System, bearer: str, body: bytes, name: str) -> str:
    request = urllib.request.Request(
        f"http://127.0.0.1:{running.port}/api/v1/batches?filename={name}",
        data=body,
        headers={"Authorization": f"Bearer {bearer}", "Content-Type": "text/csv"},
    )
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        return str(json.load(answer)["batch"])


def wait(database: "object", batch: str) -> tuple[str, int]:
    """Wait for the end of a batch; give its state and how many notices it made."""
    while True:
        row = database.execute("select state, notices from notification_batch where id = %s", [batch]).fetchone()
        if row[0] not in {"received", "folded"}:
            return row
        time.sleep(0.02)


def settle(database: "object") -> None:
    """Wait until the mails of the round before have left, so that each round has the machine to itself."""
    while database.execute("select 1 from outbox_message where state in ('new', 'doubt') limit 1").fetchone():
        time.sleep(0.2)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--organisations", type=int, default=100_000)
    options.add_argument("--rows", type=int, default=1_000)
    options.add_argument("--rounds", type=int, default=5)
    given = options.parse_args()
    with system(given.organisations, *ROLES) as running, running.superuser() as database:
        bearer = token()
        print(f"{'round':>6} {'seconds':>8} {'202 at':>7} {'notices':>8} {'CPU web':>8} {'worker':>7} {'database':>9}")
        for number in range(given.rounds):
            body = report(given.rows, given.organisations, number)
            settle(database)
            before, start = running.cpu(), time.perf_counter()
            batch = hand_in(running, bearer, body, f"2026-11-21-scan_http-{number}.csv")
            accepted = time.perf_counter() - start
            state, notices = wait(database, batch)
            seconds, after = time.perf_counter() - start, running.cpu()
            spent = [sum(after[name] - before[name] for name in names) for names in SUMMED]
            print(
                f"{number + 1:>6} {seconds:>8.2f} {accepted:>7.2f} {notices:>8} {spent[0]:>8.2f} {spent[1]:>7.2f}"
                f" {spent[2]:>9.2f}  {state}"
            )


if __name__ == "__main__":
    main()
