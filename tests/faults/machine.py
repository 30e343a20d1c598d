"""A machine of its own for a test that kills: home, database, registry, and the processes of the whole system."""

import contextlib
import hashlib
import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
from tests.ports import free_port

from dijkwacht.platform.database.embedded import EmbeddedServer
from dijkwacht.platform.database.urls import DATABASE, socket_folder

RUNNER = Path(__file__).with_name("system_runner.py")
HEADER = "timestamp,severity,ip,protocol,port,hostname,tag,asn,geo,region,city,naics,hostname_source,sector"
MEMBERS = 6  # organisations a file is about
REGISTRY = """
insert into registry_organisation (id, name, country, kind, classification, sectors, language, demo, active, source,
    created_at, updated_at, addresses, arrangements, declaration, emails, entity_types, foreign_number,
    foreign_register, member_states, phones)
select md5('o' || n)::uuid, 'Organisation ' || n, 'NL', 'organisation', 'important', '["1.8"]', 'nl', true, true,
    'faults', now(), now(), '[]', '[]', 'none', '[]', '[]', '', '', '[]', '[]' from generate_series(1, {count}) n;
insert into registry_contact (id, organisation_id, role, name, email, phone, "order", language, channel, webhook_url,
    openpgp_key, smime_certificate, minimum_severity, rhythm, status, status_reason, optional_kinds, created_at)
select gen_random_uuid(), md5('o' || n)::uuid, 'security', '', 'security@o' || n || '.example', '', 0, 'nl', 'mail',
    '', '', '', 0, 'run', 'working', '', '[]', now() from generate_series(1, {count}) n;
insert into registry_asset (uid, organisation_id, kind, value, fallback, status, method, evidence, claimed_at,
    verified_at)
select gen_random_uuid(), md5('o' || n)::uuid, 'prefix', host('11.0.0.0'::inet + n * 16) || '/28', false, 'verified',
    'faults', '', now(), now() from generate_series(1, {count}) n;
"""


@dataclass
class Machine:
    """Starts, kills and questions the system; `handed` holds every file that was handed in, by its batch if known."""

    home: Path
    organisations: int = 300
    web_port: int = field(default_factory=free_port)
    mail_port: int = field(default_factory=free_port)
    phishing_port: int = field(default_factory=free_port)
    bearer: str = ""
    files: int = 0
    handed: list[bytes] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)
    children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        inherited = {key: value for key, value in os.environ.items() if not key.startswith(("DATABASE_", "DIJKWACHT_"))}
        return inherited | {
            "DIJKWACHT_HOME": str(self.home),
            "DIJKWACHT_DEMO": "1",
            "DIJKWACHT_BASE_URL": f"http://127.0.0.1:{self.web_port}",
            "DIJKWACHT_MAILBOX_PORT": str(self.mail_port),
            "DIJKWACHT_PHISHING_PORT": str(self.phishing_port),
            "DIJKWACHT_HAND_OVER_SECONDS": "1",
            "DIJKWACHT_LOG_LEVEL": "ERROR",
            "DJANGO_SETTINGS_MODULE": "dijkwacht.settings",
            "PYTHONWARNINGS": "ignore",
        }

    @property
    def server(self) -> EmbeddedServer:
        return EmbeddedServer(self.home / "postgres")

    def prepare(self) -> None:
        (self.home / "assets").mkdir()
        (self.home / "marks").mkdir()
        subprocess.run([sys.executable, "-m", "dijkwacht", "migrate"], env=self.environment, check=True)
        with self.superuser() as database:
            database.execute(REGISTRY.format(count=self.organisations))
        self.bearer = json.loads(subprocess.check_output([sys.executable, RUNNER, "token"], env=self.environment))
        self.start("mailbox", "mailbox")
        self.start("scheduler", "scheduler")
        wait_until((self.home / "mailbox" / "accepted.jsonl").exists, 60, "the mailbox does not start")

    def superuser(self) -> "psycopg.Connection[tuple]":
        return psycopg.connect(
            host=str(socket_folder(self.home)), user="postgres", dbname=DATABASE, autocommit=True, connect_timeout=5
        )

    def rows(self, query: str, *arguments: object) -> list[tuple]:
        with self.superuser() as database:
            return database.execute(query, arguments).fetchall()

    # --- processes -------------------------------------------------------------------------------------------------

    def start(self, name: str, *arguments: str) -> None:
        """Start a command of the product."""
        self._spawn(name, [sys.executable, "-m", "dijkwacht", *arguments])

    def start_watched(self, name: str, *arguments: str, **environment: str) -> None:
        """Start a process of the runner, with FAULT_ variables."""
        marks = {"FAULT_MARKS": str(self.home / "marks")}
        self._spawn(name, [sys.executable, str(RUNNER), *arguments], marks | environment)

    def _spawn(self, name: str, command: list[str], more: dict[str, str] | None = None) -> None:
        piped = subprocess.PIPE if name.startswith("killer") else subprocess.DEVNULL
        with (self.home / f"{name}.log").open("ab") as log:
            self.children[name] = subprocess.Popen(
                command,
                env=self.environment | (more or {}),
                start_new_session=True,
                stdin=piped,
                stdout=piped,
                stderr=log,
            )

    def start_web(self, point: str = "", order: str = "product") -> None:
        self.start_watched("web", "web", str(self.web_port), FAULT_POINT=point, FAULT_ORDER=order)
        self.wait_for_web()

    def wait_for_web(self) -> None:
        try:
            wait_until(lambda: self.request("GET", "/healthz") == 200, 180, "the web server does not answer")
        except TimeoutError as error:
            raise AssertionError((self.home / "web.log").read_text()[-3000:]) from error

    def kill(self, name: str, number: signal.Signals = signal.SIGKILL) -> None:
        child = self.children.pop(name)
        os.killpg(child.pid, number)
        child.communicate()

    def restart_dead(self, *names: tuple[str, ...]) -> None:
        """What the supervisor does: start again what ended by itself."""
        for name, *arguments in names:
            if self.children[name].poll() is not None:
                self.start(name, *arguments)

    def stop(self) -> None:
        for name in list(self.children):
            self.kill(name)
        self.server.stop()

    # --- files -----------------------------------------------------------------------------------------------------

    def report(self) -> bytes:
        """A new file: for each of its organisations a finding that is in every file about it, and one in this only.

        Each has a moment of its own: what is known to its last moment counts as delivered again, not as seen again.
        """
        self.files += 1
        moment = datetime(2026, 11, 21, tzinfo=UTC) + timedelta(seconds=self.files)
        lines = [HEADER]
        for place in range(MEMBERS):
            member = (self.files * MEMBERS + place) % self.organisations + 1
            ip = ".".join(str((11 << 24) + member * 16 + 1 >> shift & 255) for shift in (24, 16, 8, 0))
            lines += [
                f'"{moment:%F %T}","high","{ip}","tcp","{port}","","http","64500","NL","","","","",""'
                for port in (80, 1000 + self.files)
            ]
        content = "\n".join(lines).encode() + b"\n"
        self.handed.append(content)
        return content

    def request(self, method: str, path: str, body: bytes | None = None) -> int:
        headers = {"Authorization": f"Bearer {self.bearer}", "Content-Type": "text/csv"} if body is not None else {}
        connection = http.client.HTTPConnection("127.0.0.1", self.web_port, timeout=30)
        try:
            with contextlib.closing(connection):
                connection.request(method, path, body, headers)
                answer = connection.getresponse()
                content = answer.read()
        except (OSError, http.client.HTTPException):
            return 0
        if answer.status == 202:
            self.acknowledged.append(json.loads(content)["batch"])
        return answer.status

    def hand_in(self) -> int:
        """Hand a new file in; give the status of the answer, 0 for none."""
        return self.send(self.report())

    def send(self, content: bytes) -> int:
        return self.request("POST", "/api/v1/batches?filename=2026-11-21-scan_http-test.csv", content)

    def hand_in_at_once(self, count: int) -> list[threading.Thread]:
        """Begin to hand in that many files at the same time."""
        threads = [threading.Thread(target=self.hand_in) for _ in range(count)]
        for thread in threads:
            thread.start()
        return threads

    def marks(self) -> int:
        return len(list((self.home / "marks").iterdir()))

    def forget_marks(self) -> None:
        for mark in (self.home / "marks").iterdir():
            mark.unlink()

    # --- what became of it -----------------------------------------------------------------------------------------

    def settled(self) -> bool:
        """Every batch has ended, and nothing waits in the outbox."""
        waiting = """select (select count(*) from notification_batch where state in ('received', 'folded'))
            + (select count(*) from outbox_message where state in ('new', 'doubt'))"""
        return self.rows(waiting) == [(0,)]

    def unfinished(self) -> set[str]:
        """The acknowledged batches that are not done."""
        done = {str(row[0]) for row in self.rows("select id from notification_batch where state = 'done'")}
        return set(self.acknowledged) - done

    def miscounted(self) -> int:
        """How many findings are counted more or less often than the files that arrived say."""
        arrived = {row[0] for row in self.rows("select sha256 from notification_batch")}
        expected: Counter[tuple[str, int]] = Counter()
        for content in self.handed:
            if digest(content) in arrived:
                for line in content.decode().splitlines()[1:]:
                    fields = line.replace('"', "").split(",")
                    expected[fields[2], int(fields[4])] += 1
        counted = Counter(
            {(ip, port): n for ip, port, n in self.rows("select address, port, count from notification_finding")}
        )
        return sum(1 for key in expected.keys() | counted.keys() if expected[key] != counted[key])

    def mails(self) -> tuple[int, int, int]:
        """How many notices there are too few or too many, how many mails were lost, how many came once too often."""
        ((batches,),) = self.rows("select count(*) from notification_batch where state = 'done'")
        ((notices,),) = self.rows("select count(*) from notification_notice")
        expected = [row[0] for row in self.rows("select message_id from outbox_message")]
        log = (self.home / "mailbox" / "accepted.jsonl").read_bytes().splitlines()
        accepted = Counter(json.loads(line)["message_id"] for line in log)
        lost = sum(1 for one in expected if not accepted[one]) + abs(notices - len(expected))
        return notices - batches * MEMBERS, lost, sum(accepted.values()) - len(accepted)

    def halves(self) -> list[str]:
        """Files in the store that are not what their name says."""
        found = [path for path in (self.home / "raw").rglob("*") if path.is_file()]
        return [path.name for path in found if path.name != digest(path.read_bytes())]


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def wait_until(ready, seconds: float, complaint: str) -> None:
    """Wait for `ready()`. Raises TimeoutError with the complaint."""
    stop = time.monotonic() + seconds
    while time.monotonic() < stop:
        if ready():
            return
        time.sleep(0.1)
    raise TimeoutError(complaint)
