"""A delivery worker that a test kills: the real sender, paused at a named moment of a hand-over.

The pauses are put around the sender's functions from outside, in this process only; the product has no hook for them.
Orders: `doubt` is the product's; `after` (mark after sending) and `before` (mark before sending) are the controls.
"""

import json
import os
import random
import select
import signal
import smtplib
import sys
import time
from collections import Counter
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dijkwacht.settings")
django.setup()

import psycopg  # noqa: E402
import structlog  # noqa: E402
from django.conf import settings  # noqa: E402
from django.db import InterfaceError, OperationalError, connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from dijkwacht.kernel.actor import system  # noqa: E402
from dijkwacht.platform import tenancy  # noqa: E402
from dijkwacht.platform.database import roles  # noqa: E402
from dijkwacht.platform.outbox import actions, channels, compose, delivery, smtp  # noqa: E402
from dijkwacht.platform.outbox.models import Message, State  # noqa: E402

POINTS = ("claimed", "envelope", "half", "dot", "answered")
ACTOR = system("faults")


class MarkAfter(delivery.Sender):
    """The control that duplicates: the row says new until the relay has answered."""

    def step(self, ready):
        with tenancy.acting(ACTOR):
            due = Message.objects.filter(state=State.NEW).order_by("created_at")
            message = due.select_for_update(skip_locked=True).first()
            if message is None:
                return False
            reach("claimed")
            self.carriers.hand_over(message, time.monotonic() + self.seconds)
            message.state, message.sent_at = State.SENT, timezone.now()
            message.save()
        return True


class MarkBefore(delivery.Sender):
    """The control that loses: the row says sent before the relay was asked."""

    def step(self, ready):
        with tenancy.acting(ACTOR):
            due = Message.objects.filter(state=State.NEW).order_by("created_at")
            message = due.select_for_update(skip_locked=True).first()
            if message is None:
                return False
            message.state, message.sent_at = State.SENT, timezone.now()
            message.save()
        reach("claimed")
        self.carriers.hand_over(message, time.monotonic() + self.seconds)
        return True


interruptions: Counter[str] = Counter()  # how often the database went away under the sender
ORDERS = {"doubt": delivery.Sender, "after": MarkAfter, "before": MarkBefore}


def reach(point: str) -> None:
    """Called at each moment of a hand-over; replaced in a child that is to be killed."""


def pause_at(chosen: str, tell: int) -> None:
    """Make this process report the moment `chosen` and wait there for its end."""

    def reached(point: str) -> None:
        if point == chosen:
            os.write(tell, b"!")
            time.sleep(60)

    globals()["reach"] = reached


def watch() -> None:
    """Wrap the hand-over so that `reach` is called at each of its moments."""
    claim, rcpt, send, verdict = (
        delivery.Sender._claim,
        smtplib.SMTP.rcpt,
        smtplib.SMTP.send,
        smtp.Session._verdict,
    )

    def claimed(self, ready):
        message = claim(self, ready)
        if message is not None:
            reach("claimed")
        return message

    def enveloped(self, recip, options=()):
        answer = rcpt(self, recip, options)
        reach("envelope")
        return answer

    def sent(self, text):
        if isinstance(text, bytes) and text.endswith(b"\r\n.\r\n"):
            send(self, text[: len(text) // 2])
            reach("half")
            send(self, text[len(text) // 2 :])
            reach("dot")
        else:
            send(self, text)

    def judged(self, code, text, *, handed):
        reach("answered")
        return verdict(self, code, text, handed=handed)

    insist = delivery.Sender._insist

    def insisted(self, change):
        def counted():
            try:
                change()
            except (OperationalError, InterfaceError):
                interruptions["marking"] += 1
                raise

        insist(self, counted)

    delivery.Sender._insist = insisted
    delivery.Sender._claim, smtplib.SMTP.rcpt = claimed, enveloped
    smtplib.SMTP.send, smtp.Session._verdict = sent, judged


def sender(order: str) -> delivery.Sender:
    return ORDERS[order](carriers=channels.carriers(), relay_log=channels.relay_log())


def enqueue(count: int) -> None:
    with transaction.atomic():
        for number in range(count):
            payload = compose.mail(
                sender=settings.MAIL_FROM,
                recipient="it@bakker.example",
                subject=f"Notice {number}",
                text="There is an open port.\n" * 200,
                message_id=compose.new_message_id(),
            )
            actions.enqueue(
                actor=ACTOR,
                channel="mail",
                organisation=None,
                recipient="it@bakker.example",
                payload=payload,
                dedupe_key=f"{time.time_ns()} {number}",
            )
    print(json.dumps({"enqueued": count}))


def kill(order: str, rounds: int, seed: int) -> None:
    """Start a sender, wait until it is at a chosen moment, SIGKILL it; `rounds` times. Prints what was hit."""
    chance, hits, in_flight = random.Random(seed), Counter(), 0
    with psycopg.connect(**roles.libpq(connection.settings_dict), autocommit=True) as eye:
        eye.execute("select set_config('dijkwacht.scope', 'centre', false)")
        for _ in range(rounds):
            began = eye.execute("select clock_timestamp()").fetchone()[0]
            point = chance.choice(POINTS)
            if killed(order, point, chance.uniform(0, 0.004)):
                hits[point] += 1
                in_flight += doubts(eye, began)
    print(json.dumps({"hits": hits, "in_flight": in_flight}))


def doubts(eye, began) -> bool:
    """True when a hand-over that began after `began` was cut off: the hit was in flight."""
    query = "select exists (select from outbox_message where state = 'doubt' and doubt_at >= %s)"
    return eye.execute(query, [began]).fetchone()[0]


def killed(order: str, point: str, delay: float) -> bool:
    """Fork a sender from this prepared process and kill it at `point`; False when it never came there."""
    hear, tell = os.pipe()
    child = os.fork()
    if child == 0:
        pause_at(point, tell)
        sender(order).drain(budget=20)
        os._exit(0)
    os.close(tell)
    reached = bool(select.select([hear], [], [], 20)[0]) and os.read(hear, 1) == b"!"
    time.sleep(delay)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(hear)
    return reached


def drain(order: str, seconds: float, slow: float, *, stay: bool = False) -> None:
    """Work until nothing is left to send, as the job queue would: again after an error, again when something is due.

    Whoever stays waits for more until the file `finish` is there.
    """
    finish = Path(settings.HOME) / "finish"
    if slow:
        globals()["reach"] = lambda point: time.sleep(slow) if point == "dot" else None
    stop, left = time.monotonic() + seconds, 1
    while (left or (stay and not finish.exists())) and time.monotonic() < stop:
        try:
            sender(order).drain(budget=5)
            with tenancy.acting(ACTOR):
                left = Message.objects.filter(state__in=[State.NEW, State.DOUBT]).count()
        except (OperationalError, InterfaceError):
            interruptions["otherwise"] += 1
            connection.close()
        time.sleep(0.1)
    print(json.dumps({"left": left, "interruptions": sum(interruptions.values())}))


if __name__ == "__main__":
    # Standard output is a pipe with the result alone: nobody reads it before the end, and a full pipe stops a worker.
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    watch()
    command, *rest = sys.argv[1:]
    if command == "enqueue":
        enqueue(int(rest[0]))
    elif command == "kill":
        kill(rest[0], int(rest[1]), int(rest[2]))
    else:
        drain(rest[0], float(rest[1]), float(rest[2]), stay=command == "stay")
