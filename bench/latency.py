"""A batch of 1,000 rows arrives by API: how long until its notices are in the outbox?

    python bench/latency.py [--organisations 100000] [--rows 1000] [--rounds 5]

Prints per round the seconds from the first byte sent to the last notice in the outbox. The aim is 2 s on a quiet
machine of two cores with 100,000 organisations. Rows go to as many different organisations as there are rows.
"""

import argparse
import json
import os
import random
import time
import urllib.request

from system import superuser, system

HEADER = "timestamp,severity,ip,protocol,port,hostname,tag,asn,geo,region,city,naics,hostname_source,sector"


def report(rows: int, organisations: int, seed: int) -> bytes:
    chance = random.Random(seed)
    lines = [HEADER]
    for _ in range(rows):
        number = chance.randrange(1, organisations) * 16 + 11 * 2**24 + chance.randrange(16)
        ip = ".".join(str(number >> shift & 255) for shift in (24, 16, 8, 0))
        lines.append(f'"2026-11-21 03:00:00","high","{ip}","tcp","{chance.randrange(1, 65535)}","","http","64500","NL","","","","",""')
    return "\n".join(lines).encode() + b"\n"


def token() -> str:
    """A token of the centre with the scope to hand files in."""
    import django

    django.setup()
    from datetime import timedelta

    from dijkwacht.kernel import actor as actors
    from dijkwacht.platform import tenancy
    from dijkwacht.platform.accounts import tokens
    from dijkwacht.platform.accounts.models import User

    with tenancy.acting(actors.system("bench")) as actor:
        user = User.objects.create_user("bench@centre.example")
        role = actors.CentreRole.OFFICER
        return tokens.create(
            actor=actor, name="bench", scopes=["ingest:write"], lifetime=timedelta(days=1), created_by=user.id, centre_role=role
        )[1]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--organisations", type=int, default=100_000)
    options.add_argument("--rows", type=int, default=1_000)
    options.add_argument("--rounds", type=int, default=5)
    given = options.parse_args()
    with system(given.organisations, "web --port {port}", "worker", "scheduler") as (home, port):
        os.environ["DJANGO_SETTINGS_MODULE"] = "dijkwacht.settings"
        bearer = token()
        print(f"{'round':>6} {'seconds':>8} {'notices':>8} {'outbox':>8}")
        with superuser(home) as database:
            for number in range(given.rounds):
                body = report(given.rows, given.organisations, number)
                start = time.perf_counter()
                address = f"http://127.0.0.1:{port}/api/v1/batches?filename=2026-11-21-scan_http-{number}.csv"
                request = urllib.request.Request(address, data=body, headers={"Authorization": f"Bearer {bearer}", "Content-Type": "text/csv"})
                batch = json.load(urllib.request.urlopen(request))["batch"]
                while True:
                    state, notices = database.execute("select state, notices from notification_batch where id = %s", [batch]).fetchone()
                    if state not in {"received", "folded"}:
                        break
                    time.sleep(0.01)
                seconds = time.perf_counter() - start
                (outbox,) = database.execute("select count(*) from outbox_message").fetchone()
                print(f"{number + 1:>6} {seconds:>8.2f} {notices:>8} {outbox:>8}  {state}")


if __name__ == "__main__":
    main()
