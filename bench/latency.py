"""A batch of 1,000 rows arrives by API: how long until its notices are in the outbox?

    python bench/latency.py [--organisations 100000] [--rows 1000] [--rounds 5]

Prints per round the seconds from the first byte sent to the batch's end, when its last notice is in the outbox, and the
CPU seconds that web, worker and database spent meanwhile. Every organisation holds ten assets; the rows of a round go
to as many different organisations as there are rows, and each round is a report of another type: of one text the storm
brake lets 2,000 out in an hour. The aim is 2 s on a machine of two cores that does nothing else.
The lines "register" say how long it takes until the index of the register is ready, which is made beside the batches:
of the whole register at first, and after one asset of it changed. "behind" is a batch that comes in just after such a
change: it does not wait for the index, unless the change matters to it.
"""

import argparse
import json
import os
import random
import time
import urllib.request
from datetime import UTC, timedelta

from system import System, system

HEADER = "timestamp,severity,ip,protocol,port,hostname,tag,asn,geo,region,city,naics,hostname_source,sector"
AT_REST = 0.1  # seconds of CPU in a second of a process that only waits
SUMMED = (("web",), ("worker", "teller"), ("database",))
ROLES = (
    "web --port {port}",
    "worker --queue=ingest",
    "teller: worker --queue=notices",
    "sender: worker --queue=outbox",
    "scheduler",
    "mailbox",
)


TYPES = ("scan_http", "scan_ssh", "scan_ftp", "scan_rdp", "scan_telnet", "scan_vnc", "scan_smb", "scan_mysql")


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


def wait(database: "object", batch: str) -> str:
    """Wait for the end of a batch; give its state."""
    while True:
        row = database.execute("select state from notification_batch where id = %s", [batch]).fetchone()
        if row[0] not in {"received", "folded"}:
            return row[0]
        time.sleep(0.02)


def messages(database: "object") -> int:
    """How many messages the outbox ever held; what the storm brake holds back is not among them."""
    return database.execute("select count(*) from outbox_message").fetchone()[0]


def settle(running: System, database: "object") -> None:
    """Wait until the mails of the round before have left and the workers, new ones too, have made themselves ready.

    So each round has the machine to itself, and none measures the start of a process.
    """
    while database.execute("select 1 from outbox_message where state in ('new', 'doubt') limit 1").fetchone():
        time.sleep(0.2)
    busy = True
    while busy:
        before = running.cpu()
        time.sleep(1)
        busy = any(used - before[name] > AT_REST for name, used in running.cpu().items())


def spent(running: System, before: dict[str, float]) -> str:
    """The CPU seconds of web, workers and database since `before`."""
    after = running.cpu()
    web, worker, database = (sum(after[name] - before[name] for name in names) for names in SUMMED)
    return f"{web:>8.2f} {worker:>7.2f} {database:>9.2f}"


def change(database: "object", asset: int) -> None:
    """Let one asset of the register not count any more."""
    database.execute("update registry_asset set expires_at = now() - interval '1 day' where id = %s", [asset])


def index_ready(running: System, database: "object") -> None:
    """Wait for the index of the register as it is now, and say what it cost."""
    before, start = running.cpu(), time.perf_counter()
    number, changed = database.execute("select number, changed_at from registry_registryversion").fetchone()
    mark = running.home / "index" / f"registry-{number}-{changed.astimezone(UTC):%Y%m%dT%H%M%S%f}"
    while not mark.exists():
        time.sleep(0.05)
    print(f"register {time.perf_counter() - start:>6.2f} {'':>16} {spent(running, before)}")


def batch(running: System, database: "object", bearer: str, name: str, report_type: str, body: bytes) -> None:
    """Hand one batch in, wait for its end, and print its line."""
    settle(running, database)
    known, before, start = messages(database), running.cpu(), time.perf_counter()
    handed = hand_in(running, bearer, body, f"2026-11-21-{report_type}-{name}.csv")
    accepted = time.perf_counter() - start
    state = wait(database, handed)
    seconds = time.perf_counter() - start
    told = messages(database) - known
    print(f"{name:>8} {seconds:>6.2f} {accepted:>7.2f} {told:>8} {spent(running, before)}  {state}", flush=True)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--organisations", type=int, default=100_000)
    options.add_argument("--rows", type=int, default=1_000)
    options.add_argument("--rounds", type=int, default=5)
    given = options.parse_args()
    with system(given.organisations, *ROLES) as running, running.superuser() as database:
        bearer = token()
        print(f"{'round':>8} {'s':>6} {'202 at':>7} {'outbox':>8} {'CPU web':>8} {'worker':>7} {'database':>9}")
        index_ready(running, database)
        for number in range(given.rounds):
            body = report(given.rows, given.organisations, number)
            batch(running, database, bearer, str(number + 1), TYPES[number % len(TYPES)], body)
        change(database, 1)
        index_ready(running, database)
        settle(running, database)
        change(database, 2)
        body = report(given.rows, given.organisations, given.rounds)
        batch(running, database, bearer, "behind", "scan_rsync", body)


if __name__ == "__main__":
    main()
