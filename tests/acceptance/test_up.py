"""`dijkwacht up` on an empty machine: serves, stops cleanly, starts again quickly, and outlives its database."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
from tests.ports import free_port

pytestmark = pytest.mark.slow
# The promise is 10 s for a second start on a machine that does nothing else; where tests run, others work too.
START_SECONDS = 240.0
AGAIN_SECONDS = 120.0


@dataclass
class Installation:
    home: Path
    port: int
    mail_port: int

    @property
    def environment(self) -> dict[str, str]:
        inherited = {key: value for key, value in os.environ.items() if not key.startswith(("DATABASE_", "DIJKWACHT_"))}
        return inherited | {
            "DIJKWACHT_HOME": str(self.home),
            "DIJKWACHT_MAILBOX_PORT": str(self.mail_port),
            "DIJKWACHT_PHISHING_PORT": str(free_port()),
            "DJANGO_SETTINGS_MODULE": "dijkwacht.settings",
        }

    def up(self, *options: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "dijkwacht", "up", "--port", str(self.port), *options]
        with (self.home / "up.log").open("ab") as log:
            return subprocess.Popen(command, env=self.environment, stdout=log, stderr=log)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "dijkwacht", *arguments]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)

    def serves(self) -> bool:
        address = f"http://127.0.0.1:{self.port}/healthz"
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=5) as answer:
            return answer.status == 200
        return False

    def wait(self, seconds: float) -> float:
        """Wait until it serves; give the seconds."""
        start = time.monotonic()
        while not self.serves():
            assert time.monotonic() - start < seconds, (self.home / "up.log").read_text()[-3000:]
            time.sleep(0.1)
        return time.monotonic() - start

    def postmaster(self) -> int:
        return int((self.home / "postgres" / "postmaster.pid").read_text().split()[0])


def _made() -> Iterator[Installation]:
    folder = tempfile.TemporaryDirectory(prefix="dijkwacht-up-", ignore_cleanup_errors=True)
    made = Installation(Path(folder.name), free_port(), free_port())
    (made.home / "assets").mkdir()  # the packages of the pages: not what is tried here
    yield made
    folder.cleanup()


# The tests come in any order: each purpose has a home of its own, as it must have in real life.
installation = pytest.fixture(_made, scope="module", name="installation")
demo = pytest.fixture(_made, scope="module", name="demo")


@contextlib.contextmanager
def running(installation: Installation, *options: str, seconds: float) -> Iterator[subprocess.Popen[bytes]]:
    process = installation.up(*options)
    try:
        print(f"`up {' '.join(options)}` served after {installation.wait(seconds):.1f} s")
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


def everything_under(process: subprocess.Popen[bytes], installation: Installation) -> list[psutil.Process]:
    database = psutil.Process(installation.postmaster())
    return [*psutil.Process(process.pid).children(recursive=True), database, *database.children()]


def test_it_starts_on_an_empty_home_and_leaves_no_process_behind(installation):
    with running(installation, "--no-demo", seconds=START_SECONDS) as process:
        found = everything_under(process, installation)
        assert len(found) >= 6
    assert process.returncode == 0
    _, alive = psutil.wait_procs(found, timeout=5)
    assert alive == []
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", installation.port)) != 0


def test_it_starts_again_in_seconds_and_outlives_a_killed_database(installation):
    with running(installation, "--no-demo", seconds=START_SECONDS):
        os.kill(installation.postmaster(), signal.SIGKILL)
        time.sleep(0.5)
        print(f"after the database was killed it served again in {installation.wait(60):.1f} s")
        found = installation.run("outbox", "list", "--json")
        assert json.loads(found.stdout) == []


def test_a_demo_is_known_as_one_to_the_other_commands_and_stays_one(demo):
    with running(demo, seconds=START_SECONDS):
        again = demo.run("demo", "reset", "--yes", "--json")
        assert again.returncode == 0, again.stderr
        assert json.loads(again.stdout)["organisations"] > 0
        assert demo.serves()
    refused = demo.run("up", "--no-demo")
    assert refused.returncode == 2
    assert "holds a demo" in refused.stderr


def test_an_installation_for_real_use_refuses_the_demo_and_stays_for_real_use(installation):
    with running(installation, "--no-demo", seconds=START_SECONDS):
        pass
    refused = installation.run("demo", "reset", "--yes")
    assert refused.returncode == 2
    assert "real use" in refused.stderr
    assert installation.run("up", "--demo").returncode == 2
    with running(installation, seconds=AGAIN_SECONDS):  # without saying so again
        assert installation.run("demo", "load").returncode == 2
