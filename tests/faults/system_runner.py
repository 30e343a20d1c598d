"""Processes of the system that a test kills: the real web server and worker, paused at a named moment.

The pauses and the unsafe orders are put around the product's functions from outside, in this process only; the product
has no hook for them. Orders of folding: `product`; `early` (the batch says folded before its findings are in), a
control, and `late` (the findings are in before the batch says so), which a fold survives. `hasty` answers before the
file is on disk.
"""

import contextlib
import hashlib
import json
import os
import select
import signal
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dijkwacht.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connections  # noqa: E402

from dijkwacht.api import idempotency  # noqa: E402
from dijkwacht.kernel import actor as actors  # noqa: E402
from dijkwacht.platform import tenancy  # noqa: E402
from dijkwacht.platform.accounts import tokens  # noqa: E402
from dijkwacht.platform.accounts.models import User  # noqa: E402
from dijkwacht.platform.outbox import delivery  # noqa: E402
from dijkwacht.platform.receipts import Signer, canonical, verify  # noqa: E402
from dijkwacht.platform.storage import Kept, Store  # noqa: E402
from dijkwacht.platform.supervisor import cli, jobs  # noqa: E402
from dijkwacht.rooms.notification import composing, intake, pipeline, reading  # noqa: E402
from dijkwacht.rooms.notification.models import Batch  # noqa: E402
from dijkwacht.rooms.registry.models import Organisation  # noqa: E402
from dijkwacht.rooms.reporting.actions import filing  # noqa: E402
from dijkwacht.rooms.reporting.models import Incident, Report  # noqa: E402

MARKS = os.environ.get("FAULT_MARKS", "")
POINT = os.environ.get("FAULT_POINT", "")
ORDER = os.environ.get("FAULT_ORDER", "product")


def reach(point: str) -> None:
    """Called at each moment; at the chosen one it leaves a mark and waits for the end of the process."""
    if MARKS and point == POINT:
        (Path(MARKS) / f"{point}-{time.monotonic_ns()}").touch()
        time.sleep(120)


def before(module, name: str, point: str, *, from_call: int = 1) -> None:
    """Reach `point` before each call of a function, from the given call on."""
    inner, calls = getattr(module, name), []

    def wrapped(*arguments, **named):
        calls.append(1)
        if len(calls) >= from_call:
            reach(point)
        return inner(*arguments, **named)

    setattr(module, name, wrapped)


def after(module, name: str, point: str) -> None:
    inner = getattr(module, name)

    def wrapped(*arguments, **named):
        result = inner(*arguments, **named)
        reach(point)
        return result

    setattr(module, name, wrapped)


def watch_web() -> None:
    keep = Store.keep

    def kept(self, chunks, *, limit):
        def slowly():
            for chunk in chunks:
                yield chunk
                reach("uploading")

        result = keep(self, slowly(), limit=limit)
        reach("kept")
        return result

    Store.keep = kept
    after(intake, "_start", "asked")
    after(filing, "_follow", "filed")
    answer = tenancy.TransactionMiddleware.__call__

    def answered(self, request):
        response = answer(self, request)
        if request.method == "POST":
            reach("committed")
        return response

    tenancy.TransactionMiddleware.__call__ = answered


def watch_worker() -> None:
    composing.ORGANISATIONS_AT_ONCE = 3
    after(reading, "_count", "reading")
    after(pipeline, "fold", "folded")
    before(pipeline, "_tell", "counted")
    before(composing, "_compose_chunk", "chunk", from_call=2)
    after(composing, "compose", "composed")
    after(delivery.Sender, "_claim", "doubt")
    before(delivery.Sender, "_mark", "answered")


def fold_early() -> None:
    """The control that loses: the state is committed before the findings."""
    inner = pipeline._read_and_fold

    def early(batch):
        with tenancy.acting(pipeline.PIPELINE):
            Batch.objects.filter(pk=batch.pk).update(state=Batch.State.FOLDED)
        reach("between")
        with tenancy.acting(pipeline.PIPELINE):
            Batch.objects.filter(pk=batch.pk).update(state=Batch.State.RECEIVED)
        inner(batch)

    pipeline._read_and_fold = early


def fold_late() -> None:
    """The findings are committed before the state: the batch is folded again, and each sighting comes again."""
    fold = pipeline.fold

    def late(rows, *, batch, actor):
        counts = []

        def commit():
            with tenancy.acting(pipeline.PIPELINE):
                counts.append(fold(rows, batch=batch, actor=actor))
            connections.close_all()

        thread = threading.Thread(target=commit)
        thread.start()
        thread.join()
        reach("between")
        return counts[0]

    pipeline.fold = late


def keep_hastily() -> None:
    """The control that loses an acknowledged file: its bytes are written a little later."""
    keep = Store.keep

    def hasty(self, chunks, *, limit):
        content = b"".join(chunks)
        threading.Timer(30, keep, (self, [content]), {"limit": limit}).start()
        digest = hashlib.sha256(content).hexdigest()
        return Kept(digest, len(content), self.path(digest))

    Store.keep = hasty


def token() -> None:
    with tenancy.acting(actors.system("faults")) as actor:
        user = User.objects.create_user("faults@centre.example")
        made = tokens.create(
            actor=actor,
            name="faults",
            scopes=["ingest:write"],
            lifetime=timedelta(days=1),
            created_by=user.id,
            centre_role=actors.CentreRole.OFFICER,
        )
    print(json.dumps(made[1]))


def killing(queues: list[str]) -> None:
    """For each point that is written to our input: fork a worker, kill it there, answer whether it came there."""
    connections.close_all()
    for line in sys.stdin:
        print(json.dumps(killed(line.strip(), queues)), flush=True)


def killed(point: str, queues: list[str]) -> bool:
    hear, tell = os.pipe()
    child = os.fork()
    if child == 0:
        globals()["reach"] = lambda at: (os.write(tell, b"!"), time.sleep(120)) if at == point else None
        jobs.work(concurrency=1, queues=queues)
        os._exit(0)
    os.close(tell)
    reached = bool(select.select([hear], [], [], 30)[0]) and os.read(hear, 1) == b"!"
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(hear)
    return reached


def slow_worker(queues: list[str], pause: float) -> None:
    """Work, with a pause and a mark at each moment."""

    def slowly(point: str) -> None:
        with (Path(MARKS) / "slow").open("a") as marks:
            marks.write(f"{point}\n")
        time.sleep(pause)

    globals()["reach"] = slowly
    jobs.work(concurrency=2, queues=queues)


def forget_answers() -> None:
    """The control that files twice: the answer to a key is not kept."""
    idempotency.keep = lambda _request, _response: None


def reporters(count: int) -> None:
    """Make a token for each of the first organisations and print them as {organisation: token}."""
    with tenancy.acting(actors.system("faults")) as actor:
        user = User.objects.create_user("reporter@faults.example", "not signed in by this")
        whose = Organisation.objects.order_by("id").values_list("id", flat=True)[:count]
        how = {"scopes": ["reports:write"], "lifetime": timedelta(days=1), "created_by": user.id}
        made = {str(one): tokens.create(actor=actor, name="faults", organisation=one, **how)[1] for one in list(whose)}
    print(json.dumps(made))


def reported() -> None:
    """Print of each incident its title, the numbers of its reports, and whether their receipts and hashes hold."""
    verifier = Signer.of(settings.HOME).verifier
    with tenancy.acting(actors.system("faults")):
        for row in Incident.objects.all():
            reports = list(Report.objects.filter(incident=row))
            holds = [
                verify(one.receipt, verifier)["content_sha256"]
                == hashlib.sha256(canonical(one.content)).hexdigest()
                == one.sha256
                for one in reports
            ]
            numbers = [one.number for one in reports]
            print(json.dumps({"title": row.title, "numbers": numbers, "hold": bool(holds) and all(holds)}))


# The web server's own child imports this file anew: what is wrapped is wrapped on import.
watch_web()
watch_worker()
{"product": lambda: None, "early": fold_early, "late": fold_late, "hasty": keep_hastily, "forgetful": forget_answers}[
    ORDER
]()

if __name__ == "__main__":
    command, *rest = sys.argv[1:]
    if command == "token":
        token()
    elif command == "web":
        cli.web.main(["--port", rest[0]])
    elif command == "reporters":
        reporters(int(rest[0]))
    elif command == "reported":
        reported()
    elif command == "killing":
        killing(rest)
    else:
        slow_worker(rest[1:], float(rest[0]))
