"""Reporters that send until they are answered, each report with its own key, to a machine that is being killed."""

import contextlib
import http.client
import json
import subprocess
import sys
import threading
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from queue import Empty, Queue

from tests.faults.machine import RUNNER, Machine

PATH = "/api/v1/incidents/reports"
AGAIN = {0, 429, 500, 502, 503}  # nothing, or nothing yet: the same report goes again with the same key
JSON = {"Content-Type": "application/json"}
IN_PROGRESS = 409  # a request that died with its answer still holds its key for a moment


class Reporters:
    """`acknowledged`: the numbers of each report by its title; `unheard`: requests cut off."""

    def __init__(self, machine: Machine, organisations: int = 20) -> None:
        self.machine = machine
        told = subprocess.check_output(
            [sys.executable, RUNNER, "reporters", str(organisations)], env=machine.environment
        )
        self.tokens = list(json.loads(told).items())
        self.acknowledged: dict[str, list[str]] = {}
        self.unheard = 0
        self.titles = 0
        self._stopped = threading.Event()

    def new(self) -> str:
        self.titles += 1
        return f"Report {self.titles}"

    def send(self, title: str) -> int:
        """Send a report once; give the status, 0 for no answer."""
        # In turn: two reports of one organisation wait for each other, and those at once must not.
        organisation, token = self.tokens[int(title.rpartition(" ")[2]) % len(self.tokens)]
        headers = {
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
            "Idempotency-Key": key(title),
        }
        connection = http.client.HTTPConnection("127.0.0.1", self.machine.web_port, timeout=30)
        try:
            connection.connect()
        except OSError:  # nobody listens just now
            return 0
        try:
            with contextlib.closing(connection):
                connection.request("POST", PATH, body(organisation, title), {**headers, **JSON})
                answer = connection.getresponse()
                content = answer.read()
        except (OSError, http.client.HTTPException):
            self.unheard += 1
            return 0
        if answer.status == 201:
            try:
                told = json.loads(content)
            except ValueError:  # killed between the first line of the answer and its body: nothing was acknowledged
                self.unheard += 1
                return 0
            self.acknowledged[title] = [one["number"] for one in told["reports"]]
        return answer.status

    def insist(self, title: str) -> int:
        """Send until it is answered; give the last status."""
        while (status := self.send(title)) in AGAIN | {IN_PROGRESS} and not self._stopped.is_set():
            time.sleep(0.2)
        return status

    def stop(self) -> None:
        self._stopped.set()

    def send_at_once(self, titles: list[str]) -> list[threading.Thread]:
        threads = [threading.Thread(target=self.send, args=[title]) for title in titles]
        for thread in threads:
            thread.start()
        return threads

    def insist_on(self, titles: list[str], at_once: int) -> list[threading.Thread]:
        """Begin to send all of them, some at the same time, each until it is answered."""
        waiting: Queue[str] = Queue()
        for title in titles:
            waiting.put(title)

        def work() -> None:
            with contextlib.suppress(Empty):
                while not self._stopped.is_set():
                    self.insist(waiting.get_nowait())

        threads = [threading.Thread(target=work) for _ in range(at_once)]
        for thread in threads:
            thread.start()
        return threads

    def kept(self) -> "Kept":
        told = subprocess.check_output([sys.executable, RUNNER, "reported"], env=self.machine.environment, text=True)
        return Kept([json.loads(line) for line in told.splitlines()], self.acknowledged)


class Kept:
    """What the system holds, beside what was acknowledged."""

    def __init__(self, rows: list[dict], acknowledged: dict[str, list[str]]) -> None:
        numbers = {row["title"]: set(row["numbers"]) for row in rows}
        titles = Counter(row["title"] for row in rows)
        self.reports = len(rows)
        self.lost = [one for one, told in acknowledged.items() if not set(told) <= numbers.get(one, set())]
        self.double = [title for title, count in titles.items() if count > 1]
        self.broken = [row["title"] for row in rows if not row["hold"]]


def key(title: str) -> str:
    return title.replace(" ", "-")


def body(organisation: str, title: str) -> bytes:
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)  # the same bytes when it is sent again
    facts = {
        "kind": "incident",
        "significant": True,
        "title": title,
        "occurrence": (now - timedelta(days=1, hours=3)).strftime("%Y-%m-%dT00:00:00Z"),
        "awareness": (now - timedelta(days=1)).strftime("%Y-%m-%dT00:00:00Z"),
        "suspected_malicious": True,
        "cross_border": False,
        "contact_name": "Nora",
        "contact_email": f"{key(title).lower()}@contact.example",
        "contact_phone": "+31 20 623 0101",
    }
    return json.dumps({"organisation": organisation, "stage": "early-warning", "facts": facts}).encode()
